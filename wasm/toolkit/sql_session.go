package main

import (
	"github.com/dsmlkit/dsmlkit/session"
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
