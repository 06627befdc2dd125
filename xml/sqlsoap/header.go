package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Processing is what the attributes of the envelope say on a header block: they
// may stand on every header of a request (S-12).
type Processing struct {
	MustUnderstand bool
	Actor          string // actor of SOAP 1.1, role of SOAP 1.2
	Relay          bool   // SOAP 1.2
}

// Headers is the header of a message. Each field is nil where the block is not
// there; all may stand once at most (S-08, S-09, S-66).
type Headers struct {
	Session                        *Session
	ApplicationName                *TextHeader // program name of the login
	ClientInterface                *TextHeader // name of the API that the client uses
	ClientNetworkID                *BinaryHeader
	ClientPID                      *NumberHeader
	HostName                       *TextHeader // name of the client's machine
	InitialDatabase                *InitialDatabase
	InitialLanguage                *InitialLanguage
	EnvironmentChangeNotifications *EnvironmentChangeNotifications
	NotificationRequest            *NotificationRequest
	DatabaseMirroringPartner       *DatabaseMirroringPartner
	Security                       *Security
	// Other are the blocks that this package does not know, and those meant for
	// somebody else, verbatim and in order.
	Other []soap.Header
}

// Direction says which way a message goes.
type Direction uint8

const (
	EitherWay  Direction = iota // not known: a message without a batch
	ToServer                    // a request
	FromServer                  // a response or a fault
)

// HeaderOptions says how header blocks are read.
type HeaderOptions struct {
	// Direction chooses the rules: those of requests (S-65, S-91), or those of
	// responses (S-10, S-11, S-67).
	Direction Direction
	// Strict refuses every leniency.
	Strict bool
	// Allow is the set of leniencies; zero means DefaultAllow(). Strict wins.
	Allow Allow
	// FixedDatabase says that the endpoint has a database of its own, which
	// forbids initialDatabase (S-69).
	FixedDatabase bool
}

// MaxHeaderValue is the number of characters that an attribute or an element
// outside the Body of a request may hold (S-91).
const MaxHeaderValue = 4000

// rule is what holds for an option header besides its own attributes.
type rule struct {
	initiate bool // with a session header only where that initiates (S-65)
	read     func(r *headerReader, e *xml.Element, p Processing)
}

// rules has the option headers besides sqlSession that a client sends.
var rules = map[string]rule{
	"applicationName":                {true, readText(func(h *Headers) **TextHeader { return &h.ApplicationName })},
	"clientInterface":                {true, readText(func(h *Headers) **TextHeader { return &h.ClientInterface })},
	"clientNetworkID":                {true, (*headerReader).clientNetworkID},
	"clientPID":                      {true, (*headerReader).clientPID},
	"hostName":                       {true, readText(func(h *Headers) **TextHeader { return &h.HostName })},
	"initialDatabase":                {true, (*headerReader).initialDatabase},
	"initialLanguage":                {true, (*headerReader).initialLanguage},
	"environmentChangeNotifications": {true, (*headerReader).environmentChangeNotifications},
	"notificationRequest":            {false, (*headerReader).notificationRequest},
}

const (
	sessionName = "sqlSession"
	partnerName = "databaseMirroringPartner"
)

// Understands reports whether a header block is one that ReadHeaders reads, for
// soap.NotUnderstood.
func Understands(n xml.Name) bool {
	switch n.Space {
	case NSOptions:
		return n.Local == sessionName || n.Local == partnerName || rules[n.Local].read != nil
	case NSSecurity:
		return n.Local == "Security"
	}
	return false
}

// ReadHeaders reads the header blocks of a message. It returns what could be
// read with an error too. Errors are *Error: CodeTwice (S-08, S-09, S-66),
// CodeSessionID (S-06, S-50), CodeHeader (S-65, S-67 to S-69), CodeAttribute,
// CodeValue and CodeLimit (S-91).
func ReadHeaders(blocks []soap.Header, o HeaderOptions) (Headers, error) {
	r := newHeaderReader(o)
	r.read(blocks)
	return r.h, r.error()
}

// ReadSession reads the sqlSession header of a message and nothing else; nil
// when there is none. Element and attribute names count with their case (S-02,
// S-03), and attributes only without a namespace (S-04); others are ignored
// (S-14).
func ReadSession(blocks []soap.Header, o HeaderOptions) (*Session, error) {
	r := newHeaderReader(o)
	for i := range blocks {
		if isSession(&blocks[i]) {
			r.block(&blocks[i])
		}
	}
	if s := r.h.Session; s != nil {
		r.session(s, r.pos)
	}
	return r.h.Session, r.error()
}

