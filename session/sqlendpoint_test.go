package session

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestS_20_SessionsAreDisabledByDefault(t *testing.T) {
	for _, attrs := range []string{`initiate="true"`, `sessionId="AAEC"`, `terminate="true" sessionId="AAEC"`} {
		if _, _, err := (SQLEndpoint{}).Request(headers(t, sqlBlock(attrs))); !errors.Is(err, ErrDisabled) {
			t.Errorf("S-20 %s: got %v", attrs, err)
		}
		if _, _, err := (SQLEndpoint{Sessions: true}).Request(headers(t, sqlBlock(attrs))); err != nil {
			t.Errorf("%s: got %v", attrs, err)
		}
	}
	for _, blocks := range []string{"", sqlBlock("")} { // S-18, S-19
		if step, _, err := (SQLEndpoint{}).Request(headers(t, blocks)); err != nil || step.Kind != StepNone {
			t.Errorf("%q: got %v, %v", blocks, step, err)
		}
	}
}

func TestS_21_S_69_DatabaseOfTheEndpoint(t *testing.T) {
	e := SQLEndpoint{Sessions: true, Database: "orders"}
	for blocks, want := range map[string]string{
		"": "orders", sqlBlock(`initiate="true"`): "orders", sqlBlock(`sessionId="AAEC"`): "", sqlBlock(`terminate="1" sessionId="AAEC"`): "",
	} {
		if _, s, err := e.Request(headers(t, blocks)); err != nil || s.Client.Database != want {
			t.Errorf("S-21 %s: database %q, %v", blocks, s.Client.Database, err)
		}
	}
	mine := sqlBlock(`initiate="true"`) + `<o:initialDatabase` + sqlNS + ` value="mine"/>`
	if _, _, err := e.Request(headers(t, mine)); !errors.Is(err, ErrBadHeader) {
		t.Errorf("S-69: got %v", err)
	}
	if _, s, err := (SQLEndpoint{Sessions: true}).Request(headers(t, mine)); err != nil || s.Client.Database != "mine" {
		t.Errorf("database %q, %v", s.Client.Database, err)
	}
}

func TestS_91_LongAttributes(t *testing.T) {
	e := SQLEndpoint{Sessions: true}
	for n, refused := range map[int]bool{4000: false, 4001: true} {
		block := `<o:applicationName` + sqlNS + ` value="` + strings.Repeat("ü", n) + `"/>`
		if _, _, err := e.Request(headers(t, block)); errors.Is(err, ErrBadHeader) != refused {
			t.Errorf("S-91 %d characters: got %v", n, err)
		}
	}
}

func TestSQLEndpointTable(t *testing.T) {
	if got := sqlTable(SQLEndpoint{}).Grant(0); got != 60*time.Second {
		t.Errorf("SESSION_TIMEOUT not set: %v", got)
	}
	if got := sqlTable(SQLEndpoint{SessionTimeout: Never}).Grant(0); got != Never {
		t.Errorf("S-31: %v", got)
	}
}

func sqlTable(e SQLEndpoint) *Table {
	return e.NewTable(TableOptions{Clock: NewManualClock(start), Rand: source()})
}

func TestS_23_NoLimitOfSessions(t *testing.T) {
	table := sqlTable(SQLEndpoint{})
	for range DefaultMax + DefaultMaxPerClient {
		begin(t, table, alice)
	}
}

func TestS_38_S_41_SameUserAnywhere(t *testing.T) {
	table := sqlTable(SQLEndpoint{})
	id, _ := begin(t, table, alice)
	one := use(t, table, id, Peer{Address: "203.0.113.9", Identity: alice.Identity})
	two := use(t, table, id, alice) // requests of a session may overlap
	wantNoSession(t, table, id, Peer{Address: alice.Address, Identity: "mallory"})
	one.Release()
	two.Release()
}

func TestS_88_Identity(t *testing.T) {
	for _, c := range []struct {
		login         LoginType
		http, sql, as string
	}{
		{LoginWindows, `CORP\alice`, "sa", `CORP\alice`},
		{LoginMixed, `CORP\alice`, "sa", "sql:sa"},
		{LoginMixed, `CORP\alice`, "", `CORP\alice`},
	} {
		if got := (SQLEndpoint{LoginType: c.login}).Identity(c.http, c.sql); got != c.as {
			t.Errorf("S-88 %+v: as %q", c, got)
		}
	}
}
