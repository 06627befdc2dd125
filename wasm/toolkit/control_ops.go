package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

func controlEncode(c *call) error {
	a := c.arg("value")
	v, critical := readControlValue(a)
	if c.errs.first != nil {
		return nil
	}
	control := v.Control(critical)
	c.out.control(&control)
	return nil
}

// directions of a control.
var directions = []string{"request", "response"}

// commonControls are taken apart without being told the direction. A few OIDs
// stand for different values in a request and in its answer, and a caller that
// does not ask for the rest need not know of them.
var commonControls = map[string]bool{
	dsml.OIDPagedResults:         true,
	dsml.OIDServerSort:           true,
	dsml.OIDProxiedAuthorization: true,
	dsml.OIDManageDsaIT:          true,
	dsml.OIDTreeDelete:           true,
	dsml.OIDShowDeleted:          true,
	dsml.OIDDomainScope:          true,
	dsml.OIDPermissiveModify:     true,
}

func controlDecode(c *call) error {
	control := readControl(c.arg("control"))
	decode := dsml.DecodeRequestControl
	if d := c.options().get("direction"); d.given() {
		if d.oneOf(directions) == 1 {
			decode = dsml.DecodeResponseControl
		}
	} else if !commonControls[control.Type] {
		decode = func(c dsml.Control) (dsml.ControlValue, error) {
			return dsml.UnknownControl{OID: c.Type, Value: c.Value}, nil
		}
	}
	if c.errs.first != nil {
		return nil
	}
	v, err := decode(control)
	if err != nil {
		return err
	}
	c.out.controlValue(v, &control)
	return nil
}