func isSession(b *soap.Header) bool {
	return b.ForUs() && b.Name.Space == NSOptions && b.Name.Local == sessionName
}

// headerReader reads the blocks of one message.
type headerReader struct {
	*problems
	o    HeaderOptions
	h    Headers
	pos  xml.Position // of sqlSession
	seen map[string]bool
	late []*soap.Header // those that need an initiation
}

func newHeaderReader(o HeaderOptions) *headerReader {
	p := &problems{allow: o.Allow}
	switch {
	case o.Strict:
		p.allow = 0
	case o.Allow == 0:
		p.allow = DefaultAllow()
	}
	return &headerReader{problems: p, o: o}
}

func (r *headerReader) read(blocks []soap.Header) {
	for i := range blocks {
		b := &blocks[i]
		if r.o.Direction == ToServer {
			r.bounded(b.Element)
		}
		if !b.ForUs() || !r.block(b) {
			r.h.Other = append(r.h.Other, *b)
		}
	}
	s := r.h.Session
	if s == nil {
		return
	}
	r.session(s, r.pos)
	for _, b := range r.late {
		if !s.Initiate {
			r.fail(b.Pos, CodeHeader, "S-65", b.Name.Local+" in a request whose sqlSession does not initiate a session",
				"options of the login are given when the session begins")
		}
	}
}

// block reads one block. It returns false for one that is not known.
func (r *headerReader) block(b *soap.Header) bool {
	name := b.Name.Local
	switch {
	case b.Name.Space == NSSecurity && name == "Security":
		if r.once(b, name, "") {
			r.h.Security = r.security(b.Element, processing(b))
		}
		return true
	case b.Name.Space != NSOptions:
		return false
	}
	switch name {
	case sessionName:
		st := "S-08"
		if r.o.Direction == FromServer {
			st = "S-09"
		}
		if r.once(b, name, st) {
			r.pos = b.Pos
			r.h.Session = r.sqlSession(b.Element, processing(b))
		}
		return true
	case "hostname":
		name = r.misspelt(b, AllowHostnameSpelling, "hostName")
	case "DataMirroringPartner":
		name = r.misspelt(b, AllowPartnerSpelling, partnerName)
	}
	if name == partnerName {
		if r.once(b, name, "S-66") {
			r.databaseMirroringPartner(b.Element, processing(b))
		}
		return true
	}
	rule := rules[name]
	if rule.read == nil {
		r.unknown(b)
		return false
	}
	if !r.once(b, name, "S-66") {
		return true
	}
	switch {
	case r.o.Direction == FromServer:
		r.lenient(AllowAnswerHeader, b.Pos, CodeHeader, "S-67", name+" in an answer", "it belongs to requests")
		return true
	case name == "initialDatabase" && r.o.FixedDatabase:
		r.fail(b.Pos, CodeHeader, "S-69", "initialDatabase at an endpoint that has a database of its own", "leave it out")
		return true
	case rule.initiate:
		r.late = append(r.late, b)
	}
	rule.read(r, b.Element, processing(b))
	return true
}

// misspelt returns the name that a block has where its spelling is allowed.
// Where it is not, the block is one that nobody knows.
func (r *headerReader) misspelt(b *soap.Header, bit Allow, name string) string {
	if r.allow&bit == 0 {
		return b.Name.Local
	}
	r.lenient(bit, b.Pos, CodeHeader, "", "the header "+b.Name.Local+" is not known", "did you mean "+name+"?")
	return name
}

// unknown tells Validate about a name that differs from a known one only by the
// case of its letters: it is another name (S-02).
func (r *headerReader) unknown(b *soap.Header) {
	names := []string{sessionName, partnerName}
	for n := range rules {
		names = append(names, n)
	}
	if h := suggest(b.Name.Local, names); h != "" {
		r.warn(b.Pos, CodeHeader, "S-02", "the header "+b.Name.Local+" is not known", h)
	}
}

// once reports whether a block is the first of its name.
func (r *headerReader) once(b *soap.Header, name, statement string) bool {
	if r.seen[name] {
		r.fail(b.Pos, CodeTwice, statement, "a second header "+name, "one may stand in a message")
		return false
	}
	if r.seen == nil {
		r.seen = make(map[string]bool)
	}
	r.seen[name] = true
	return true
}

