package sqlsoap

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

// content says what an element may hold.
type content uint8

const (
	elementsOnly content = iota // elements and white space
	textOnly                    // text and no elements
	mixed                       // text and any elements
)

// reader takes in the content of one open element.
type reader interface {
	content() content
	// child is called when a child element starts, in an element that holds
	// elements only. It reads the attributes and returns the reader of the
	// child's content, or nil when no such child may stand here.
	child(d *decoder, n xml.Name) reader
	// names lists what may stand inside, for hints.
	names() []string
	// end is called when the element ends.
	end(d *decoder)
}

// mixedReader is a reader of an element with mixed content.
type mixedReader interface {
	flush(d *decoder) // the text so far is complete: an element follows
	element(d *decoder, e *xml.Element)
}

// capture asks for the tree of the child element that has just started. It is
// never pushed.
type capture struct {
	reader
	done func(d *decoder, e *xml.Element)
}

// ignored asks for the child element to be passed over.
type ignored struct{ reader }

type frame struct {
	r     reader
	local string
	pos   xml.Position // of the start; zero for rows and what is in them, where counting lines costs too much
}

// decoder is a sink that reads the payload of a message from tokens. It holds
// no more of it than the element it is in and what it was asked to keep.
type decoder struct {
	problems
	o       Options
	s       *xml.Scanner
	stack   []frame
	skip    int    // open elements that are passed over
	text    []byte // of the open element that holds characters
	tree    *xml.TreeBuilder
	taker   func(d *decoder, e *xml.Element) // of the tree, when it is that of a captured element
	roots   int
	sets    int // row sets that have begun
	batch   *Batch
	resp    *BatchResponse
	deliver func(Item) // takes items as they complete; nil keeps them in the document
	columns map[string]string
	cell    cellReader
}

func newDecoder(o Options) *decoder {
	d := &decoder{o: o}
	d.allow = o.allowed()
	return d
}

// Token takes one token of the payload, or EndDocument.
func (d *decoder) Token(s *xml.Scanner, k xml.Kind) error {
	d.s = s
	switch k {
	case xml.StartElement:
		d.start()
	case xml.EndElement:
		d.end()
	case xml.Text:
		d.characters()
	case xml.Comment, xml.ProcInst:
		if d.tree != nil && d.skip == 0 {
			d.grow(k)
		}
	}
	return d.error()
}

func (d *decoder) start() {
	if d.skip > 0 {
		d.skip++
		return
	}
	if d.tree != nil {
		d.grow(xml.StartElement)
		return
	}
	n := d.s.Name()
	if len(d.stack) == 0 {
		d.root(n)
		return
	}
	top := d.top()
	switch top.r.content() {
	case mixed:
		top.r.(mixedReader).flush(d)
		d.tree = new(xml.TreeBuilder)
		d.grow(xml.StartElement)
		return
	case textOnly:
		d.fail(d.here(), CodeElement, "", "the element "+n.Local+" stands inside "+top.local+", which holds text",
			"write < as &lt; if it belongs to the text")
		d.skip = 1
		return
	}
	switch r := top.r.child(d, n).(type) {
	case nil:
		d.unknown(n, top)
		d.skip = 1
	case ignored:
		d.skip = 1
	case capture:
		d.tree = new(xml.TreeBuilder)
		d.taker = r.done
		d.grow(xml.StartElement)
	default:
		d.push(r, n.Local)
	}
}

func (d *decoder) push(r reader, local string) {
	f := frame{r: r, local: local}
	switch r.(type) {
	case *cellReader, *rowReader:
	default:
		f.pos = d.here()
	}
	d.stack = append(d.stack, f)
}

// unknown reports a child that may not stand where it does.
func (d *decoder) unknown(n xml.Name, top *frame) {
	names := top.r.names()
	h := ""
	code, message := CodeElement, "the element "+excerpt(n.Local)+" may not stand inside "+top.local
	switch {
	case indexOf(names, n.Local) >= 0:
		code = CodeNamespace
		message += " in the namespace \"" + excerpt(n.Space) + "\""
		if strings.HasPrefix(n.Space, "https:") {
			h = "namespaces of SQL Server begin with http:, not with https:"
		}
	case len(names) > 0:
		h = hint(n.Local, names)
	}
	d.fail(d.here(), code, "", message, h)
}

