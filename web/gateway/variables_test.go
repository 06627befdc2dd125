package gateway

import (
	"io"
	"maps"
	"testing"
)

// What Variables tells, the environment tells back.
func TestVariables_ReadBackAreTheSame(t *testing.T) {
	args := []string{
		"--directory", "ldap://localhost:389", "--start-tls", "--ldap-bind-password", "a b", "--session-ttl", "90s",
		"--allow-origin", "https://a.example", "--allow-origin", "https://b.example", "--sessions-max", "-1", "--max-body", "1MiB",
	}
	said, err := Configure(Program{Name: "test", Out: io.Discard}, args, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := said.Variables()
	want := map[string]string{
		"DSMLKIT_DIRECTORY": "ldap://localhost:389", "DSMLKIT_START_TLS": "true", "DSMLKIT_LDAP_BIND_PASSWORD": "a b", "DSMLKIT_SESSION_TTL": "1m30s",
		"DSMLKIT_ALLOW_ORIGIN": "https://a.example https://b.example", "DSMLKIT_SESSIONS_MAX": "-1", "DSMLKIT_MAX_BODY": "1MiB",
	}
	if !maps.Equal(got, want) {
		t.Fatalf("got %v", got)
	}
	var environ []string
	for name, value := range got {
		environ = append(environ, name+"="+value)
	}
	again, err := Configure(Program{Name: "test", Out: io.Discard}, nil, environ)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(again.Variables(), want) {
		t.Errorf("read back: %v", again.Variables())
	}
	if none := Defaults().Variables(); len(none) != 0 {
		t.Errorf("the defaults differ from themselves: %v", none)
	}
}
