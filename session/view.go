package session

import (
	"cmp"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// Numbers gives sessions their numbers in the view. Tables that are shown
// together share one, so that a number means one session among all of them.
// The zero value is ready to use.
type Numbers struct{ last atomic.Int64 }

func (n *Numbers) next() int { return int(n.last.Add(1)) }

// Row is a session as the view shows it: the columns of sys.dm_exec_sessions
// that have a meaning here, under their names in JSON, and client_net_address
// of sys.dm_exec_connections. A column that may be NULL is null in JSON when
// the field is empty or zero. The wire's session id is in no column.
type Row struct {
	SessionID            int       // session_id
	LoginTime            time.Time // login_time: when the session began
	HostName             string    // host_name, as the client says
	ProgramName          string    // program_name, as the client says
	HostProcessID        int64     // host_process_id, as the client says
	ClientInterfaceName  string    // client_interface_name, as the client says
	ClientNetAddress     string    // client_net_address
	LoginName            string    // login_name
	Language             string    // language
	Status               Status    // status: running, sleeping, dormant
	EndpointID           int       // endpoint_id
	LastRequestStartTime time.Time // last_request_start_time, of a running one too
	LastRequestEndTime   time.Time // last_request_end_time
	TotalElapsedTime     int64     // total_elapsed_time: ms since the session began
}

// Viewer is who looks at the view.
type Viewer struct {
	Peer
	// All is the right to see the sessions of others (VIEW SERVER STATE).
	// Without it one sees those of one's own identity; who has none, also only
	// those of one's own address.
	All bool
}

func (v Viewer) sees(p Peer) bool {
	return v.All || v.Identity == p.Identity && (v.Identity != "" || v.Address == p.Address)
}

// View returns the rows of the sessions that the viewer may see, in order of
// their numbers (S-24).
func View(v Viewer, tables ...*Table) []Row {
	var rows []Row
	for _, t := range tables {
		list := t.List()
		now := t.clock.Now() // none of them began later
		for _, i := range list {
			if !v.sees(i.Peer) {
				continue
			}
			rows = append(rows, Row{
				SessionID: i.Number, LoginTime: i.Began,
				HostName: i.Client.HostName, ProgramName: i.Client.ProgramName, HostProcessID: i.Client.ProcessID,
				ClientInterfaceName: i.Client.InterfaceName, ClientNetAddress: i.Peer.Address,
				LoginName: i.LoginName, Language: i.Client.Language, Status: i.Status, EndpointID: t.endpoint,
				LastRequestStartTime: i.LastStart, LastRequestEndTime: i.LastEnd,
				TotalElapsedTime: now.Sub(i.Began).Milliseconds(),
			})
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(a.SessionID, b.SessionID) })
	return rows
}

// AppendRows appends the rows to b as a JSON array of objects.
func AppendRows(b []byte, rows []Row) []byte {
	b = append(b, '[')
	for i := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = rows[i].append(b)
	}
	return append(b, ']')
}

func (r *Row) append(b []byte) []byte {
	j := jsonObject{b: append(b, '{')}
	j.number("session_id", int64(r.SessionID))
	j.moment("login_time", r.LoginTime)
	j.text("host_name", r.HostName)
	j.text("program_name", r.ProgramName)
	if r.HostProcessID == 0 {
		j.null("host_process_id")
	} else {
		j.number("host_process_id", r.HostProcessID)
	}
	j.text("client_interface_name", r.ClientInterfaceName)
	j.text("client_net_address", r.ClientNetAddress)
	j.key("login_name")
	j.b = appendJSON(j.b, r.LoginName)
	j.text("language", r.Language)
	j.text("status", r.Status.String())
	j.number("endpoint_id", int64(r.EndpointID))
	j.moment("last_request_start_time", r.LastRequestStartTime)
	j.moment("last_request_end_time", r.LastRequestEndTime)
	j.number("total_elapsed_time", r.TotalElapsedTime)
	return append(j.b, '}')
}

type jsonObject struct {
	b    []byte
	some bool
}

func (j *jsonObject) key(name string) {
	if j.some {
		j.b = append(j.b, ',')
	}
	j.some = true
	j.b = appendJSON(j.b, name)
	j.b = append(j.b, ':')
}

func (j *jsonObject) null(name string) {
	j.key(name)
	j.b = append(j.b, "null"...)
}

func (j *jsonObject) number(name string, n int64) {
	j.key(name)
	j.b = strconv.AppendInt(j.b, n, 10)
}

func (j *jsonObject) text(name, s string) {
	if s == "" {
		j.null(name)
		return
	}
	j.key(name)
	j.b = appendJSON(j.b, s)
}

func (j *jsonObject) moment(name string, at time.Time) {
	if at.IsZero() {
		j.null(name)
		return
	}
	j.key(name)
	j.b = append(j.b, '"')
	j.b = at.UTC().AppendFormat(j.b, "2006-01-02T15:04:05.000Z")
	j.b = append(j.b, '"')
}

// appendJSON appends s as a JSON string. What is not UTF-8 becomes U+FFFD, and
// what would end a script that the text is put into is escaped.
func appendJSON(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || r == '<' || r == '>' || r == '&' || r == 0x7f || r == '\u2028' || r == '\u2029':
			b = append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}
