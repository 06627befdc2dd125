package session

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSQLEndpointOptions(t *testing.T) {
	for _, c := range []struct {
		text string
		want SQLEndpoint
	}{
		{"", SQLEndpoint{}},
		{"  ", SQLEndpoint{}},
		{"SESSIONS = ENABLED", SQLEndpoint{Sessions: true}},
		{"sessions=disabled", SQLEndpoint{}},
		{"SESSIONS = ENABLED, SESSION_TIMEOUT = 60", SQLEndpoint{Sessions: true, SessionTimeout: time.Minute}},
		{"SESSION_TIMEOUT = never", SQLEndpoint{SessionTimeout: Never}},
		{"LOGIN_TYPE = MIXED,\n\tHEADER_LIMIT=16384", SQLEndpoint{LoginType: LoginMixed, HeaderLimit: 16384}},
		{"LOGIN_TYPE = Windows", SQLEndpoint{}},
		{"DATABASE = DEFAULT", SQLEndpoint{}},
		{"DATABASE = 'orders', SESSIONS = ENABLED", SQLEndpoint{Database: "orders", Sessions: true}},
		{"DATABASE = 'it''s, = odd'", SQLEndpoint{Database: "it's, = odd"}},
		{"DATABASE = ''''", SQLEndpoint{Database: "'"}},
	} {
		if got, err := ParseSQLEndpoint(c.text); err != nil || got != c.want {
			t.Errorf("%q: got %+v, %v", c.text, got, err)
		}
	}
}

func TestSQLEndpointOptionsThatAreNone(t *testing.T) {
	for text, says := range map[string]string{
		"SESSIONS":       "SESSIONS has no value",
		"SESSIONS = YES": "SESSIONS is ENABLED or DISABLED",
		"SESSIONS = ":    "SESSIONS is ENABLED or DISABLED",
		"SESSIONS = ENABLED, sessions = DISABLED": "SESSIONS stands twice",
		"SESSION_TIMEOUT = 0":                     "SESSION_TIMEOUT is a number of seconds from 1, or NEVER",
		"SESSION_TIMEOUT = -1":                    "SESSION_TIMEOUT is a number",
		"SESSION_TIMEOUT = 4294967296":            "SESSION_TIMEOUT is a number",
		"SESSION_TIMEOUT = '60'":                  "SESSION_TIMEOUT is a number",
		"LOGIN_TYPE = BASIC":                      "LOGIN_TYPE is WINDOWS or MIXED",
		"DATABASE = orders":                       "DATABASE is a name in single quotes, or DEFAULT",
		"DATABASE = ''":                           "DATABASE is a name",
		"DATABASE = 'orders":                      "DATABASE has a value whose quotes do not end",
		"DATABASE = 'a' b":                        "DATABASE is a name",
		"HEADER_LIMIT = 8K":                       "HEADER_LIMIT is a number of bytes",
		"BATCHES = ENABLED":                       "BATCHES is none of SESSIONS",
		",":                                       "has no value",
	} {
		e, err := ParseSQLEndpoint(text)
		if err == nil || !strings.Contains(err.Error(), says) || e != (SQLEndpoint{}) {
			t.Errorf("%q: got %+v, %v", text, e, err)
		}
	}
}

func TestSQLEndpointDefaults(t *testing.T) {
	const want = "SESSIONS = DISABLED, SESSION_TIMEOUT = 60, LOGIN_TYPE = WINDOWS, DATABASE = DEFAULT, HEADER_LIMIT = 8192"
	if got := (SQLEndpoint{}).String(); got != want {
		t.Errorf("got %s", got)
	}
	if got := (SQLEndpoint{SessionTimeout: Never, HeaderLimit: -1}).String(); !strings.Contains(got, "SESSION_TIMEOUT = NEVER") || !strings.HasSuffix(got, "HEADER_LIMIT = 2147483647") {
		t.Errorf("got %s", got)
	}
}

func TestSQLEndpointOptionsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := SQLEndpoint{
			Sessions:       rapid.Bool().Draw(t, "sessions"),
			SessionTimeout: rapid.SampledFrom([]time.Duration{Never, time.Second, 90 * time.Second, (1<<31 - 1) * time.Second}).Draw(t, "timeout"),
			LoginType:      LoginType(rapid.IntRange(0, 1).Draw(t, "login")),
			Database:       rapid.StringOf(rapid.SampledFrom([]rune("aü' ,=\t;"))).Draw(t, "database"),
			HeaderLimit:    rapid.IntRange(1, 1<<31-1).Draw(t, "limit"),
		}
		if got, err := ParseSQLEndpoint(e.String()); err != nil || got != e {
			t.Fatalf("%+v\nas %s\nis %+v, %v", e, e, got, err)
		}
	})
}

func TestS_90_HeaderLimit(t *testing.T) {
	const mark = "????"
	message := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><x xmlns="urn:x">` + mark + `</x></s:Header><s:Body><y>` + strings.Repeat("b", 20000) + `</y></s:Body></s:Envelope>`
	_, after, _ := strings.Cut(message, "<s:Header>")
	inner, _, _ := strings.Cut(after, "</s:Header>")
	least := len("<s:Header>"+inner+"</s:Header>") - len(mark)
	filled := func(bytes int) []byte {
		return []byte(strings.Replace(message, mark, strings.Repeat("ü", (bytes-least)/2)+strings.Repeat("a", (bytes-least)%2), 1))
	}
	for limit, e := range map[int]SQLEndpoint{DefaultHeaderLimit: {}, 300: {HeaderLimit: 300}} {
		if err := e.CheckHeader(filled(limit)); err != nil {
			t.Errorf("%d bytes: %v", limit, err)
		}
		for _, bytes := range []int{limit + 1, limit + 2, 10 * limit} {
			if err := e.CheckHeader(filled(bytes)); !errors.Is(err, ErrHeaderLimit) {
				t.Errorf("%d bytes of %d: got %v", bytes, limit, err)
			}
		}
		// It ends in the middle, and is too long already.
		if err := e.CheckHeader(filled(10 * limit)[:9*limit]); err != nil && !errors.Is(err, ErrHeaderLimit) {
			t.Errorf("cut off: %v", err)
		}
	}
	if err := (SQLEndpoint{HeaderLimit: -1}).CheckHeader(filled(100000)); err != nil {
		t.Errorf("without a limit: %v", err)
	}
	for _, other := range []string{"", "no xml", "<a>" + strings.Repeat("b", 20000) + "</a>", `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>` + strings.Repeat("b", 20000) + `</s:Body></s:Envelope>`} {
		if err := (SQLEndpoint{}).CheckHeader([]byte(other)); err != nil {
			t.Errorf("%.20s: %v", other, err)
		}
	}
	fault, terminate := SQLFault(ErrHeaderLimit, 0, "")
	if !fault.IsSender() || terminate {
		t.Errorf("fault %+v, terminate %v", fault, terminate)
	}
}
