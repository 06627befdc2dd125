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
	if own, ok := errors.AsType[*failure](err); ok {
		return own
	}
	if de, ok := errors.AsType[*dsml.Error](err); ok {
		return positioned(de.Code, de.Message, de.Hint, de.Statement, de.Pos)
	}
	if qe, ok := errors.AsType[*sqlsoap.Error](err); ok {
		return positioned(qe.Code, qe.Message, qe.Hint, qe.Statement, qe.Pos)
	}
	if xe, ok := errors.AsType[*xml.Error](err); ok {
		return positioned(xe.Code, xe.Message, xe.Hint, "", xe.Pos)
	}
	if se, ok := errors.AsType[*session.Error](err); ok {
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
