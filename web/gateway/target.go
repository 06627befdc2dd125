package gateway

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// kind is what an endpoint stands on.
type kind string

const (
	kindMemory kind = "memory"
	kindLDAP   kind = "ldap"
	kindRelay  kind = "relay"
)

// target is one endpoint: its name and what it stands on.
type target struct {
	name string // "" for the one at /dsml
	kind kind
	url  *url.URL // of LDAP and relay
}

// path is where the endpoint is.
func (t target) path() string {
	if t.name == "" {
		return "/dsml"
	}
	return "/dsml/" + t.name
}

// label names the endpoint in logs and metrics.
func (t target) label() string {
	if t.name == "" {
		return "default"
	}
	return t.name
}

// settingError is a mistake in one setting.
type settingError struct{ setting, message string }

var endpointName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// targets lists the endpoints, that at /dsml first.
func (c *Config) targets() ([]target, *settingError) {
	first, err := parseTarget("", c.Directory)
	if err != nil {
		return nil, &settingError{"directory", err.Error()}
	}
	all := []target{first}
	taken := map[string]bool{first.label(): true}
	for _, text := range c.Endpoints {
		name, address, found := strings.Cut(text, "=")
		if !found || address == "" {
			return nil, &settingError{"endpoint", fmt.Sprintf("%q has no address; write NAME=ADDRESS, such as corp=ldaps://ldap.example.org", text)}
		}
		if !endpointName.MatchString(name) {
			return nil, &settingError{"endpoint", fmt.Sprintf("%q is no name for an endpoint; take small letters, digits and -, up to 40", name)}
		}
		if taken[name] {
			return nil, &settingError{"endpoint", fmt.Sprintf("the name %q is taken", name)}
		}
		taken[name] = true
		t, err := parseTarget(name, address)
		if err != nil {
			return nil, &settingError{"endpoint", name + ": " + err.Error()}
		}
		all = append(all, t)
	}
	return all, nil
}

func parseTarget(name, address string) (target, error) {
	if address == "" || address == "memory" {
		return target{name: name, kind: kindMemory}, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return target{}, fmt.Errorf("%q is no address; write memory, ldap://HOST, ldaps://HOST, or https://HOST/PATH of another DSML endpoint", hidePassword(address))
	}
	if u.User != nil {
		return target{}, fmt.Errorf("the address of %s has a name or password in it; callers give theirs by HTTP Basic", u.Host)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return target{}, fmt.Errorf("%s: there is no port %s", u.Host, port)
		}
	}
	switch u.Scheme {
	case "ldap", "ldaps":
		if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return target{}, fmt.Errorf("%s://%s has more behind it; only host and port are wanted, searches name their base themselves", u.Scheme, u.Host)
		}
		return target{name, kindLDAP, u}, nil
	case "http", "https":
		if u.Fragment != "" {
			return target{}, fmt.Errorf("%s has a # in it, which is for browsers only", u.Redacted())
		}
		return target{name, kindRelay, u}, nil
	}
	return target{}, fmt.Errorf("%q: addresses begin with ldap://, ldaps://, https:// or http://", u.Redacted())
}

// hidePassword keeps what stands before an @ out of messages.
func hidePassword(address string) string {
	if i := strings.LastIndex(address, "@"); i >= 0 {
		return "..." + address[i:]
	}
	return address
}
