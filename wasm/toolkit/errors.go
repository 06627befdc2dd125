package main

import (
	"errors"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// failureOf gives an error the form in which JavaScript sees it.
func failureOf(err error) *failure {
	var own *failure
	if errors.As(err, &own) {
		return own
	}
	var de *dsml.Error
	if errors.As(err, &de) {
		return positioned(de.Code, de.Message, de.Hint, de.Statement, de.Pos)
	}
	var qe *sqlsoap.Error
	if errors.As(err, &qe) {
		return positioned(qe.Code, qe.Message, qe.Hint, qe.Statement, qe.Pos)
	}
	var xe *xml.Error
	if errors.As(err, &xe) {
		return positioned(xe.Code, xe.Message, xe.Hint, "", xe.Pos)
	}
	var se *session.Error
	if errors.As(err, &se) {
		return &failure{Code: se.Code, Message: se.Message, Hint: se.Hint}
	}
	return &failure{Code: codeInternal, Message: err.Error()}
}

// positioned makes a failure that may be about a place in a text; what is being
// written has none.
func positioned(code, message, hint, statement string, pos xml.Position) *failure {
	f := &failure{Code: code, Message: message, Hint: hint, Statement: statement}
	if pos.Line > 0 {
		f.Positioned = true
		f.Line, f.Column, f.Offset = pos.Line, pos.Column, pos.Offset
	}
	return f
}
