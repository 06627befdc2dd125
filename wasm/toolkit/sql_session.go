package main

import (
	"encoding/base64"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// readSQLPayload returns the text of a batch that a session sends. Without
// headers of its own it goes into the session's envelope.
func readSQLPayload(a *argument) ([]byte, error) {
	m := readSQLMessage(a)
	if _, ok := m.Document.(*sqlsoap.Batch); !ok {
		a.get("kind").refuse(`"sqlBatch"`)
	}
	if a.errs.first != nil {
		return nil, nil
	}
	if m.Headers.Session != nil {
		a.get("headers").get("sqlSession").refuse("left out: the session writes it")
		return nil, nil
	}
	if m.Headers.Empty() && !a.get("soap").given() {
		m.Version = 0
	}
	return sqlsoap.Marshal(m, sqlsoap.WriteOptions{})
}

// sqlAnswer writes the document of an answer, as sql.parse does.
func (a *answer) sqlAnswer(r *session.Reply) {
	m := sqlsoap.Message{Document: r.SQL, Version: r.Envelope.Version}
	// What is wrong with them is not the reader's concern: the session has looked.
	m.Headers, _ = sqlsoap.ReadHeaders(r.Envelope.Headers, sqlsoap.HeaderOptions{Direction: sqlsoap.FromServer})
	a.sqlMessage(&m)
}

// sqlSession adds a sqlSession header.
func (o *object) sqlSession(headers []soap.Header) {
	h, err := sqlsoap.ReadSession(headers, sqlsoap.HeaderOptions{})
	if err != nil || h == nil {
		return
	}
	s := o.key("session").object()
	s.key("dialect").text("sql")
	s.flag("initiate", h.Initiate)
	s.flag("terminate", h.Terminate)
	s.opt("id", h.SessionID.Value)
	if h.Timeout.Set {
		s.key("timeout").integer(h.Timeout.Value)
	}
	s.opt("transactionDescriptor", base64.StdEncoding.EncodeToString(h.TransactionDescriptor))
	s.end()
}
