package memory

import (
	"encoding/base32"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// extend runs an extended operation; one that is not known is a protocol error
// of LDAP, not of the document (D-64).
func (op *operation) extend(req *dsml.ExtendedRequest) error {
	switch req.RequestName {
	case dsml.OIDWhoAmI:
		if req.RequestValue != nil && req.RequestValue.Data != "" {
			return fail(dsml.ProtocolError, "Who am I? takes no value")
		}
		who := ""
		if op.who != "" {
			who = "dn:" + op.who
		}
		op.extended.Response = &dsml.Value{Data: who}
		return nil
	case dsml.OIDPasswordModify:
		return op.password(req)
	}
	return fail(dsml.ProtocolError, "the extended operation "+req.RequestName+" is not known here")
}

// password sets the password of an entry (RFC 3062), to one of its own making
// if the request brings none.
func (op *operation) password(req *dsml.ExtendedRequest) error {
	p, err := dsml.DecodePasswordModify(req.RequestValue)
	if err != nil {
		return fail(dsml.ProtocolError, err.Error())
	}
	d, s := op.d, op.d.schema
	d.mu.Lock()
	defer d.mu.Unlock()
	who := op.who
	if p.UserIdentity.Set {
		who = p.UserIdentity.Value
		if kind, rest, ok := strings.Cut(who, ":"); ok && (strings.EqualFold(kind, "dn") || strings.EqualFold(kind, "u")) {
			who = rest
		}
	}
	if who == "" {
		return fail(dsml.UnwillingToPerform, "it is not said whose password to set")
	}
	user := d.user(who)
	if user == nil {
		return fail(dsml.NoSuchObject, "there is nobody of this name")
	}
	at := d.nodes[user.name.key()]
	e := user.copy()
	if old := e.find(description{typ: s.userPassword}); p.Old.Set && (old == nil || !passwordIs(old.values, p.Old.Value)) {
		return fail(dsml.InvalidCredentials, "the old password is not right")
	}
	password := p.New.Value
	if !p.New.Set {
		password = strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(d.random(10)))
		op.extended.Response = dsml.GeneratedPassword(password)
	}
	if password == "" {
		return fail(dsml.ConstraintViolation, "the new password is empty")
	}
	e.set(s, s.userPassword, password)
	if err := s.check(e); err != nil {
		op.extended.Response = nil
		return err
	}
	op.stamp(e)
	at.entry = e
	return nil
}
