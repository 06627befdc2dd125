package session

import (
	"strconv"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// sqlOptionHeaders are the option headers besides sqlSession. All may stand
// once at most (S-66); all but notificationRequest only with an initiation when
// there is a session header (S-65).
var sqlOptionHeaders = map[string]sqlOption{
	"applicationName":                optionInitiate,
	"clientInterface":                optionInitiate,
	"clientNetworkID":                optionInitiate,
	"clientPID":                      optionInitiate,
	"hostName":                       optionInitiate,
	"initialDatabase":                optionInitiate,
	"initialLanguage":                optionInitiate,
	"environmentChangeNotifications": optionInitiate,
	"notificationRequest":            optionAlways,
}

type sqlOption uint8

const (
	optionInitiate sqlOption = iota + 1
	optionAlways
)

// Lengths to which identifying values are cut (S-70), in characters: those of
// the columns of sys.dm_exec_sessions that show them.
const (
	maxHostName      = 128
	maxProgramName   = 128
	maxInterfaceName = 32
	maxNetworkID     = 6 // bytes of a network card's address
)

// Environment is what the client wants to be told of (S-71, S-72).
type Environment struct {
	DatabaseChange, LanguageChange, PartnerChange, TransactionBoundary bool
}

// Settings is what the option headers of a request say.
type Settings struct {
	Client Client
	// DatabaseOptional and LanguageOptional: when Client.Database or
	// Client.Language cannot be had, go on without.
	DatabaseOptional, LanguageOptional bool
	DatabaseFile                       string // to attach
	Notify                             Environment
}

// SQLSettings reads the option headers of a request whose session header made
// the step. hasHeader says that there was a session header at all: without one
// the options apply to that one request. fixedDatabase says that the endpoint
// has a database configured, which forbids initialDatabase (S-69).
//
// The errors are ErrBadHeader with their reason: S-65, S-66, S-68, S-69, or an
// attribute that is missing or cannot be read.
func SQLSettings(headers []soap.Header, step Step, fixedDatabase bool) (Settings, error) {
	var s Settings
	hasSession := false
	for i := range headers {
		hasSession = hasSession || isSQLSession(headers[i].Name) && headers[i].ForUs()
	}
	seen := make(map[string]bool)
	for i := range headers {
		h := &headers[i]
		name := h.Name.Local
		option := sqlOptionHeaders[name]
		if h.Name.Space != SQLOptionsNamespace || option == 0 || !h.ForUs() {
			continue
		}
		switch {
		case seen[name]:
			return Settings{}, headerError(name + " more than once")
		case option == optionInitiate && hasSession && step.Kind != StepBegin:
			return Settings{}, headerError(name + " in a request that does not initiate a session")
		case name == "initialDatabase" && fixedDatabase:
			return Settings{}, headerError("initialDatabase at an endpoint that has a database of its own")
		}
		seen[name] = true
		if err := s.read(h.Element); err != nil {
			return Settings{}, err
		}
	}
	return s, nil
}

// read reads one option header.
func (s *Settings) read(e *xml.Element) (err error) {
	name := e.Name.Local
	value, found := e.Attr("", "value")
	required := name != "environmentChangeNotifications" && name != "notificationRequest"
	if required && !found {
		return headerError(name + " without a value")
	}
	switch name {
	case "applicationName":
		s.Client.ProgramName = cut(value, maxProgramName)
	case "clientInterface":
		s.Client.InterfaceName = cut(value, maxInterfaceName)
	case "hostName":
		s.Client.HostName = cut(value, maxHostName)
	case "clientNetworkID":
		id, err := base64Value(value)
		if err != nil {
			return headerError(name + " is not base64")
		}
		s.Client.NetworkID = id[:min(len(id), maxNetworkID)]
	case "clientPID":
		if s.Client.ProcessID, err = strconv.ParseInt(strings.Trim(value, xmlSpace), 10, 64); err != nil {
			return headerError(name + " is not a number")
		}
	case "initialDatabase":
		s.Client.Database = value
		s.DatabaseFile, _ = e.Attr("", "filename")
		s.DatabaseOptional, err = sqlBoolean(e, "optional")
	case "initialLanguage":
		s.Client.Language = value
		s.LanguageOptional, err = sqlBoolean(e, "optional")
	case "environmentChangeNotifications":
		if len(e.Elements()) > 0 || strings.Trim(e.AllText(), xmlSpace) != "" { // S-68
			return headerError(name + " with content")
		}
		for name, field := range map[string]*bool{
			"databaseChange":      &s.Notify.DatabaseChange,
			"languageChange":      &s.Notify.LanguageChange,
			"partnerChange":       &s.Notify.PartnerChange,
			"transactionBoundary": &s.Notify.TransactionBoundary,
		} {
			if *field, err = sqlBoolean(e, name); err != nil {
				return err
			}
		}
	}
	return err
}

// cut shortens a text to so many characters.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
