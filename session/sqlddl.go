package session

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseSQLEndpoint reads the options of an endpoint as they stand in the FOR
// SOAP part of CREATE ENDPOINT:
//
//	SESSIONS = ENABLED, SESSION_TIMEOUT = 60, LOGIN_TYPE = MIXED, DATABASE = 'orders', HEADER_LIMIT = 8192
//
// Words may be written in any case. An option that is not there has the
// statement's default; see [SQLEndpoint]. SESSION_TIMEOUT is a number of
// seconds, or NEVER; HEADER_LIMIT a number of bytes; DATABASE a name in single
// quotes, or DEFAULT.
//
// The error names the option that is not known, stands twice, or has a value
// that it cannot have.
func ParseSQLEndpoint(options string) (SQLEndpoint, error) {
	var e SQLEndpoint
	seen := make(map[string]bool)
	for rest := strings.TrimSpace(options); rest != ""; {
		name, after, found := strings.Cut(rest, "=")
		name = strings.ToUpper(strings.TrimSpace(name))
		if !found {
			return SQLEndpoint{}, optionError(name + " has no value")
		}
		if seen[name] {
			return SQLEndpoint{}, optionError(name + " stands twice")
		}
		seen[name] = true
		var value string
		if value, rest, found = sqlValue(strings.TrimSpace(after)); !found {
			return SQLEndpoint{}, optionError(name + " has a value whose quotes do not end")
		}
		if wanted := e.set(name, value); wanted != "" {
			return SQLEndpoint{}, optionError(name + " " + wanted)
		}
	}
	return e, nil
}

// optionError says what is wrong with an option of an endpoint.
type optionError string

func (e optionError) Error() string { return "endpoint option " + string(e) }

// sqlValue takes one value, quotes and all, and the comma behind it.
func sqlValue(text string) (value, rest string, ok bool) {
	end := 0
	if strings.HasPrefix(text, "'") {
		for end = 1; ; end += 2 { // a quote within is doubled
			i := strings.IndexByte(text[end:], '\'')
			if i < 0 {
				return "", "", false
			}
			if end += i; !strings.HasPrefix(text[end+1:], "'") {
				end++
				break
			}
		}
	}
	if comma := strings.IndexByte(text[end:], ','); comma >= 0 {
		return strings.TrimSpace(text[:end+comma]), strings.TrimSpace(text[end+comma+1:]), true
	}
	return strings.TrimSpace(text), "", true
}

// set sets one option, or says what it must be.
func (e *SQLEndpoint) set(name, value string) (wanted string) {
	word := strings.ToUpper(value)
	switch name {
	case "SESSIONS":
		e.Sessions = word == "ENABLED"
		if !e.Sessions && word != "DISABLED" {
			return "is ENABLED or DISABLED"
		}
	case "SESSION_TIMEOUT":
		n, err := strconv.ParseInt(value, 10, 32)
		switch {
		case word == "NEVER":
			e.SessionTimeout = Never
		case err != nil || n < 1:
			return "is a number of seconds from 1, or NEVER"
		default:
			e.SessionTimeout = time.Duration(n) * time.Second
		}
	case "LOGIN_TYPE":
		switch word {
		case "WINDOWS":
			e.LoginType = LoginWindows
		case "MIXED":
			e.LoginType = LoginMixed
		default:
			return "is WINDOWS or MIXED"
		}
	case "DATABASE":
		quoted := len(value) > 2 && value[0] == '\'' && value[len(value)-1] == '\''
		switch {
		case word == "DEFAULT":
			e.Database = ""
		case quoted:
			e.Database = strings.ReplaceAll(value[1:len(value)-1], "''", "'")
		default:
			return "is a name in single quotes, or DEFAULT"
		}
	case "HEADER_LIMIT":
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil || n < 1 {
			return "is a number of bytes from 1"
		}
		e.HeaderLimit = int(n)
	default:
		return "is none of SESSIONS, SESSION_TIMEOUT, LOGIN_TYPE, DATABASE and HEADER_LIMIT"
	}
	return ""
}

// String returns the options in the form that ParseSQLEndpoint reads, all of
// them. A limit that was switched off is written as the largest there is.
func (e SQLEndpoint) String() string {
	var b strings.Builder
	put := func(name, value string) {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name + " = " + value)
	}
	pick := func(first bool, one, other string) string {
		if first {
			return one
		}
		return other
	}
	put("SESSIONS", pick(e.Sessions, "ENABLED", "DISABLED"))
	put("SESSION_TIMEOUT", pick(e.idle() < 0, "NEVER", strconv.FormatInt(sqlSeconds(e.idle()), 10)))
	put("LOGIN_TYPE", pick(e.LoginType == LoginMixed, "MIXED", "WINDOWS"))
	put("DATABASE", pick(e.Database == "", "DEFAULT", "'"+strings.ReplaceAll(e.Database, "'", "''")+"'"))
	limit := int64(e.headerLimit())
	if limit < 0 {
		limit = math.MaxInt32
	}
	put("HEADER_LIMIT", strconv.FormatInt(min(limit, math.MaxInt32), 10))
	return b.String()
}
