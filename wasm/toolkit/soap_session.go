package main

import (
	"errors"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// errBodyReached ends the reading of a message whose headers are known.
var errBodyReached = errors.New("the body is reached")

// upToBody is a payload of which nothing is read.
type upToBody struct{}

// Token implements [xml.Sink].
func (upToBody) Token(*xml.Scanner, xml.Kind) error { return errBodyReached }

// soapSession tells the session header of a message without reading its body.
// It is for whoever only has to know where a message belongs.
func soapSession(c *call) error {
	input := c.arg("input").document()
	if c.errs.first != nil {
		return nil
	}
	d := &soap.Decoder{Payload: upToBody{}}
	if err := xml.Parse(input, xml.Limits{}, d); err != nil && !errors.Is(err, errBodyReached) {
		return err
	}
	o := c.out.object()
	o.session(d.Envelope().Headers)
	o.end()
	return nil
}
