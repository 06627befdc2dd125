package main

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// tracked is a tracker with the clock that JavaScript sets at each call.
type tracked struct {
	*session.Tracker
	now time.Time
}

func (t *tracked) clock() time.Time { return t.now }

// maxSeconds keeps durations within what time.Duration can hold.
const maxSeconds = 1 << 33

func sessionDSML(c *call) error { return newSession(c, session.DSML) }

func sessionSQL(c *call) error { return newSession(c, session.SQL) }

func newSession(c *call, d session.Dialect) error {
	o := c.options()
	t := &tracked{}
	options := session.TrackerOptions{Dialect: d, Now: t.clock, SOAP: soap.V11}
	if v := o.get("soap"); v.given() && v.oneOf([]string{"1.1", "1.2"}) == 1 {
		options.SOAP = soap.V12
	}
	if idle := o.get("timeout"); idle.given() {
		options.Idle = session.Never
		if s := idle.seconds(); s > 0 {
			options.Idle = s
		}
		if d == session.SQL && options.Idle > 0 {
			options.Timeout = options.Idle
		}
	}
	if c.errs.first != nil {
		return nil
	}
	t.now = c.now()
	t.Tracker = session.NewTracker(options)
	c.opened(t)
	return nil
}

// snapshotVersion is the version property of a snapshot in JavaScript. What is
// in its data has a version of its own.
const snapshotVersion = 1

func sessionRestore(c *call) error {
	s := c.arg("snapshot")
	if !s.object("what toJSON gave, or its JSON text") {
		return nil
	}
	version := s.get("version")
	if version.kind != inNumber || version.num != snapshotVersion {
		version.refuse("1")
	}
	data, err := base64.StdEncoding.DecodeString(s.get("data").text())
	if err != nil {
		s.get("data").refuse("base64")
	}
	if c.errs.first != nil {
		return nil
	}
	t := &tracked{now: c.now()}
	if t.Tracker, err = session.Restore(data, session.TrackerOptions{Now: t.clock}); err != nil {
		return err
	}
	if d := s.get("dialect"); d.given() && d.text() != t.Dialect().String() {
		d.refuse(`"` + t.Dialect().String() + `", as in its data`)
		return nil
	}
	c.opened(t)
	return nil
}

func (a *argument) seconds() time.Duration {
	s := a.number(0)
	if s < 0 || s > maxSeconds {
		a.refuse("a number of seconds from 0 to " + strconv.FormatInt(maxSeconds, 10))
		return 0
	}
	return time.Duration(s * float64(time.Second))
}

// now is the time that the call was made at, by JavaScript's clock.
func (c *call) now() time.Time { return moment(c.arg("now").num) }

func moment(ms float64) time.Time {
	if math.IsNaN(ms) || math.Abs(ms) > 1e15 {
		ms = 0
	}
	return time.UnixMilli(int64(ms))
}

// opened answers with the handle of a new session.
func (c *call) opened(t *tracked) {
	o := c.out.object()
	o.key("handle").integer(int64(c.kit.objects.put(held{session: t})))
	o.key("view").sessionView(t)
	o.end()
}

// session returns the session that the call is about.
func (c *call) session() *tracked {
	t := c.shelved().session
	mustHold(t != nil)
	t.now = c.now()
	return t
}

// answered answers with a result, if there is one, and how the session is now.
func (c *call) answered(t *tracked, result func(a *answer)) {
	o := c.out.object()
	if result != nil {
		result(o.key("result"))
	}
	o.key("view").sessionView(t)
	o.end()
}

func (a *answer) sessionView(t *tracked) {
	o := a.object()
	o.key("state").text(t.State().String())
	o.opt("id", t.ID())
	if idle, granted := t.Timeout(); idle >= 0 {
		o.key("timeout").float(idle.Seconds())
		o.flag("timeoutGuessed", !granted)
	}
	if at, ok := t.ExpiresAt(); ok {
		o.key("expiresAt").float(float64(at.UnixMilli()))
	}
	if at, ok := t.EndDue(); ok {
		o.key("endDue").float(float64(at.UnixMilli()))
	}
	pages := t.Pages()
	o.key("pages").list(len(pages))
	for i := range pages {
		a.page(&pages[i])
	}
	snapshot := o.key("snapshot").object()
	snapshot.key("version").integer(snapshotVersion)
	snapshot.key("dialect").text(t.Dialect().String())
	snapshot.key("data").text(base64.StdEncoding.EncodeToString(t.Save()))
	snapshot.end()
	o.end()
}

func (a *answer) page(p *session.Page) {
	o := a.object()
	o.key("key").text(p.Key)
	o.key("kind").text(p.Kind.String())
	o.key("cookie").bytes(string(p.Cookie))
	o.key("size").integer(int64(p.Size))
	o.key("count").integer(int64(p.Count))
	o.key("pages").integer(int64(p.Pages))
	if p.Estimate > 0 {
		o.key("estimate").integer(int64(p.Estimate))
	}
	if p.Position > 0 {
		o.key("position").integer(int64(p.Position))
	}
	o.key("issuedAt").float(float64(p.Issued.UnixMilli()))
	o.key("done").boolean(p.Done)
	o.end()
}

// sessionLook answers with what the clock alone may have changed.
func sessionLook(c *call) error {
	t := c.session()
	o := c.out.object()
	o.key("state").text(t.State().String())
	if at, ok := t.ExpiresAt(); ok {
		o.key("expiresAt").float(float64(at.UnixMilli()))
	}
	o.end()
	return nil
}

func sessionView(c *call) error {
	c.answered(c.session(), nil)
	return nil
}

func sessionInsist(c *call) error {
	t := c.session()
	if err := t.Insist(); err != nil {
		return err
	}
	c.answered(t, nil)
	return nil
}

func sessionBegin(c *call) error { return outgoing(c, (*session.Tracker).Begin) }

func sessionSend(c *call) error { return outgoing(c, (*session.Tracker).Send) }

func sessionEnd(c *call) error { return outgoing(c, (*session.Tracker).End) }

func outgoing(c *call, step func(*session.Tracker, []byte) (session.Outgoing, error)) error {
	t := c.session()
	body, err := readPayload(c.arg("body"), t.Dialect())
	if err != nil || c.errs.first != nil {
		return err
	}
	out, err := step(t.Tracker, body)
	if err != nil {
		return err
	}
	c.answered(t, func(a *answer) {
		o := a.object()
		o.key("body").text(string(out.Body))
		headers := o.key("headers").object()
		headers.key("Content-Type").text(out.ContentType)
		headers.opt("SOAPAction", out.SOAPAction)
		headers.end()
		o.key("number").integer(int64(out.Number))
		o.end()
	})
	return nil
}

// readPayload returns the text of what is to be sent; nothing stands for an
// empty batch.
func readPayload(a *argument, d session.Dialect) ([]byte, error) {
	if !a.given() {
		return nil, nil
	}
	if a.kind != inObject {
		if a.kind != inText && a.kind != inBytes {
			a.refuse("a batchRequest object, a string or a Uint8Array")
			return nil, nil
		}
		return a.document(), nil
	}
	if d == session.SQL {
		return readSQLPayload(a)
	}
	document := readDocument(a)
	if a.errs.first != nil {
		return nil, nil
	}
	if _, ok := document.(*dsml.BatchRequest); !ok {
		a.get("kind").refuse(`"batchRequest"`)
		return nil, nil
	}
	return dsml.Marshal(document, dsml.WriteOptions{})
}
