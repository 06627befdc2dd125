package gateway

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// configure reads settings as the program would.
func configure(t *testing.T, environ []string, args ...string) (*Config, string, error) {
	t.Helper()
	var out bytes.Buffer
	c, err := Configure(Program{Name: "dsmlkit", About: "Serves.", Version: "1", Out: &out}, args, environ)
	return c, out.String(), err
}

func writeTemp(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestConfigure_OptionsBeforeEnvironmentBeforeFile(t *testing.T) {
	file := writeTemp(t, "gateway.toml", `
listen = "127.0.0.1:1"
session-ttl = "1m" # of a session
sessions-max = 11
allow-origin = ["https://file.example"]
windows = true
max-body = "1MiB"
`)
	environ := []string{"DSMLKIT_CONFIG=" + file, "DSMLKIT_LISTEN=127.0.0.1:2", "DSMLKIT_SESSION_TTL=2m", "DSMLKIT_ALLOW_ORIGIN=https://a.example https://b.example", "DSMLKIT_URL=of something else"}
	c, _, err := configure(t, environ, "--listen", "127.0.0.1:3", "--windows=false")
	if err != nil {
		t.Fatal(err)
	}
	want := Defaults()
	want.Listen, want.SessionTTL, want.SessionsMax, want.MaxBody = "127.0.0.1:3", 2*time.Minute, 11, 1<<20
	want.AllowOrigins = []string{"https://a.example", "https://b.example"}
	want.unknownVariables = []string{"DSMLKIT_URL"}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	c, _, err = configure(t, environ, "--allow-origin", "https://c.example", "--allow-origin", "*")
	if err != nil || !slices.Equal(c.AllowOrigins, []string{"https://c.example", "*"}) {
		t.Errorf("a list on the command line: %v, %v", c, err)
	}
}

func TestConfigure_Mistakes(t *testing.T) {
	file := writeTemp(t, "bad.toml", "# a comment\nlisten = \"127.0.0.1:1\"\nsesion-ttl = \"1m\"\n")
	syntax := writeTemp(t, "syntax.toml", "listen = \"127.0.0.1:1\"\nhost = [\n")
	kind := writeTemp(t, "kind.toml", "host = \"a.example\"")
	for want, args := range map[string][]string{
		"there is no option --lisen":            {"--lisen", "x"},
		"the option --listen needs a value":     {"--listen"},
		`unexpected argument "x"`:               {"x"},
		`--session-ttl: "0s" is not right`:      {"--session-ttl", "0s"},
		`--max-body: "10 apples"`:               {"--max-body", "10 apples"},
		`--max-requests: "0"`:                   {"--max-requests", "0"},
		"write an address and a port":           {"--listen", "8080"},
		"bad.toml:3: sesion-ttl is no setting":  {"--config", file},
		"syntax.toml:2: ":                       {"--config", syntax},
		`kind.toml:1: host: write a list: ["a`:  {"--config", kind},
		"there is no configuration file":        {"--config", "nowhere.toml"},
		"is not how browsers write an origin":   {"--allow-origin", "https://tool.example/"},
		"write https://tool.example":            {"--allow-origin", "https://TOOL.example:443"},
		"no web origin":                         {"--allow-origin", "tool.example"},
		"there are no patterns":                 {"--allow-origin", "https://*.example"},
		"has a name or password in it":          {"--directory", "ldap://cn=admin:secret@host"},
		"addresses begin with ldap://":          {"--directory", "ftp://host/x"},
		"write memory, ldap://HOST":             {"--directory", "host:389"},
		"only host and port are wanted":         {"--directory", "ldap://host/dc=example"},
		"there is no StartTLS":                  {"--directory", "ldaps://host", "--start-tls"},
		"no endpoint stands on an ldap://":      {"--start-tls"},
		"what it loads":                         {"--directory", "ldap://host", "--ldif", "x.ldif"},
		"is no name for an endpoint":            {"--endpoint", "A/B=ldap://host"},
		`the name "a" is taken`:                 {"--endpoint", "a=ldap://host", "--endpoint", "a=memory"},
		`the name "default" is taken`:           {"--endpoint", "default=ldap://host"},
		"has no address":                        {"--endpoint", "a"},
		"there is no admin-token":               {"--admin-listen", "0.0.0.0:9090"},
		"has fewer than 16 characters":          {"--admin-token", "short"},
		"certificate and key go together":       {"--tls-cert", file},
		"is no network":                         {"--relay-network", "all"},
		"write 10.0.0.0/8":                      {"--trusted-proxy", "10.1.2.3/8"},
		"is no host name":                       {"--host", "https://x.example"},
		"neither text nor json":                 {"--log-format", "xml"},
		"none of debug, info, warn":             {"--log-level", "loud"},
		"it has no {name} in it":                {"--ldap-user-base", "dc=x", "--ldap-user-filter", "(uid=a)"},
		"--ldap-user-base: \"foo\" is not the":  {"--ldap-user-base", "foo"},
		"--ldap-user-filter: \"(uid={name}\"":   {"--ldap-user-filter", "(uid={name}"},
		"there is no port 99999":                {"--directory", "ldap://host:99999"},
		"there is no port 0":                    {"--endpoint", "a=https://host:0/dsml"},
		"a bind without one is anonymous":       {"--ldap-bind-dn", "cn=x"},
		"no such file":                          {"--relay-ca", "nowhere.pem"},
		"--log-level: \"a\"":                    {"--log-format", "b", "--log-level", "a"}, // all mistakes at once
		"--windows: \"perhaps\" is not right: ": {"--windows=perhaps"},
	} {
		_, _, err := configure(t, nil, args...)
		var usage *UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", args, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the message gives the password away: %v", args, err)
		}
	}
	if _, _, err := configure(t, []string{"DSMLKIT_SESSIONS_MAX=many"}); err == nil || !strings.Contains(err.Error(), `DSMLKIT_SESSIONS_MAX: "many"`) {
		t.Errorf("a mistake in the environment: %v", err)
	}
}

