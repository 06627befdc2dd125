package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Session is the sqlSession header. Where it stands without any of its fields
// it asks for nothing (S-18).
type Session struct {
	Processing
	Initiate  bool // of requests only (S-10): begin a session before the batch runs
	Terminate bool // end the session behind the batch; in an answer: it is over
	// SessionID is the base64 that the server sent, without white space. It is
	// opaque to a client, which sends it back unchanged; IDBytes decodes it.
	SessionID Optional[string]
	// Timeout is in seconds: the idle time that is asked for, or is in force.
	Timeout Optional[int32]
	// TransactionDescriptor is the token of the transaction to go on with; nil
	// when there is none.
	TransactionDescriptor []byte
}

// IDBytes returns the bytes of the session id; false when there is none or it
// is no base64 (S-06).
func (s *Session) IDBytes() ([]byte, bool) {
	if !s.SessionID.Set {
		return nil, false
	}
	p := problems{allow: AllowBase64Bits}
	return p.base64(s.SessionID.Value, xml.Position{}, CodeSessionID, "")
}

// Header returns the block that says it. The attributes of its Element are in
// no namespace (S-04) and stand in the order of the fields.
func (s *Session) Header() soap.Header {
	var attrs []xml.ElementAttr
	attrs = flagAttr(attrs, "initiate", s.Initiate)
	attrs = flagAttr(attrs, "terminate", s.Terminate)
	if s.SessionID.Set {
		attrs = append(attrs, attribute("sessionId", s.SessionID.Value))
	}
	if s.Timeout.Set {
		attrs = append(attrs, attribute("timeout", strconv.Itoa(int(s.Timeout.Value))))
	}
	if s.TransactionDescriptor != nil {
		attrs = append(attrs, attribute("transactionDescriptor", encodeBase64(s.TransactionDescriptor)))
	}
	return s.header(option(sessionName, attrs...))
}

// check says what a direction does not allow.
func (s *Session) check(d Direction, p *problems) {
	at := xml.Position{}
	if d == FromServer {
		if s.Initiate {
			p.fail(at, CodeHeader, "S-10", "initiate in an answer", "it belongs to requests")
		}
		if s.Processing != (Processing{}) {
			p.fail(at, CodeHeader, "S-11", "mustUnderstand or actor on the sqlSession of an answer", "they belong to requests")
		}
	}
	if s.SessionID.Set {
		p.base64(s.SessionID.Value, at, CodeSessionID, "the session id")
	}
	needsID(s, d, at, p)
}

// needsID: a request to end a session says which (S-50).
func needsID(s *Session, d Direction, at xml.Position, p *problems) {
	if d != FromServer && s.Terminate && !s.SessionID.Set && !s.Initiate {
		p.fail(at, CodeSessionID, "S-50", "terminate without sessionId", "say which session is to end")
	}
}

// session checks what was read as a whole.
func (r *headerReader) session(s *Session, pos xml.Position) {
	needsID(s, r.o.Direction, pos, r.problems)
	switch {
	case s.Initiate && s.SessionID.Set:
		r.warn(pos, CodeHeader, "", "initiate together with sessionId", "the server chooses the id of a session")
	case s.Initiate && s.Terminate:
		r.warn(pos, CodeHeader, "", "initiate together with terminate", "such a session is over before it began")
	case !s.Initiate && !s.Terminate && !s.SessionID.Set:
		r.warn(pos, CodeHeader, "S-18", "the sqlSession header asks for nothing", "initiate=\"true\" begins a session")
	}
}

var sessionAttributes = []string{"initiate", "terminate", "sessionId", "timeout", "transactionDescriptor"}

// sqlSession reads the block. In an answer an attribute that cannot be read is
// passed over where that is allowed.
func (r *headerReader) sqlSession(e *xml.Element, p Processing) *Session {
	answer := r.o.Direction == FromServer
	s := &Session{Processing: p}
	if answer && p != (Processing{}) {
		r.lenient(AllowAnswerHeader, e.Pos, CodeHeader, "S-11", "mustUnderstand or actor on the sqlSession of an answer", "they belong to requests")
		s.Processing = Processing{}
	}
	bad := func(code, statement, message, hint string) {
		if answer {
			r.lenient(AllowAnswerHeader, e.Pos, code, statement, message, hint)
		} else {
			r.fail(e.Pos, code, statement, message, hint)
		}
	}
	r.mistyped(e, sessionAttributes)
	flags := [...]struct {
		name string
		to   *bool
	}{{"initiate", &s.Initiate}, {"terminate", &s.Terminate}}
	for _, f := range flags {
		if text, ok := e.Attr("", f.name); ok {
			v, ok := boolean(text)
			if !ok {
				bad(CodeValue, "S-05", f.name+" is \""+excerpt(text)+"\"", "true or false")
			}
			*f.to = v
		}
	}
	if answer && s.Initiate {
		r.lenient(AllowAnswerHeader, e.Pos, CodeHeader, "S-10", "initiate in an answer", "it belongs to requests")
		s.Initiate = false
	}
	if text, ok := e.Attr("", "sessionId"); ok {
		s.SessionID = Some(unspaced(text))
		if answer {
			// It goes back as it came, whatever it is.
			q := problems{allow: r.allow}
			if q.base64(text, e.Pos, CodeSessionID, "sessionId"); q.failed {
				bad(CodeSessionID, "S-06", "sessionId is not base64", "")
			}
			r.used |= q.used
		} else {
			r.base64(text, e.Pos, CodeSessionID, "sessionId")
		}
	}
	if text, ok := e.Attr("", "timeout"); ok {
		if n, ok := integer(text, 32); ok {
			s.Timeout = Some(int32(n))
		} else {
			bad(CodeValue, "S-07", "timeout is \""+excerpt(text)+"\"", "a number of seconds, at most 2147483647")
		}
	}
	if text, ok := e.Attr("", "transactionDescriptor"); ok {
		q := problems{allow: r.allow}
		b, ok := q.base64(text, e.Pos, CodeValue, "transactionDescriptor")
		if r.used |= q.used; ok {
			s.TransactionDescriptor = b
		} else {
			bad(CodeValue, "S-06", "transactionDescriptor is not base64", "")
		}
	}
	return s
}

// mistyped tells Validate about attributes that differ from known ones by the
// case of a letter: they are others (S-03), and ignored (S-14).
func (r *headerReader) mistyped(e *xml.Element, names []string) {
	if r.diagnose == nil {
		return
	}
	for i := range e.Attrs {
		a := &e.Attrs[i].Name
		if h := suggest(a.Local, names); a.Space == "" && h != "" {
			r.warn(e.Pos, CodeHeader, "S-03", "the attribute "+a.Local+" is not known to "+e.Name.Local, h)
		}
	}
}
