package main

import (
	"errors"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// errBodyReached ends the reading of a message whose headers are known.
var errBodyReached = errors.New("the body is reached")

// upToBody reads an envelope until its Body begins. What goes wrong in there is
// not what is asked for.
type upToBody struct{ soap.Decoder }

// Token implements [xml.Sink].
func (u *upToBody) Token(s *xml.Scanner, k xml.Kind) error {
	if err := u.Decoder.Token(s, k); err != nil {
		return err
	}
	if u.BodyBegun() {
		return errBodyReached
	}
	return nil
}

// soapSession tells the session header of a message without reading its body.
// It is for whoever only has to know where a message belongs.
func soapSession(c *call) error {
	input := c.arg("input").document()
	if c.errs.first != nil {
		return nil
	}
	d := &upToBody{}
	if err := xml.Parse(input, xml.Limits{}, d); err != nil && !errors.Is(err, errBodyReached) {
		return err
	}
	o := c.out.object()
	o.session(d.Envelope().Headers)
	o.end()
	return nil
}