func TestConfigure_PrintedConfigurationReadsBack(t *testing.T) {
	token, password := "0123456789abcdef-token", "the-password"
	args := []string{"--endpoint", "corp=ldaps://ldap.example.org", "--endpoint", "other=https://other.example/dsml?a=\"b\"", "--allow-origin", "*",
		"--max-body", "65537", "--session-ttl", "90m", "--read-only", "--sessions-max", "-1", "--ldap-bind-dn", `cn="x\y",dc=example`}
	environ := []string{"DSMLKIT_ADMIN_TOKEN=" + token, "DSMLKIT_LDAP_BIND_PASSWORD=" + password}
	want, _, err := configure(t, environ, args...)
	if err != nil {
		t.Fatal(err)
	}
	_, text, err := configure(t, environ, append(args, "--print-config")...)
	if !errors.Is(err, ErrPrinted) {
		t.Fatal(err)
	}
	if strings.Contains(text, token) || strings.Contains(text, password) {
		t.Errorf("secrets are printed:\n%s", text)
	}
	for _, part := range []string{`# admin-token = "********"`, "# DSMLKIT_ADMIN_TOKEN", "# --session-ttl", `session-ttl = "1h30m"`, "# default"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not printed:\n%s", part, text)
		}
	}
	got, _, err := configure(t, environ, "--config", writeTemp(t, "printed.toml", text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	// Empty lists are printed, and come back as nothing.
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// One table feeds help, file, environment and README; no field of the
// configuration may lack a setting.
func TestSettings_AreToldOnce(t *testing.T) {
	_, text, err := configure(t, nil, "--help")
	if !errors.Is(err, ErrPrinted) {
		t.Fatal(err)
	}
	names := map[string]bool{}
	fields := map[any]string{}
	c := Defaults()
	for _, s := range settings {
		if names[s.name] || !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(s.name) {
			t.Errorf("%s: taken, or no name", s.name)
		}
		names[s.name] = true
		if !strings.Contains(text, "--"+s.name+" ") {
			t.Errorf("--%s is not in the help", s.name)
		}
		at := reflect.ValueOf(s.field(c)).Pointer()
		if other, found := fields[at]; found {
			t.Errorf("%s and %s set the same field", s.name, other)
		}
		fields[at] = s.name
	}
	count := 0
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		for i := range v.NumField() {
			if f := v.Field(i); !v.Type().Field(i).IsExported() {
				continue // no setting
			} else if f.Kind() == reflect.Struct {
				walk(f)
			} else if count++; fields[f.Addr().Pointer()] == "" {
				t.Errorf("no setting sets %s", v.Type().Field(i).Name)
			}
		}
	}
	walk(reflect.ValueOf(c).Elem())
	if count != len(settings) {
		t.Errorf("%d fields, %d settings", count, len(settings))
	}
	// What a setting prints, it reads.
	for _, s := range settings {
		if s.isList() {
			continue
		}
		if err := s.field(&Config{}).Set(s.field(c).String()); err != nil {
			t.Errorf("%s does not read its own default %q: %v", s.name, s.field(c), err)
		}
	}
}

func TestBytesAndTimes(t *testing.T) {
	for text, want := range map[string]int64{"1": 1, "64KiB": 65536, "10 MiB": 10 << 20, "3GiB": 3 << 30} {
		var f bytesField
		if err := f.Set(text); err != nil || int64(f) != want {
			t.Errorf("%s: %d, %v", text, f, err)
		}
		var again bytesField
		if err := again.Set(f.String()); err != nil || again != f {
			t.Errorf("%s is written %s", text, &f)
		}
	}
	for _, text := range []string{"", "0", "-1", "9223372036854775807KiB", "1MB", "x"} {
		var f bytesField
		if f.Set(text) == nil {
			t.Errorf("%q is read as %d", text, f)
		}
	}
	for text, want := range map[string]string{"60s": "1m", "600s": "10m", "3600s": "1h", "90s": "1m30s", "10s": "10s", "1h0m5s": "1h0m5s"} {
		var f timeField
		if err := f.Set(text); err != nil || f.String() != want {
			t.Errorf("%s is written %s: %v", text, f.String(), err)
		}
	}
}

// A variable with a slip in its name would otherwise do nothing, and nobody
// would know.
func TestConfigure_UnknownVariablesAreToldInTheLog(t *testing.T) {
	c, _, err := configure(t, []string{"DSMLKIT_SESION_TTL=5s", "DSMLKIT_SESSION_TTL=5s", "DSMLKIT_CONFIG=", "OTHER=1"}, "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := startConfig(t, c)
	r.ask("GET", "/healthz", "").want(t, 200)
	if log := r.log.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "variable=DSMLKIT_SESION_TTL") {
		t.Error(log)
	}
}

func TestConfigure_LDAPServers(t *testing.T) {
	c, _, err := configure(t, nil, "--directory", "ldaps://10.0.0.1", "--ldap-server-name", "ldap.example.org", "--ldap-trust", "0s", "--ldap-pool-wait", "1s", "--ldap-pool-idle", "20s", "--ldap-operation-timeout", "3s")
	if err != nil {
		t.Fatal(err)
	}
	targets, _ := c.targets()
	o, err := c.ldapOptions(targets[0])
	if err != nil {
		t.Fatal(err)
	}
	if o.TLS.ServerName != "ldap.example.org" || o.Trust >= 0 || o.PoolWait != time.Second || o.PoolIdle != 20*time.Second || o.OperationTimeout != 3*time.Second {
		t.Errorf("%+v", o)
	}
	for _, args := range [][]string{{"--ldap-trust", "-1s"}, {"--ldap-server-name", "https://x/"}, {"--ldap-pool-wait", "0s"}} {
		if _, _, err := configure(t, nil, args...); err == nil {
			t.Errorf("%q are taken", args)
		}
	}
}