// bounded checks the length of all that is in a header block (S-91).
func (r *headerReader) bounded(e *xml.Element) {
	if e == nil {
		return
	}
	long := func(what string) {
		r.fail(e.Pos, CodeLimit, "S-91", what+" is longer than "+strconv.Itoa(MaxHeaderValue)+" characters", "long values may stand in the Body only")
	}
	for i := range e.Attrs {
		if tooLong(e.Attrs[i].Value) {
			long("the value of " + e.Attrs[i].Name.Local + " of the header element " + e.Name.Local)
		}
	}
	if tooLong(e.Text()) {
		long("the text of the header element " + e.Name.Local)
	}
	for _, c := range e.Elements() {
		r.bounded(c)
	}
}

func tooLong(s string) bool { return len(s) > MaxHeaderValue && characters(s) > MaxHeaderValue }

func processing(b *soap.Header) Processing {
	return Processing{MustUnderstand: b.MustUnderstand, Actor: b.Actor, Relay: b.Relay}
}

// header makes a block.
//
//go:noinline
func (p Processing) header(e *xml.Element) soap.Header {
	return soap.Header{Element: e, MustUnderstand: p.MustUnderstand, Actor: p.Actor, Relay: p.Relay}
}

// option makes the element of an option header.
//
//go:noinline
func option(local string, attrs ...xml.ElementAttr) *xml.Element {
	return &xml.Element{
		Name:       xml.Name{Space: NSOptions, Local: local},
		Prefix:     prefixOptions,
		Namespaces: []xml.Binding{{Prefix: prefixOptions, URI: NSOptions}},
		Attrs:      attrs,
	}
}

//go:noinline
func attribute(name, value string) xml.ElementAttr {
	return xml.ElementAttr{Name: xml.Name{Local: name}, Value: value}
}

// flagAttr makes a boolean attribute that is left out when it is false.
func flagAttr(attrs []xml.ElementAttr, name string, b bool) []xml.ElementAttr {
	if b {
		attrs = append(attrs, attribute(name, "true"))
	}
	return attrs
}

// Blocks returns the header blocks to be written, sqlSession first, and those
// of Other last. Errors are *Error, without a position: what the direction
// does not allow (S-10, S-11, S-50, S-65, S-67), a session id that is no base64
// (S-06), and values that are too long (S-91).
func (h *Headers) Blocks(d Direction) ([]soap.Header, error) {
	p := &problems{allow: AllowBase64Bits} // an id goes back as it came
	blocks := h.blocks(d, p)
	return blocks, p.error()
}

func (h *Headers) blocks(d Direction, p *problems) []soap.Header {
	var blocks []soap.Header
	if s := h.Session; s != nil {
		s.check(d, p)
		blocks = append(blocks, s.Header())
	}
	login := func(b soap.Header, initiate bool) {
		name := b.Name.Local
		switch {
		case d == FromServer:
			p.fail(xml.Position{}, CodeHeader, "S-67", name+" in an answer", "it belongs to requests")
		case initiate && h.Session != nil && !h.Session.Initiate:
			p.fail(xml.Position{}, CodeHeader, "S-65", name+" in a request whose sqlSession does not initiate a session",
				"options of the login are given when the session begins")
		}
		blocks = append(blocks, b)
	}
	text := func(name string, t *TextHeader) {
		if t != nil {
			login(t.header(option(name, attribute("value", t.Value))), true)
		}
	}
	text("applicationName", h.ApplicationName)
	text("clientInterface", h.ClientInterface)
	if c := h.ClientNetworkID; c != nil {
		login(c.header(option("clientNetworkID", attribute("value", encodeBase64(c.Value)))), true)
	}
	if c := h.ClientPID; c != nil {
		login(c.header(option("clientPID", attribute("value", strconv.FormatInt(c.Value, 10)))), true)
	}
	text("hostName", h.HostName)
	if i := h.InitialDatabase; i != nil {
		login(i.block(), true)
	}
	if i := h.InitialLanguage; i != nil {
		login(i.block(), true)
	}
	if e := h.EnvironmentChangeNotifications; e != nil {
		login(e.block(), true)
	}
	if n := h.NotificationRequest; n != nil {
		login(n.block(), false)
	}
	if m := h.DatabaseMirroringPartner; m != nil {
		blocks = append(blocks, m.header(option(partnerName, attribute("partner", m.Partner))))
	}
	if s := h.Security; s != nil {
		blocks = append(blocks, s.block())
	}
	blocks = append(blocks, h.Other...)
	if d == ToServer {
		r := headerReader{problems: p}
		for i := range blocks {
			r.bounded(blocks[i].Element)
		}
	}
	return blocks
}
