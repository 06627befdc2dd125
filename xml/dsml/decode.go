package dsml

import (
	"github.com/dsmlkit/dsmlkit/xml"
)

// apacheNamespace is the misspelt one.
const apacheNamespace = "urn:oasis:names:tc:DSML:2.0:core"

const (
	nsXSD = "http://www.w3.org/2001/XMLSchema"
	nsXSI = "http://www.w3.org/2001/XMLSchema-instance"
	nsXML = "http://www.w3.org/XML/1998/namespace"
)

// reader takes in the content of one open element.
type reader interface {
	// child is called when a child element starts. It reads the attributes and
	// returns the reader of the child's content, or nil when no such child may
	// stand here.
	child(d *decoder, local string) reader
	// end is called when the element ends.
	end(d *decoder)
	// children lists what may stand inside, for hints.
	children() []string
}

// content says which text an element may hold.
type content uint8

const (
	elementsOnly content = iota // elements and white space
	nothing                     // neither elements nor text
	characters                  // text and no elements
	anything                    // text and any elements
)

// holder is a reader of an element that does not hold elements only.
type holder interface{ content() content }

type frame struct {
	r     reader
	local string
	what  content
	depth int // of the element
}

// decoder is a sink that reads a batch from tokens. It holds no more of the
// document than the element it is in and what it has been asked to keep.
type decoder struct {
	o        Options
	allow    Allow
	used     Allow
	s        *xml.Scanner
	space    string // namespace of the batch's elements
	stack    []frame
	skip     int    // open elements that are passed over, after an error
	text     []byte // of the open element that holds characters
	mark     []byte // markup of the open element that holds anything
	isMark   bool
	tree     *xml.TreeBuilder
	names    nameList
	ids      map[string]bool // requestIDs, for Validate
	err      *Error
	failed   bool
	slips    int // leniencies that were needed, each time
	diagnose func(Diagnostic)

	roots         int
	isRequest     bool
	requestID     Optional
	req           *BatchRequest
	resp          *BatchResponse
	search        *SearchResponse // the open one
	started       int             // requests that have begun
	authenticated bool            // an authRequest has begun
	count         int             // requests or responses read whole
	depth         int             // of filters

	delivers bool   // items are delivered as they complete; otherwise they stay in the batch
	more     bool   // what was fed is not all that is at hand
	items    []Item // delivered and not fetched yet
	entries  EntrySink

	builder     entryBuilder
	entryReader entryReader
	attr        attrReader
	val         valueReader
	repeat      repeater
}

func newDecoder(o Options) *decoder {
	d := &decoder{}
	d.builder.take = d.entry
	d.entries = &d.builder
	d.reset(o)
	return d
}

// reset makes the decoder ready for another document. It keeps memory, names
// and what it has learnt, and where items and entries go.
func (d *decoder) reset(o Options) {
	clear(d.items)
	d.o, d.allow, d.used, d.slips = o, o.allowed(), 0, 0
	d.stack, d.items = d.stack[:0], d.items[:0]
	d.text, d.mark = recycle(d.text), recycle(d.mark)
	d.space, d.skip, d.isMark, d.tree, d.ids = "", 0, false, nil, nil
	d.err, d.failed = nil, false
	d.roots, d.isRequest, d.requestID = 0, false, Optional{}
	d.req, d.resp, d.search = nil, nil, nil
	d.started, d.authenticated, d.count, d.depth = 0, false, 0, 0
	d.more = false
	d.entryReader, d.attr, d.val = entryReader{}, attrReader{}, valueReader{}
	d.repeat.inside, d.repeat.learning, d.repeat.frame = false, false, frameOpen
}

// recycle keeps memory for the next document, unless it is much.
func recycle(b []byte) []byte {
	const keep = 1 << 20
	if cap(b) > keep {
		return nil
	}
	return b[:0]
}

// deliver takes an item that is complete.
func (d *decoder) deliver(i Item) { d.items = append(d.items, i) }

// Token takes one token of the batch, or EndDocument.
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
	if d.err != nil {
		return d.err
	}
	return nil
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
	top := &d.stack[len(d.stack)-1]
	switch top.what {
	case anything:
		d.tree = new(xml.TreeBuilder)
		d.grow(xml.StartElement)
		return
	case characters, nothing:
		d.fail("dsml-element", "D-06", "the element "+n.Local+" stands inside "+top.local+", which holds no elements",
			"write < as &lt; if it belongs to the text")
		d.skip = 1
		return
	}
	if n.Space != d.space && !d.foreign(n, top) {
		d.skip = 1
		return
	}
	parent := top.local
	r := top.r.child(d, n.Local)
	if r == nil {
		d.unknown(n.Local, parent, d.stack[len(d.stack)-1].r)
		d.skip = 1
		return
	}
	d.push(r, n.Local)
}

func (d *decoder) push(r reader, local string) {
	f := frame{r: r, local: local, depth: d.s.Depth()}
	switch r := r.(type) {
	case *valueReader:
		f.what = characters
		d.text = d.text[:0]
	case *attrReader, *entryReader:
	case *searchResponseReader, *plainResultReader, batchResponseReader:
	case holder:
		f.what = r.content()
		d.text = d.text[:0]
		d.isMark = false
	}
	d.stack = append(d.stack, f)
}

