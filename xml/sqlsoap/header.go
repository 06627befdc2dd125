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

// Header is the typed value of a header block.
type Header interface {
	// Fields tells its attributes; of a Security, what it holds.
	Fields(Visitor)
	processing() *Processing
}

func (p *Processing) processing() *Processing { return p }

// ProcessingOf returns what the envelope says on a header.
func ProcessingOf(h Header) *Processing { return h.processing() }

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

// Places in a Headers, which [Headers.At] numbers.
const (
	atSession = iota
	atApplicationName
	atClientInterface
	atClientNetworkID
	atClientPID
	atHostName
	atInitialDatabase
	atInitialLanguage
	atNotifications
	atNotificationRequest
	atPartner
	atSecurity
)

// HeaderNames are the local names of the headers, in the order in which they are
// written. All but the last are in NSOptions, Security is in NSSecurity.
var HeaderNames = []string{
	"sqlSession", "applicationName", "clientInterface", "clientNetworkID", "clientPID", "hostName", "initialDatabase",
	"initialLanguage", "environmentChangeNotifications", "notificationRequest", "databaseMirroringPartner", "Security",
}

// At returns the header that HeaderNames has at an index; nil when there is none.
// It makes a new one where make is set.
func (h *Headers) At(i int, make bool) Header {
	switch i {
	case atSession:
		return at(&h.Session, make)
	case atApplicationName:
		return at(&h.ApplicationName, make)
	case atClientInterface:
		return at(&h.ClientInterface, make)
	case atClientNetworkID:
		return at(&h.ClientNetworkID, make)
	case atClientPID:
		return at(&h.ClientPID, make)
	case atHostName:
		return at(&h.HostName, make)
	case atInitialDatabase:
		return at(&h.InitialDatabase, make)
	case atInitialLanguage:
		return at(&h.InitialLanguage, make)
	case atNotifications:
		return at(&h.EnvironmentChangeNotifications, make)
	case atNotificationRequest:
		return at(&h.NotificationRequest, make)
	case atPartner:
		return at(&h.DatabaseMirroringPartner, make)
	case atSecurity:
		return at(&h.Security, make)
	}
	return nil
}

func at[T any, P interface {
	*T
	Header
}](field *P, make bool) Header {
	if make {
		*field = new(T)
	}
	if *field == nil {
		return nil
	}
	return *field
}

// Empty reports whether there is no header at all.
func (h *Headers) Empty() bool {
	for i := range HeaderNames {
		if h.At(i, false) != nil {
			return false
		}
	}
	return len(h.Other) == 0
}

// requestOnly reports whether a header belongs to requests (S-67), and initial
// whether it may stand with a session header only where that initiates (S-65).
func requestOnly(i int) bool { return i > atSession && i < atPartner || i == atSecurity }
func initial(i int) bool     { return i > atSession && i < atNotificationRequest }

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

// indexOfHeader returns the index of a name; -1 when it is not known.
func indexOfHeader(n xml.Name) int {
	i := indexOf(HeaderNames, n.Local)
	if i < 0 || (i == atSecurity) != (n.Space == NSSecurity) || n.Space != NSOptions && n.Space != NSSecurity {
		return -1
	}
	return i
}

// Understands reports whether a header block is one that ReadHeaders reads, for
// soap.NotUnderstood.
func Understands(n xml.Name) bool { return indexOfHeader(n) >= 0 }

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
		if b := &blocks[i]; b.ForUs() && indexOfHeader(b.Name) == atSession {
			r.block(b)
		}
	}
	r.whole()
	return r.h.Session, r.error()
}

// headerReader reads the blocks of one message.
type headerReader struct {
	*problems
	o    HeaderOptions
	h    Headers
	pos  xml.Position // of sqlSession
	seen uint
	late []*soap.Header // those that need an initiation
}

func newHeaderReader(o HeaderOptions) *headerReader {
	return &headerReader{problems: &problems{allow: allowed(o.Strict, o.Allow)}, o: o}
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
	r.whole()
}

// whole looks at sqlSession and at what it means for the others.
func (r *headerReader) whole() {
	s := r.h.Session
	if s == nil {
		return
	}
	r.needsID(s, r.o.Direction, r.pos)
	switch {
	case s.Initiate && s.SessionID.Set:
		r.warn(r.pos, CodeHeader, "", "initiate together with sessionId", "the server chooses the id of a session")
	case !s.Initiate && !s.Terminate && !s.SessionID.Set:
		r.warn(r.pos, CodeHeader, "S-18", "the sqlSession header asks for nothing", "initiate=\"true\" begins a session")
	}
	for _, b := range r.late {
		if !s.Initiate {
			r.misplaced(b.Pos, b.Name.Local)
		}
	}
}

func (p *problems) misplaced(pos xml.Position, name string) {
	p.fail(pos, CodeHeader, "S-65", name+" in a request whose sqlSession does not initiate a session",
		"options of the login are given when the session begins")
}

