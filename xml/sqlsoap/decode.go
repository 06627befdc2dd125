package sqlsoap

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

// decoder is a sink that reads the payload of a message from tokens. It holds
// no more of it than the element it is in and what it was asked to keep.
type decoder struct {
	problems
	o       Options
	s       *xml.Scanner
	stack   []frame
	skip    int        // open elements that are passed over
	text    []byte     // of the open element that holds text, since the last element in it
	nodes   []xml.Node // of the open element with mixed content, once there is an element in it
	tree    *xml.TreeBuilder
	grown   kind // of what tree is: a captured element, or one in mixed content
	roots   int
	sets    int // row sets that have begun
	batch   *Batch
	resp    *BatchResponse
	deliver func(Item) // takes items as they complete; nil keeps them in the document
	param   Parameter
	v       Value
	set     *RowSet
	row     Row
	width   int    // of the row before
	at      int    // columns of the schema that are past
	column  string // of the open cell
	columns map[string]string
}

func newDecoder(o Options) *decoder {
	d := &decoder{o: o}
	d.allow = allowed(o.Strict, o.Allow)
	return d
}

// Token takes one token of the payload, or EndDocument.
func (d *decoder) Token(s *xml.Scanner, k xml.Kind) error {
	d.s = s
	switch {
	case d.skip > 0:
		switch k {
		case xml.StartElement:
			d.skip++
		case xml.EndElement:
			d.skip--
		}
	case d.tree != nil:
		d.grow(k)
	case k == xml.StartElement:
		d.start()
	case k == xml.EndElement:
		if len(d.stack) > 0 {
			d.end()
			d.stack = d.stack[:len(d.stack)-1]
		}
	case k == xml.Text:
		d.characters()
	case len(d.stack) > 0 && d.top().kind.content() == mixed:
		switch k {
		case xml.Comment:
			d.aside(xml.Node{Kind: xml.CommentNode, Text: string(s.Text())})
		case xml.ProcInst:
			d.aside(xml.Node{Kind: xml.ProcInstNode, Target: s.Name().Local, Text: string(s.Text())})
		}
	}
	return d.error()
}

func (d *decoder) start() {
	n := d.s.Name()
	if len(d.stack) == 0 {
		d.root(n)
		return
	}
	top := d.top()
	switch top.kind.content() {
	case mixed:
		d.flush()
		d.capture(kValue)
		return
	case textOnly:
		d.fail(d.here(), CodeElement, "", "the element "+n.Local+" stands inside "+top.local+", which holds text",
			"write < as &lt; if it belongs to the text")
		d.skip = 1
		return
	}
	switch k := d.child(top, n); k {
	case kIgnored:
		d.skip = 1
	case kSchema, kSmall:
		d.capture(k)
	case kRow:
		d.row, d.at = make(Row, 0, max(d.width, len(d.set.Columns))), 0
		d.stack = append(d.stack, frame{kind: k, local: n.Local, space: top.space})
	case kCell:
		d.startCell(n.Local)
		d.stack = append(d.stack, frame{kind: k, local: n.Local})
	default:
		d.push(k, n)
	}
}

func (d *decoder) push(k kind, n xml.Name) {
	d.stack = append(d.stack, frame{kind: k, local: n.Local, space: n.Space, pos: d.here()})
	d.text, d.nodes = d.text[:0], nil
	switch k {
	case kBatch:
		d.batch = new(Batch)
	case kResponse:
		d.resp = new(BatchResponse)
	case kCommands:
		if d.isNull() {
			d.fail(d.here(), CodeElement, "S-79", n.Local+" is a null", "an empty batch is an empty element")
		}
	case kParameter:
		d.parameter()
	case kValue:
		d.startValue(true)
	case kRowSet:
		d.sets++
		d.set = new(RowSet)
	}
}

// child decides what the child element is that has just started.
func (d *decoder) child(top *frame, n xml.Name) kind {
	model := models[top.kind]
	switch top.kind {
	case kDiffgram:
		return d.instance(top, n)
	case kRows:
		model = []particle{{name: xml.Name{Space: top.space, Local: "row"}, kind: kRow, many: true}}
	case kRow:
		if n.Space == top.space {
			return kCell
		}
	}
	for i := range model {
		p := &model[i]
		if p.name != n {
			continue
		}
		switch {
		case !p.many && top.seen&(1<<i) != 0:
			d.fail(d.here(), CodeElement, p.statement, "a second "+n.Local+" in "+top.local, "")
		case i < top.step && top.kind != kResults:
			d.fail(d.here(), CodeOrder, p.statement, n.Local+" stands behind "+model[top.step].name.Local, "")
		}
		top.seen |= 1 << i
		top.step = max(top.step, i)
		if p.kind == kSmall || top.kind == kResults {
			d.resultType(n.Local)
		}
		return p.kind
	}
	d.unknown(n, top, model)
	return kIgnored
}

