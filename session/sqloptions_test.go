package session

import (
	"errors"
	"strings"
	"testing"
)

func option(name, attrs string) string { return `<o:` + name + sqlNS + ` ` + attrs + `/>` }

// optionOf is an option header with a value that suits it.
func optionOf(name string) string {
	switch name {
	case "clientPID":
		return option(name, `value="4711"`)
	case "clientNetworkID":
		return option(name, `value="AAECAwQFBgc="`)
	case "environmentChangeNotifications":
		return option(name, `transactionBoundary="true" databaseChange="1"`)
	case "notificationRequest":
		return option(name, `notificationId="1" deliveryService="x"`)
	case "initialDatabase":
		return option(name, `value="orders" optional="1" filename="o.mdf"`)
	case "initialLanguage":
		return option(name, `value="Deutsch" optional="true"`)
	}
	return option(name, `value="my `+name+`"`)
}

func TestSQLSettings(t *testing.T) {
	all := ""
	for name := range sqlOptionHeaders {
		all += optionOf(name)
	}
	got, err := SQLSettings(headers(t, all), false)
	if err != nil {
		t.Fatal(err)
	}
	c := got.Client
	if c.ProgramName != "my applicationName" || c.InterfaceName != "my clientInterface" || string(c.NetworkID) != "\x00\x01\x02\x03\x04\x05" ||
		c.ProcessID != 4711 || c.HostName != "my hostName" || c.Database != "orders" || c.Language != "Deutsch" ||
		!got.DatabaseOptional || !got.LanguageOptional || got.DatabaseFile != "o.mdf" ||
		got.Notify != (Environment{TransactionBoundary: true, DatabaseChange: true}) {
		t.Errorf("got %+v", got)
	}
	for name, block := range map[string]string{
		"no value":          option("applicationName", ""),
		"no number":         option("clientPID", `value="x"`),
		"no base64":         option("clientNetworkID", `value="?"`),
		"no boolean":        option("initialLanguage", `value="x" optional="maybe"`),
		"no boolean either": option("environmentChangeNotifications", `languageChange="maybe"`),
	} {
		if _, err := SQLSettings(headers(t, block), false); !errors.Is(err, ErrBadHeader) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestS_65_OptionsOnlyWhereASessionBegins(t *testing.T) {
	for name, initial := range sqlOptionHeaders {
		for _, header := range []string{sqlBlock(`sessionId="AAEC"`), sqlBlock(`terminate="1" sessionId="AAEC"`), sqlBlock("")} {
			_, err := SQLSettings(headers(t, header+optionOf(name)), false)
			if errors.Is(err, ErrBadHeader) != initial {
				t.Errorf("%s beside %s: %v", name, header, err)
			}
		}
		if _, err := SQLSettings(headers(t, sqlBlock(`initiate="1"`)+optionOf(name)), false); err != nil {
			t.Errorf("%s where a session begins: %v", name, err)
		}
		if _, err := SQLSettings(headers(t, optionOf(name)), false); err != nil {
			t.Errorf("%s without a session header: %v", name, err)
		}
	}
}

func TestS_66_OptionsOnce(t *testing.T) {
	for name := range sqlOptionHeaders {
		if _, err := SQLSettings(headers(t, optionOf(name)+optionOf(name)), false); !errors.Is(err, ErrBadHeader) {
			t.Errorf("%s twice: %v", name, err)
		}
	}
}

func TestS_68_NotificationsWithContent(t *testing.T) {
	for content, refused := range map[string]bool{"x": true, "<x/>": true, "<!-- x -->": false, " ": false} {
		block := `<o:environmentChangeNotifications` + sqlNS + `>` + content + `</o:environmentChangeNotifications>`
		if _, err := SQLSettings(headers(t, block), false); errors.Is(err, ErrBadHeader) != refused {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestS_70_LongValuesAreCut(t *testing.T) {
	long := strings.Repeat("ü", 300)
	blocks := ""
	for _, name := range []string{"applicationName", "clientInterface", "hostName"} {
		blocks += option(name, `value="`+long+`"`)
	}
	got, err := SQLSettings(headers(t, blocks), false)
	if err != nil || got.Client.ProgramName != long[:256] || got.Client.InterfaceName != long[:64] || got.Client.HostName != long[:256] {
		t.Errorf("got %+v, %v", got, err)
	}
}
