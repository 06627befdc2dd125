package sqlsoap

import (
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
	// Timeout is in seconds, an xs:int: the idle time that is asked for, or is in
	// force.
	Timeout Optional[int64]
	// TransactionDescriptor is the token of the transaction to go on with; nil
	// when there is none.
	TransactionDescriptor []byte
}

// Fields tells the attributes.
func (s *Session) Fields(v Visitor) {
	v.Flag("initiate", &s.Initiate)
	v.Flag("terminate", &s.Terminate)
	v.OptText("sessionId", &s.SessionID)
	v.OptInt("timeout", &s.Timeout, minInt32, maxInt32, noDefault)
	v.Bytes("transactionDescriptor", &s.TransactionDescriptor, false)
}

// IDBytes returns the bytes of the session id; false when there is none or it
// is no base64 (S-06).
func (s *Session) IDBytes() ([]byte, bool) {
	if !s.SessionID.Set {
		return nil, false
	}
	return decodeBase64(s.SessionID.Value)
}

// Header returns the block that says it. The attributes of its Element are in
// no namespace (S-04) and stand in the order of the fields.
func (s *Session) Header() soap.Header {
	return soap.Header{Element: option(HeaderNames[atSession], s, &problems{}), MustUnderstand: s.MustUnderstand, Actor: s.Actor, Relay: s.Relay}
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
		p.base64(s.SessionID.Value, at, CodeSessionID, "the session id", false)
	}
	p.needsID(s, d, at)
}

// needsID: a request to end a session says which (S-50).
func (p *problems) needsID(s *Session, d Direction, at xml.Position) {
	if d != FromServer && s.Terminate && !s.SessionID.Set && !s.Initiate {
		p.fail(at, CodeSessionID, "S-50", "terminate without sessionId", "say which session is to end")
	}
}

// sessionStatement returns the number of the statement about an attribute.
func sessionStatement(name string) string {
	switch name {
	case "timeout":
		return "S-07"
	case "initiate", "terminate":
		return "S-05"
	}
	return "S-06"
}

// sqlSession reads the block. In an answer an attribute that cannot be read is
// passed over where that is allowed.
func (r *headerReader) sqlSession(from *fieldReader, s *Session) {
	from.answer = r.o.Direction == FromServer
	from.statement = sessionStatement
	s.Fields(from)
	if from.answer && s.Processing != (Processing{}) {
		r.lenient(AllowAnswerHeader, from.pos, CodeHeader, "S-11", "mustUnderstand or actor on the sqlSession of an answer", "they belong to requests")
		s.Processing = Processing{}
	}
	if from.answer && s.Initiate {
		r.lenient(AllowAnswerHeader, from.pos, CodeHeader, "S-10", "initiate in an answer", "it belongs to requests")
		s.Initiate = false
	}
	if !s.SessionID.Set {
		return
	}
	s.SessionID.Value = unspaced(s.SessionID.Value)
	// That of an answer goes back as it came, whatever it is.
	r.base64(s.SessionID.Value, from.pos, CodeSessionID, "sessionId", from.answer)
}