func (d *decoder) end() {
	if d.skip > 0 {
		d.skip--
		return
	}
	if d.tree != nil {
		d.grow(xml.EndElement)
		return
	}
	if top := len(d.stack) - 1; top >= 0 {
		d.stack[top].r.end(d)
		d.stack = d.stack[:top]
	}
}

// top is the innermost open element.
func (d *decoder) top() *frame { return &d.stack[len(d.stack)-1] }

// here is the place of the current token.
//
//go:noinline
func (d *decoder) here() xml.Position { return d.s.Pos() }

// where is the place of the innermost open element, or at least a place in it.
func (d *decoder) where() xml.Position {
	if p := d.top().pos; p.Line > 0 {
		return p
	}
	return d.here()
}

func (d *decoder) characters() {
	if d.skip > 0 {
		return
	}
	if d.tree != nil {
		d.grow(xml.Text)
		return
	}
	t := d.s.Text()
	switch {
	case len(d.stack) == 0:
		if !blank(t) {
			d.fail(d.here(), CodeText, "", "text stands beside the payload", "")
		}
	case d.top().r.content() != elementsOnly:
		d.text = append(d.text, t...)
	case !blank(t):
		d.fail(d.here(), CodeText, "", "text stands inside "+d.top().local, "only elements may stand there")
	}
}

// grow builds a tree, and hands it to whoever asked for it.
func (d *decoder) grow(k xml.Kind) {
	if err := d.tree.Token(d.s, k); err != nil {
		d.report(wrap(err))
		d.tree, d.taker, d.skip = nil, nil, 1
		return
	}
	if !d.tree.Done() {
		return
	}
	e := d.tree.Element()
	take := d.taker
	d.tree, d.taker = nil, nil
	if take != nil {
		take(d, e)
	} else {
		d.top().r.(mixedReader).element(d, unplace(e))
	}
}

func (d *decoder) root(n xml.Name) {
	d.roots++
	if d.roots > 1 {
		d.fail(d.here(), CodeElement, "", "a second element in the Body", "a message carries one batch")
		d.skip = 1
		return
	}
	names := []string{"sqlbatch", "sqlbatchResponse"}
	i := indexOf(names, n.Local)
	if n.Space != NS || i < 0 {
		h := ""
		switch {
		case n.Space == NS:
			h = hint(n.Local, append(names, "Envelope"))
		case i >= 0:
			h = "did you mean xmlns=\"" + NS + "\"?"
		default:
			h = "methods of an endpoint are known to that endpoint only"
		}
		code := CodeRoot
		if i >= 0 {
			code = CodeNamespace
		}
		d.fail(d.here(), code, "", "a message holds a sqlbatch or a sqlbatchResponse of the namespace \""+NS+"\", not "+
			excerpt(n.Local)+" of \""+excerpt(n.Space)+"\"", h)
		d.skip = 1
		return
	}
	request := i == 0
	switch {
	case request && d.o.Expect == FromServer:
		d.fail(d.here(), CodeRoot, "", "a sqlbatch where an answer is wanted", "")
	case !request && d.o.Expect == ToServer:
		d.fail(d.here(), CodeRoot, "", "a sqlbatchResponse where a request is wanted", "")
	}
	var r reader
	if request {
		d.batch = new(Batch)
		r = &batchReader{b: d.batch}
	} else {
		d.resp = new(BatchResponse)
		r = &responseReader{}
	}
	d.push(r, n.Local)
}

// leaf reads an element that holds text.
type leaf struct {
	done func(d *decoder, text string)
}

func (d *decoder) leaf(done func(d *decoder, text string)) reader {
	d.text = d.text[:0]
	return &leaf{done}
}

func (*leaf) content() content                    { return textOnly }
func (*leaf) names() []string                     { return nil }
func (*leaf) child(_ *decoder, _ xml.Name) reader { return nil }
func (l *leaf) end(d *decoder)                    { l.done(d, string(d.text)) }

// isNull reports whether the element that has just started is a null.
func (d *decoder) isNull() bool {
	text, ok := d.s.Attr(nsXSI, "nil")
	if !ok {
		return false
	}
	v, ok := boolean(string(text))
	if !ok {
		d.fail(d.here(), CodeValue, "", "xsi:nil is \""+excerpt(string(text))+"\"", "true or false")
	}
	return v
}

func splitQName(s string) (prefix, local string) {
	prefix, local, found := strings.Cut(trim(s), ":")
	if !found {
		return "", prefix
	}
	return prefix, local
}