// foreign decides about an element that is not in the namespace of its batch.
func (d *decoder) foreign(n xml.Name, top *frame) bool {
	if n.Space == "" {
		return d.lenient(AllowUnqualifiedChildren, d.s.Pos(), "dsml-namespace", "D-06",
			"the element "+n.Local+" is in no namespace", "give it the prefix of its batch, or make that namespace the default")
	}
	d.fail("dsml-namespace", "D-06", "the element "+n.Local+" inside "+top.local+" is in the namespace \""+n.Space+"\"",
		"only elements of \""+Namespace+"\" may stand here")
	return false
}

func (d *decoder) unknown(local, parent string, r reader) {
	names := r.children()
	hint := suggest(local, names)
	if hint == "" || hint == "did you mean "+local+"?" {
		switch len(names) {
		case 0:
			hint = parent + " holds no elements"
		case 1:
			hint = parent + " holds " + names[0]
		default:
			hint = parent + " holds " + oneOf(names)
		}
	}
	d.fail("dsml-element", "D-06", "the element "+local+" may not stand inside "+parent, hint)
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
	top := len(d.stack) - 1
	if top < 0 {
		return
	}
	d.stack[top].r.end(d)
	d.stack = d.stack[:top]
}

// top is the innermost open element.
func (d *decoder) top() *frame { return &d.stack[len(d.stack)-1] }

// began is where that element begins.
func (d *decoder) began() xml.Position { return d.s.StartPos(d.top().depth) }

func (d *decoder) characters() {
	if d.skip > 0 {
		return
	}
	if d.tree != nil {
		d.grow(xml.Text)
		return
	}
	t := d.s.Text()
	if len(d.stack) == 0 {
		if !blank(t) {
			d.fail("dsml-text", "D-06", "text stands beside the batch", "")
		}
		return
	}
	top := d.top()
	switch top.what {
	case characters:
		d.text = append(d.text, t...)
	case anything:
		d.text = append(d.text, t...)
		if d.isMark {
			d.mark = appendEscaped8(d.mark, t)
		}
	case elementsOnly:
		if !blank(t) {
			d.fail("dsml-text", "D-06", "text stands inside "+top.local, "only elements may stand there")
		}
	case nothing:
		if !blank(t) {
			d.fail("dsml-text", "D-06", "text stands inside "+top.local, "it has to be empty")
		} else {
			d.lenient(AllowSpaceInEmpty, d.s.Pos(), "dsml-text", "", "white space stands inside "+top.local, "it has to be empty")
		}
	}
}

// grow builds the tree of an element that has no type, and hands it to the
// reader of the element around it.
func (d *decoder) grow(k xml.Kind) {
	if err := d.tree.Token(d.s, k); err != nil {
		d.report(wrap(err))
		d.tree = nil
		d.skip = 1
		return
	}
	if d.tree.Done() {
		e := d.tree.Element()
		d.tree = nil
		d.top().r.(treeReader).tree(d, e)
	}
}

// treeReader is a reader of an element that holds anything.
type treeReader interface {
	tree(d *decoder, e *xml.Element)
}

func (d *decoder) root(n xml.Name) {
	d.roots++
	if d.roots > 1 {
		d.fail("dsml-body", "D-109", "a second element beside the batch", "a message carries exactly one batch")
		d.skip = 1
		return
	}
	if n.Local != "batchRequest" && n.Local != "batchResponse" {
		hint := suggest(n.Local, []string{"batchRequest", "batchResponse", "Envelope"})
		_, isRequest := requestReaders[n.Local]
		_, isResponse := responseReaders[n.Local]
		switch {
		case n.Space != Namespace && n.Space != apacheNamespace && n.Space != "":
			hint = "the namespace \"" + n.Space + "\" is not that of DSMLv2 either"
		case isRequest:
			hint = "put it into a batchRequest"
		case isResponse:
			hint = "put it into a batchResponse"
		}
		st := "D-01"
		if d.o.Expect == ExpectResponse {
			st = "D-02"
		}
		d.fail("dsml-root", st, "a document holds a batchRequest or a batchResponse, not "+n.Local, hint)
		d.skip = 1
		return
	}
	d.isRequest = n.Local == "batchRequest"
	d.space = n.Space
	// Known before anything else can go wrong, so that even the answer to a
	// malformed document can carry it (D-31).
	if v, ok := d.s.Attr("", "requestID"); ok {
		d.requestID = Some(string(v))
	}
	switch n.Space {
	case Namespace:
	case apacheNamespace:
		d.lenient(AllowApacheNamespace, d.s.Pos(), "dsml-namespace", "D-03",
			n.Local+" is in the namespace \""+n.Space+"\"", "DSMLv2 has a colon there: \""+Namespace+"\"")
	case "":
		bit, st := AllowNoNamespace, "D-03"
		if !d.isRequest {
			bit, st = AllowUnqualifiedResponse, "D-02"
		}
		d.lenient(bit, d.s.Pos(), "dsml-namespace", st, n.Local+" is in no namespace", "add xmlns=\""+Namespace+"\"")
	default:
		d.fail("dsml-namespace", "D-03", n.Local+" is in the namespace \""+n.Space+"\"", "DSMLv2 is \""+Namespace+"\"")
	}
	var r reader
	switch {
	case d.isRequest:
		if d.o.Expect == ExpectResponse {
			d.fail("dsml-root", "D-02", "a batchRequest where a batchResponse is wanted", "")
		}
		r = d.readBatchRequest()
	default:
		if d.o.Expect == ExpectRequest {
			d.fail("dsml-root", "D-01", "a batchResponse where a batchRequest is wanted", "")
		}
		r = d.readBatchResponse()
	}
	d.push(r, n.Local)
}

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}
