package ldap

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// authenticate binds the link to an identity. Until it is through, the link is
// nobody's.
//
// The anonymous are bound too: it takes back what the link was bound to before,
// and on a new link it shows that there is an LDAP server at the other end.
func (b *Backend) authenticate(ctx context.Context, l *link, id directory.Identity) error {
	l.as, l.residue = "", true
	end := l.begin(ctx)
	defer end()
	err := b.bindTo(l, id)
	var de *directory.Error
	if err == nil || errors.As(err, &de) && de.Type == dsml.AuthenticationFailed {
		l.residue = false // the server has spoken; nothing is under way
	}
	if err == nil {
		l.as, l.boundAt = identityKey(id), time.Now()
	}
	return err
}

func (b *Backend) bindTo(l *link, id directory.Identity) error {
	name := id.Name
	if id.Anonymous {
		name = ""
	} else if id.Password == "" {
		// RFC 4513 section 5.1.2: the server would take a name without a
		// password for anonymous.
		return &directory.Error{Type: dsml.AuthenticationFailed, Message: "the credentials name a user but have no password"}
	} else if b.Users.Base != "" && !isDN(name) {
		var err error
		if name, err = b.Users.find(l, name); err != nil {
			return err
		}
	}
	return l.bind(name, id.Password)
}

func isDN(name string) bool {
	dn, err := goldap.ParseDN(name)
	return err == nil && len(dn.RDNs) > 0
}

// bind does a simple bind.
func (l *link) bind(name, password string) error {
	id, err := l.send(element(opBind, integer(tagInteger, 3), octets(name), element(context0, []byte(password))), nil)
	if err != nil {
		return err
	}
	m, err := l.receive(id)
	if err != nil {
		return err
	}
	r, ok := m.result()
	if m.op != opBindResponse || !ok {
		return l.fail(errNotLDAP)
	}
	cause := error(nil)
	if r.ErrorMessage != "" {
		cause = errors.New(r.ErrorMessage)
	}
	switch r.Code {
	case dsml.Success:
		return nil
	case dsml.Busy, dsml.Unavailable, dsml.OperationsError, dsml.ProtocolError, dsml.Referral, dsml.Other, dsml.SaslBindInProgress:
		return &directory.Error{Type: dsml.CouldNotConnect, Message: "the directory cannot check the credentials now: " + r.Code.String(), Err: cause}
	case dsml.ConfidentialityRequired, dsml.StrongAuthRequired:
		return &directory.Error{Type: dsml.AuthenticationFailed, Message: "the directory takes no passwords on a connection like the gateway's: " + r.Code.String(), Err: cause}
	}
	if name == "" {
		return &directory.Error{Type: dsml.AuthenticationFailed, Message: "the directory lets nobody in without a name and a password: " + r.Code.String(), Err: cause}
	}
	// Whatever else: which names exist is nobody's business who has no password.
	return &directory.Error{Type: dsml.AuthenticationFailed, Message: "the directory refuses the name or the password", Err: cause}
}

// nameMark is where the filter of a search for users has the name.
const nameMark = "{name}"

// filter returns the filter that finds the user of a name.
func (u *Users) filter(name string) (*dsml.Filter, error) {
	if !strings.Contains(u.Filter, nameMark) {
		return nil, fmt.Errorf("ldap: the filter that finds users, %q, has no %s in it", u.Filter, nameMark)
	}
	f, err := dsml.ParseFilter(strings.ReplaceAll(u.Filter, nameMark, goldap.EscapeFilter(name)))
	if err != nil {
		return nil, fmt.Errorf("ldap: the filter that finds users: %w", err)
	}
	return f, nil
}

// find returns the name of the one entry that is the user's.
func (u *Users) find(l *link, name string) (string, error) {
	f, err := u.filter(name)
	if err != nil {
		return "", err
	}
	if err := l.bind(u.Name, u.Password); err != nil {
		return "", &directory.Error{Type: dsml.CouldNotConnect, Message: "the directory does not let the gateway look for users", Err: err}
	}
	// Two are enough to know that there is more than one.
	id, err := l.send(encodeSearch(&dsml.SearchRequest{DN: u.Base, Scope: dsml.WholeSubtree, SizeLimit: 2, Filter: f, Attributes: []string{"1.1"}}), nil)
	if err != nil {
		return "", err
	}
	var found []string
	for {
		m, err := l.receive(id)
		if err != nil {
			return "", err
		}
		switch m.op {
		case opEntry:
			it, ok := m.item(nil)
			if !ok {
				return "", l.fail(errNotLDAP)
			}
			found = append(found, it.Entry.DN)
		case opDone:
			r, ok := m.result()
			switch {
			case !ok:
				return "", l.fail(errNotLDAP)
			case len(found) == 1 && r.Code == dsml.Success:
				return found[0], nil
			case r.Code == dsml.Success || r.Code == dsml.SizeLimitExceeded:
				return "", &directory.Error{Type: dsml.AuthenticationFailed, Message: "the directory refuses the name or the password", Err: fmt.Errorf("%d entries are of this name", len(found))}
			}
			return "", &directory.Error{Type: dsml.CouldNotConnect, Message: "the search for the user failed: " + r.Code.String(), Err: errors.New(r.ErrorMessage)}
		}
	}
}
