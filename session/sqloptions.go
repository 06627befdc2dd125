package session

import (
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
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

// SQLSettings reads the option headers of a request. fixedDatabase says that
// the endpoint has a database configured, which forbids initialDatabase (S-69).
//
// The errors are those of [SQLStep], and ErrBadHeader with its reason: S-65,
// S-66, S-68, S-69, S-91, or an attribute that is missing or cannot be read.
func SQLSettings(headers []soap.Header, fixedDatabase bool) (Settings, error) {
	h, err := sqlsoap.ReadHeaders(headers, sqlsoap.HeaderOptions{
		Direction: sqlsoap.ToServer, Allow: sqlsoap.EndpointAllow(), FixedDatabase: fixedDatabase,
	})
	if err != nil {
		return Settings{}, sqlHeaderError(err)
	}
	var s Settings
	text := func(t *sqlsoap.TextHeader, most int) string {
		if t == nil {
			return ""
		}
		return cut(t.Value, most)
	}
	s.Client.ProgramName = text(h.ApplicationName, maxProgramName)
	s.Client.InterfaceName = text(h.ClientInterface, maxInterfaceName)
	s.Client.HostName = text(h.HostName, maxHostName)
	if c := h.ClientNetworkID; c != nil {
		s.Client.NetworkID = c.Value[:min(len(c.Value), maxNetworkID)]
	}
	if c := h.ClientPID; c != nil {
		s.Client.ProcessID = c.Value
	}
	if d := h.InitialDatabase; d != nil {
		s.Client.Database, s.DatabaseOptional, s.DatabaseFile = d.Value, d.Optional, d.Filename.Value
	}
	if l := h.InitialLanguage; l != nil {
		s.Client.Language, s.LanguageOptional = l.Value, l.Optional
	}
	if e := h.EnvironmentChangeNotifications; e != nil {
		s.Notify = Environment{e.DatabaseChange, e.LanguageChange, e.PartnerChange, e.TransactionBoundary}
	}
	return s, nil
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