// unknown reports a child that may not stand where it does.
func (d *decoder) unknown(n xml.Name, top *frame, model []particle) {
	code, h := CodeElement, ""
	for i := range model {
		local := model[i].name.Local
		if local == n.Local {
			code, h = CodeNamespace, "it belongs into \""+model[i].name.Space+"\""
		} else if s := suggest(n.Local, []string{local}); s != "" {
			h = s
		}
	}
	d.fail(d.here(), code, "", "the element "+excerpt(n.Local)+" of the namespace \""+excerpt(n.Space)+"\" may not stand inside "+top.local, h)
}

func (d *decoder) end() {
	top := d.top()
	for i, p := range models[top.kind] {
		if p.required && top.seen&(1<<i) == 0 {
			d.fail(top.pos, CodeElement, p.statement, top.local+" has no "+p.name.Local, "it holds exactly one")
		}
	}
	switch top.kind {
	case kBatch:
		if d.deliver != nil {
			d.deliver(d.batch)
		}
	case kCommands:
		d.batch.BatchCommands = string(d.text)
	case kValue:
		d.endValue()
		d.param.Value = d.v
	case kParameter:
		d.endParameter()
	case kXML:
		d.flush()
		d.add(&XML{d.nodes})
	case kDiffgram:
		if top.seen == 0 {
			d.add(d.set)
		}
	case kCell:
		d.endValue()
		d.row = append(d.row, Cell{d.column, d.v})
	case kRow:
		d.width = len(d.row)
		if d.deliver != nil {
			d.deliver(d.row)
		} else {
			d.set.Rows = append(d.set.Rows, d.row)
		}
	}
}

func (d *decoder) endParameter() {
	switch {
	case d.batch != nil:
		d.batch.Parameters = append(d.batch.Parameters, d.param)
	case d.deliver != nil:
		p := d.param
		d.deliver(&p)
	default:
		d.resp.Parameters = append(d.resp.Parameters, d.param)
	}
}

// add takes a result that is complete, or a row set that has begun.
func (d *decoder) add(r Result) {
	if d.deliver != nil {
		d.deliver(r)
	} else {
		d.resp.Results = append(d.resp.Results, r)
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
	t := d.s.Text()
	switch {
	case len(d.stack) > 0 && d.top().kind.content() != elementsOnly:
		d.text = append(d.text, t...)
	case blank(t):
	case len(d.stack) == 0:
		d.fail(d.here(), CodeText, "", "text stands beside the payload", "")
	default:
		d.fail(d.here(), CodeText, "", "text stands inside "+d.top().local, "only elements may stand there")
	}
}

// aside keeps a comment or an instruction: XML that is data has them too.
func (d *decoder) aside(n xml.Node) {
	d.flush()
	d.nodes = append(d.nodes, n)
}

// flush makes a node of the text before an element of mixed content.
func (d *decoder) flush() {
	if len(d.text) > 0 {
		d.nodes = append(d.nodes, xml.Node{Text: string(d.text)})
		d.text = d.text[:0]
	}
}

// capture asks for the tree of the element that has just started.
func (d *decoder) capture(k kind) {
	d.tree, d.grown = new(xml.TreeBuilder), k
	d.grow(xml.StartElement)
}

func (d *decoder) grow(k xml.Kind) {
	if err := d.tree.Token(d.s, k); err != nil {
		d.report(wrap(err))
		d.tree, d.skip = nil, 1
		return
	}
	if !d.tree.Done() {
		return
	}
	e := d.tree.Element()
	d.tree = nil
	switch d.grown {
	case kSchema:
		d.set.schema(e)
	case kSmall:
		d.readResult(e)
	default:
		d.nodes = append(d.nodes, xml.Node{Element: unplace(e)})
	}
}

func (d *decoder) root(n xml.Name) {
	d.roots++
	d.skip = 1
	if d.roots > 1 {
		d.fail(d.here(), CodeElement, "", "a second element in the Body", "a message carries one batch")
		return
	}
	names := []string{"sqlbatch", "sqlbatchResponse"}
	i := indexOf(names, n.Local)
	if n.Space != NS || i < 0 {
		code, h := CodeRoot, suggest(n.Local, names)
		if i >= 0 {
			code, h = CodeNamespace, "did you mean \""+NS+"\"?"
		}
		d.fail(d.here(), code, "", "a message holds a sqlbatch or a sqlbatchResponse, not "+excerpt(n.Local)+" of \""+excerpt(n.Space)+"\"", h)
		return
	}
	if d.o.Expect != EitherWay && (d.o.Expect == ToServer) != (i == 0) {
		d.fail(d.here(), CodeRoot, "", "a "+n.Local+" is not wanted here", "")
	}
	d.skip = 0
	d.push(kind(i), n) // kBatch or kResponse
}

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
