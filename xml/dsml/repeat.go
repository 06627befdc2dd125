package dsml

import "github.com/dsmlkit/dsmlkit/xml"

// repeater reads what repeats in entries without going through their tokens.
// Between two values of entries there is markup that repeats byte for byte; an
// xml.Memo recognises it, and here stands what it means. Each stretch is read
// token by token once before, and whatever differs in the least is read so too,
// so that all that is refused, reported or let pass is what it would be
// otherwise.
type repeater struct {
	memo    *xml.Memo
	effects [xml.MemoSize]effect
	space   string // namespace of the batch for which the effects hold
	allow   Allow
	off     bool   // Validate wants to hear of each slip
	inside  bool   // the innermost element is a value of an entry
	text    []byte // a value that began before a step
	bytes   []byte // a value in base64

	// What came, the last time, after so many values of an attribute: the number
	// of a stretch, by a place for attribute and count.
	guesses [256]uint8

	// Of the stretch that is being learnt.
	learning bool
	attrs    int
	entries  int
	slips    int

	frame   frameState
	options Options   // of the document in the memo's frame
	first   ValueType // of its first value
	batchID bool      // the batch has a requestID, which is a hole
	id      bool      // and so has the search
}

// frameState is how far the frame of a document has come.
type frameState uint8

const (
	frameOpen   frameState = iota // the batch has not begun
	frameBatch                    // it has
	frameSearch                   // and a search response in it, the first of all responses
	frameHead                     // and the first entry in that
	frameBody                     // and its first value; only what repeats has come since
	frameNone                     // it can be none
)

// effect is what a stretch between two values means.
type effect struct {
	what uint8
	typ  ValueType // of the value that follows
}

const (
	nextValue uint8 = iota // of the same attribute
	nextAttr               // hole 0: its name
	nextEntry              // hole 0: its dn; hole 1: name of its first attribute
)

// begin is called at the end of a value of an entry.
func (p *repeater) begin(d *decoder) {
	p.inside = false
	if p.off {
		return
	}
	if p.memo != d.s.Memo() || p.space != d.space || p.allow != d.allow {
		p.memo, p.space, p.allow = d.s.Memo(), d.space, d.allow
		p.memo.Forget()
	}
	p.memo.Begin()
	p.learning = true
	p.attrs, p.entries, p.slips = 0, 0, d.slips
}

func (p *repeater) cancel() { p.learning = false }

// batch is called when a batchResponse has begun.
func (p *repeater) batch(d *decoder, a *attributes) {
	p.frame = frameNone
	if p.memo == d.s.Memo() && p.space == d.space && p.allow == d.allow && d.slips == 0 {
		p.frame = frameBatch
		p.memo.BeginFrame()
		p.batchID = p.requestID(a)
	}
}

// search is called when a searchResponse has begun.
func (p *repeater) search(a *attributes) {
	if p.frame != frameBatch {
		p.frame = frameNone
		return
	}
	p.frame = frameSearch
	p.id = p.requestID(a)
}

// requestID makes a hole of the requestID, if there is one.
func (p *repeater) requestID(a *attributes) bool {
	i := a.at[0]
	if i > 0 {
		p.memo.Hole(int(i - 1))
	}
	return i > 0
}

// entry is called when an entry has begun.
func (p *repeater) entry(d *decoder, a *attributes) {
	if p.frame == frameSearch && d.slips == 0 && !d.failed {
		p.frame = frameHead
		p.learning = true
		p.attrs, p.entries, p.slips = 0, 0, 0
	} else {
		p.frame = frameNone
	}
	if !p.learning {
		return
	}
	p.entries++
	if p.entries > 1 || p.attrs > 0 || len(d.s.Attrs()) != 1 || a.at[1] != 1 {
		p.learning = false
		return
	}
	p.memo.Hole(0)
}

// attr is called when an attr of an entry has begun.
func (p *repeater) attr(d *decoder) {
	if p.frame != frameHead || p.attrs > 0 {
		p.frame = frameNone
	}
	if !p.learning {
		return
	}
	p.attrs++
	if p.attrs > 1 || len(d.s.Attrs()) != 1 {
		p.learning = false
		return
	}
	p.memo.Hole(0)
}

// value is called when a value of an entry has begun.
func (p *repeater) value(d *decoder, typ ValueType) {
	p.inside = !p.off
	head := p.frame == frameHead
	p.frame = frameNone
	if !p.learning {
		return
	}
	p.learning = false
	e := effect{nextValue, typ}
	switch {
	case p.entries > 0 && p.attrs == 0 || d.slips != p.slips || d.failed:
		return
	case p.entries > 0:
		e.what = nextEntry
	case p.attrs > 0:
		e.what = nextAttr
	}
	if head {
		if e.what == nextEntry && p.memo.Head() {
			p.frame, p.first = frameBody, typ
		}
		return
	}
	if n, ok := p.memo.Learn(); ok {
		p.effects[n] = e
	}
}

