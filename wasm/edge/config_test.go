package main

import (
	"strings"
	"testing"
	"time"
)

func TestConfig_Settings(t *testing.T) {
	c, err := readConfig([]string{
		"PATH=/bin", "DSMLKIT_EDGE_ROLE=session", "DSMLKIT_EDGE_SESSION=00ff", "DSMLKIT_DIRECTORY=ldaps://ldap.example:1636", "DSMLKIT_SESSION_TTL=90s",
		"DSMLKIT_MAX_BODY=2MiB", "DSMLKIT_MAX_REQUESTS=7", "DSMLKIT_ALLOW_ORIGIN=https://a.example, https://b.example", "DSMLKIT_WINDOWS=true",
		"DSMLKIT_LDAP_TRUST=0", "DSMLKIT_LDAP_POOL=3", "DSMLKIT_ADMIN_TOKEN=for JavaScript", "DSMLKIT_LDAP_SERVER_NAME=other.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.role != roleSession || c.sessionID != "00ff" || c.sessions.Idle != 90*time.Second || c.limits.MaxBody != 2<<20 || c.limits.MaxRequests != 7 ||
		len(c.origins) != 2 || c.origins[1] != "https://b.example" || !c.limits.Windows {
		t.Errorf("%+v", c)
	}
	d := c.directory
	if d.url.Host != "ldap.example:1636" || d.options.Trust >= 0 || d.options.PoolSize != 3 || d.name != "other.example" {
		t.Errorf("%+v", d)
	}
}

func TestConfig_Mistakes(t *testing.T) {
	session := []string{"DSMLKIT_EDGE_ROLE=session", "DSMLKIT_EDGE_SESSION=00ff", "DSMLKIT_DIRECTORY=ldap://ldap.example"}
	for wrong, want := range map[string]string{
		"DSMLKIT_SESSION_TTL=soon":                     "write a time",
		"DSMLKIT_SESSION_TTL=-3s":                      "write a time",
		"DSMLKIT_SESSIONS_MAX=-2":                      "-1 is no limit",
		"DSMLKIT_MAX_BODY=-7":                          "number of bytes",
		"DSMLKIT_MAX_BODY=99999999999GiB":              "number of bytes",
		"DSMLKIT_MAX_REQUESTS=0":                       "from 1 on",
		"DSMLKIT_READ_ONLY=perhaps":                    "true or false",
		"DSMLKIT_DIRECTORY=https://dsml.example":       "ldap://HOST:PORT",
		"DSMLKIT_LDAP_CA=ca.pem":                       "no certificate",
		"DSMLKIT_SESION_TTL=10m":                       "is no setting",
		"DSMLKIT_EDGE_ROLE=directory":                  "no role",
		"DSMLKIT_EDGE_SESSION=":                        "without an id",
		"DSMLKIT_LDAP_BIND_PASSWORD=hunter2\nDSMLKIT_": "",
	} {
		_, err := readConfig(append(session, wrong))
		if want == "" {
			if err != nil {
				t.Errorf("%s: %v", wrong, err)
			}
			continue
		}
		name, value, _ := strings.Cut(wrong, "=")
		switch {
		case err == nil || !strings.Contains(err.Error(), want):
			t.Errorf("%s: %v", wrong, err)
		case value != "directory" && value != "" && strings.Contains(err.Error(), value):
			t.Errorf("%s: the value is in %q", wrong, err)
		case strings.HasPrefix(want, "write") && !strings.Contains(err.Error(), name):
			t.Errorf("%s: nothing says what is meant: %v", wrong, err)
		}
	}
}