// block reads one block. It returns false for one that is not known.
func (r *headerReader) block(b *soap.Header) bool {
	name := b.Name.Local
	i := indexOfHeader(b.Name)
	if i < 0 && b.Name.Space == NSOptions {
		switch {
		case name == "hostname" && r.allow&AllowHostnameSpelling != 0:
			i = r.misspelt(b, AllowHostnameSpelling, atHostName)
		case name == "DataMirroringPartner" && r.allow&AllowPartnerSpelling != 0:
			i = r.misspelt(b, AllowPartnerSpelling, atPartner)
		default:
			// A name in another case is another name.
			if h := suggest(name, HeaderNames); h != "" {
				r.warn(b.Pos, CodeHeader, "S-02", "the header "+name+" is not known", h)
			}
		}
	}
	if i < 0 {
		return false
	}
	name = HeaderNames[i]
	if r.seen&(1<<i) != 0 {
		st := "S-66"
		switch {
		case i == atSecurity:
			st = ""
		case i == atSession && r.o.Direction == FromServer:
			st = "S-09"
		case i == atSession:
			st = "S-08"
		}
		r.fail(b.Pos, CodeTwice, st, "a second header "+name, "one may stand in a message")
		return true
	}
	r.seen |= 1 << i
	switch {
	case requestOnly(i) && r.o.Direction == FromServer:
		r.lenient(AllowAnswerHeader, b.Pos, CodeHeader, "S-67", name+" in an answer", "it belongs to requests")
		return true
	case i == atInitialDatabase && r.o.FixedDatabase:
		r.fail(b.Pos, CodeHeader, "S-69", name+" at an endpoint that has a database of its own", "leave it out")
		return true
	case i == atNotifications && (len(childElements(b.Element)) > 0 || trim(b.Text()) != ""):
		r.fail(b.Pos, CodeHeader, "S-68", name+" has content", "it has attributes only")
	case initial(i):
		r.late = append(r.late, b)
	case i == atSession:
		r.pos = b.Pos
	}
	v := r.h.At(i, true)
	*v.processing() = Processing{MustUnderstand: b.MustUnderstand, Actor: b.Actor, Relay: b.Relay}
	from := &fieldReader{problems: r.problems, from: attributes(b.Attrs), of: name, pos: b.Pos}
	switch i {
	case atSession:
		r.sqlSession(from, r.h.Session)
	case atSecurity:
		r.security(b.Element, from)
	default:
		v.Fields(from)
	}
	return true
}

func (r *headerReader) misspelt(b *soap.Header, bit Allow, i int) int {
	r.lenient(bit, b.Pos, CodeHeader, "", "the header "+b.Name.Local+" is not known", "did you mean "+HeaderNames[i]+"?")
	return i
}

// bounded checks the length of all that is in a header block (S-91).
func (p *problems) bounded(e *xml.Element) {
	if e == nil {
		return
	}
	long := tooLong(e.Text())
	for i := range e.Attrs {
		long = long || tooLong(e.Attrs[i].Value)
	}
	if long {
		p.fail(e.Pos, CodeLimit, "S-91", "a value of the header element "+e.Name.Local+" is longer than "+strconv.Itoa(MaxHeaderValue)+" characters",
			"long values may stand in the Body only")
	}
	for _, c := range childElements(e) {
		p.bounded(c)
	}
}

func tooLong(s string) bool { return len(s) > MaxHeaderValue && characters(s) > MaxHeaderValue }

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
	if h.Session != nil {
		h.Session.check(d, p)
	}
	for i, name := range HeaderNames {
		v := h.At(i, false)
		switch {
		case v == nil:
			continue
		case requestOnly(i) && d == FromServer:
			p.fail(xml.Position{}, CodeHeader, "S-67", name+" in an answer", "it belongs to requests")
		case initial(i) && h.Session != nil && !h.Session.Initiate:
			p.misplaced(xml.Position{}, name)
		}
		var e *xml.Element
		if i == atSecurity {
			e = h.Security.tree()
		} else {
			e = option(name, v, p)
		}
		q := v.processing()
		blocks = append(blocks, soap.Header{Element: e, MustUnderstand: q.MustUnderstand, Actor: q.Actor, Relay: q.Relay})
	}
	blocks = append(blocks, h.Other...)
	if d == ToServer {
		for i := range blocks {
			p.bounded(blocks[i].Element)
		}
	}
	return blocks
}

// option makes the element of an option header.
func option(local string, v Header, p *problems) *xml.Element {
	return &xml.Element{
		Name:       xml.Name{Space: NSOptions, Local: local},
		Prefix:     prefixOptions,
		Namespaces: []xml.Binding{{Prefix: prefixOptions, URI: NSOptions}},
		Attrs: attributesOf(v, func(name string) {
			p.fail(xml.Position{}, CodeValue, "", name+" of "+local+" is out of its range", "")
		}),
	}
}
