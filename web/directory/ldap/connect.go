package ldap

import (
	"context"
	"crypto/tls"
	"errors"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// connect opens a link and binds it.
func (b *Backend) connect(ctx context.Context, id directory.Identity) (*link, error) {
	var l *link
	err := b.settingUp(ctx, func(ctx context.Context) error {
		var err error
		if l, err = b.open(ctx); err != nil {
			return err
		}
		if err = b.authenticate(ctx, l, id); err != nil {
			l.close()
		}
		return err
	})
	return l, err
}

// settingUp bounds what leads to a connection that can be used, and gives what
// goes wrong its form for the caller. The cause is for the log.
func (b *Backend) settingUp(ctx context.Context, work func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, b.ConnectTimeout)
	defer cancel()
	err := work(bounded)
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var de *directory.Error
	switch {
	case bounded.Err() != nil:
		de = &directory.Error{Type: dsml.CouldNotConnect, Message: "the directory did not answer within " + b.ConnectTimeout.String(), Err: err}
	case errors.As(err, &de) && de.Type != dsml.ConnectionClosed:
	default:
		de = &directory.Error{Type: dsml.CouldNotConnect, Message: "the directory cannot be reached", Err: err}
	}
	if de.Type != dsml.AuthenticationFailed {
		b.Log.Warn("no connection to the directory", "url", b.URL, "error", de)
	}
	return de
}

// open opens a link that is encrypted as the options ask and not yet bound.
func (b *Backend) open(ctx context.Context) (*link, error) {
	nc, err := b.Dial(ctx)
	if err != nil {
		return nil, err
	}
	l := &link{nc: nc, max: b.MaxMessage, silence: b.OperationTimeout}
	switch {
	case b.secure && !b.Encrypted:
		err = b.handshake(ctx, l)
	case b.StartTLS:
		err = b.startTLS(ctx, l)
	}
	if err != nil {
		l.abort()
		return nil, err
	}
	return l, nil
}

// handshake puts TLS on the link.
func (b *Backend) handshake(ctx context.Context, l *link) error {
	secure := tls.Client(l.nc, b.TLS)
	if err := secure.HandshakeContext(ctx); err != nil {
		return &directory.Error{Type: dsml.CouldNotConnect, Message: "no encrypted connection to the directory can be made", Err: err}
	}
	l.nc = secure
	return nil
}

// startTLS asks for encryption (RFC 4511 section 4.14). There is no way on
// without it: whoever listens in could have suppressed the answer.
func (b *Backend) startTLS(ctx context.Context, l *link) error {
	end := l.begin(ctx)
	id, err := l.send(element(opExtended, element(context0, []byte(dsml.OIDStartTLS))), nil)
	var m message
	if err == nil {
		m, err = l.receive(id)
	}
	end()
	if err != nil {
		return err
	}
	r, ok := m.extended()
	switch {
	case m.op != opExtResponse || !ok:
		return errNotLDAP
	case r.Code != dsml.Success:
		return &directory.Error{Type: dsml.CouldNotConnect, Message: "the directory refuses StartTLS: " + r.Code.String(), Err: errors.New(r.ErrorMessage)}
	case l.from != len(l.buf):
		// Sent in the clear and read as if it had come encrypted.
		return &directory.Error{Type: dsml.CouldNotConnect, Message: "something came between StartTLS and encryption", Err: errNotLDAP}
	}
	return b.handshake(ctx, l)
}
