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
	off     bool // Validate wants to hear of each slip
	inside  bool // the innermost element is a value of an entry

	// What came, the last time, after so many values of an attribute: the number
	// of a stretch, by a place for attribute and count.
	guesses [256]uint8

	// Of the stretch that is being learnt.
	learning bool
	attrs    int
	entries  int
	slips    int
}

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

// entry is called when an entry has begun.
func (p *repeater) entry(d *decoder, a *attributes) {
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
	if n, ok := p.memo.Learn(); ok {
		p.effects[n] = e
	}
}

// run reads values as long as what stands between them is known. It leaves the
// decoder as it would be after the tokens up to there.
func (p *repeater) run(d *decoder) {
	if p.memo == nil || p.memo != d.s.Memo() || p.space != d.space || p.allow != d.allow || !p.memo.Enter() {
		return
	}
	m, sink, typ := p.memo, d.entries, d.val.typ
	current := d.attr.name
	place := 4 * current.Number
	moved := false
	for {
		guess := &p.guesses[place&(len(p.guesses)-1)]
		expected := current.after
		step := m.Peek(int(*guess), &expected.word)
		if step == nil {
			break
		}
		e := &p.effects[step.Stretch]
		*guess = uint8(step.Stretch)
		var name *AttributeName
		if e.what != nextValue {
			if name = expected; !step.AsWord {
				name = d.names.find(step.Holes[e.what-nextAttr])
			}
			if !p.may(d, name) {
				break
			}
			if e.what == nextEntry && !hasEquals(step.Holes[0]) {
				break
			}
		}
		data, ascii := step.Text, step.ASCII
		if typ == Base64Binary || len(d.text) > 0 {
			before := len(d.text)
			d.text = append(d.text, data...)
			data, ascii = d.text, false
			if typ == Base64Binary {
				// Decoded in place, and therefore judged before.
				if !cleanBase64(data) {
					d.text = d.text[:before]
					break
				}
				data, _, _ = decodeGroups(data)
			}
		}
		if typ == AnyURI {
			data = trim(data)
		}
		if name != nil && name.class == nameLoose {
			d.used |= AllowAttributeNames
		}
		sink.AttrValue(data, typ, ascii)
		d.text = d.text[:0]
		switch e.what {
		case nextAttr:
			sink.BeginAttr(name)
		case nextEntry:
			d.entryReader.end(d)
			sink.BeginEntry(step.Holes[0], Optional{})
			sink.BeginAttr(name)
		}
		typ = e.typ
		moved = true
		if name != nil {
			current.after = name
			current = name
			place = 4 * name.Number
		} else if place&3 < 3 {
			place++
		}
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

// may reports whether a name has been judged before and may stand here.
func (p *repeater) may(d *decoder, n *AttributeName) bool {
	return n != nil && (n.class == nameValid || n.class == nameLoose && n.Text != "" && d.allow&AllowAttributeNames != 0)
}

func hasEquals(b []byte) bool {
	for _, c := range b {
		if c == '=' {
			return true
		}
	}
	return false
}