// finish is called at the end of a document in which nothing was wrong. It
// reports whether the next one can be compared with this one as a whole.
func (p *repeater) finish(d *decoder) bool {
	if p.frame != frameBody || d.count != 1 || !p.memo.Tail() {
		return false
	}
	p.options = d.o
	return true
}

// whole reads a document that has come whole and is the same as the last one but
// for requestIDs and for what stands between its first entry and its last value;
// that has to be what repeats.
func (p *repeater) whole(d *decoder, s *xml.Scanner) bool {
	if p.memo == nil || p.memo != s.Memo() || p.options != d.o {
		return false
	}
	holes, ok := p.memo.EnterFrame()
	if !ok {
		return false
	}
	defer p.memo.LeaveFrame()
	resp, search := &BatchResponse{}, &SearchResponse{}
	if p.batchID {
		resp.RequestID = Some(string(holes[0]))
		holes = holes[1:]
	}
	if p.id {
		search.RequestID = Some(string(holes[0]))
		holes = holes[1:]
	}
	name := d.names.find(holes[1])
	if name == nil || name.class != nameValid || !hasEquals(holes[0]) {
		return false
	}
	sink := d.entries
	sink.BeginEntry(holes[0], Optional{})
	sink.BeginAttr(name)
	d.attr.name, d.val.typ = name, p.first
	p.steps(d)
	last := p.memo.Last()
	if last == nil {
		return false
	}
	data, units := last.Text, last.Units
	if d.val.typ != Text {
		if data, ok = p.odd(d, data, d.val.typ); !ok {
			return false
		}
		units = -1
	}
	sink.AttrValue(data, d.val.typ, units)
	sink.EndEntry(nil)
	d.resp, d.search, d.requestID, d.count = resp, search, resp.RequestID, 1
	return true
}

// run reads values as long as what stands between them is known. It leaves the
// decoder as it would be after the tokens up to there.
func (p *repeater) run(d *decoder) {
	if p.memo == nil || p.memo != d.s.Memo() || p.space != d.space || p.allow != d.allow || !p.memo.Enter() {
		return
	}
	p.steps(d)
	p.memo.Leave()
}

func (p *repeater) steps(d *decoder) {
	m, sink, typ := p.memo, d.entries, d.val.typ
	current := d.attr.name
	place := 4 * current.Number
	moved := false
	for {
		guess := &p.guesses[place&(len(p.guesses)-1)]
		name := current.after
		step := m.Peek(int(*guess))
		if step == nil {
			break
		}
		*guess = uint8(step.Stretch)
		e := &p.effects[step.Stretch&(xml.MemoSize-1)]
		if e.what == nextAttr && typ == Text && step.Word == name.word && name.class == nameValid && len(d.text) == 0 {
			// Most steps; the others below could take these as well.
			sink.Step(step.Text, typ, step.Units, name)
		} else {
			data, units := step.Text, step.Units
			if typ != Text || len(d.text) > 0 {
				ok := false
				if data, ok = p.odd(d, data, typ); !ok {
					break
				}
				units = -1
			}
			if e.what == nextValue {
				name = nil
			} else {
				if step.Word != name.word {
					name = d.names.word(step.Word, step.Holes[e.what-nextAttr])
				}
				if name == nil || name.class != nameValid && !p.may(d, name) {
					break
				}
			}
			if e.what != nextEntry {
				sink.Step(data, typ, units, name)
			} else if hasEquals(step.Holes[0]) {
				sink.Step(data, typ, units, nil)
				d.entryReader.end(d)
				sink.BeginEntry(step.Holes[0], Optional{})
				sink.BeginAttr(name)
			} else {
				break
			}
			d.text = d.text[:0]
		}
		if name != nil {
			if current.after != name {
				current.after = name
			}
			current = name
			place = 4 * name.Number
		} else if place&3 < 3 {
			place++
		}
		typ = e.typ
		moved = true
		m.Take()
		if len(d.items) > 0 {
			break
		}
	}
	if moved {
		d.val.typ = typ
		d.attr.name = current
	}
}

// odd takes the value of a step that is not simply its text: it has a type, or
// began before the step. It reports whether the value is one to be taken
// without a word.
func (p *repeater) odd(d *decoder, data []byte, typ ValueType) ([]byte, bool) {
	if len(d.text) > 0 {
		p.text = append(append(recycle(p.text), d.text...), data...)
		data = p.text
	}
	switch typ {
	case Base64Binary:
		var ok bool
		p.bytes, ok = cleanBase64(recycle(p.bytes), data)
		return p.bytes, ok
	case AnyURI:
		return trim(data), true
	}
	return data, true
}

// may reports whether a name that is not a valid one may stand here, which was
// judged when it came first.
func (p *repeater) may(d *decoder, n *AttributeName) bool {
	if n.class != nameLoose || n.Text == "" || d.allow&AllowAttributeNames == 0 {
		return false
	}
	d.used |= AllowAttributeNames
	return true
}

func hasEquals(b []byte) bool {
	for _, c := range b {
		if c == '=' {
			return true
		}
	}
	return false
}
