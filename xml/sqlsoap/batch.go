package sqlsoap

import (
	"github.com/dsmlkit/dsmlkit/xml"
)

// Batch is a sqlbatch request.
type Batch struct {
	BatchCommands string // Transact-SQL; it may be empty, but not missing (S-79)
	Parameters    []Parameter
}

// Element returns "sqlbatch".
func (*Batch) Element() string { return "sqlbatch" }

type batchReader struct {
	b    *Batch
	step int // 1: the commands have come; 2: the parameters have
}

func (*batchReader) content() content { return elementsOnly }
func (*batchReader) names() []string  { return []string{"BatchCommands", "Parameters"} }

func (r *batchReader) child(d *decoder, n xml.Name) reader {
	switch n {
	case xml.Name{Space: NS, Local: "BatchCommands"}:
		switch {
		case r.step == 1:
			d.fail(d.here(), CodeElement, "S-79", "a second BatchCommands", "a sqlbatch holds exactly one")
		case r.step == 2:
			d.fail(d.here(), CodeOrder, "S-79", "BatchCommands stands behind Parameters", "it comes first")
		}
		r.step = max(r.step, 1)
		if d.isNull() {
			d.fail(d.here(), CodeElement, "S-79", "BatchCommands is a null", "an empty batch is an empty element")
		}
		return d.leaf(func(_ *decoder, text string) { r.b.BatchCommands = text })
	case xml.Name{Space: NS, Local: "Parameters"}:
		switch r.step {
		case 0:
			d.fail(d.here(), CodeOrder, "S-79", "Parameters stands before BatchCommands", "BatchCommands comes first")
		case 2:
			d.fail(d.here(), CodeElement, "", "a second Parameters", "")
		}
		r.step = 2
		d.isNull()
		return &parametersReader{list: &r.b.Parameters}
	}
	return nil
}

func (r *batchReader) end(d *decoder) {
	if r.step == 0 {
		d.fail(d.top().pos, CodeElement, "S-79", "the sqlbatch has no BatchCommands", "it holds exactly one")
	}
	if d.deliver != nil {
		d.deliver(r.b)
	}
}

func (w *writer) batch(b *Batch) {
	w.Prefix(prefixSQL, NS)
	if len(b.Parameters) > 0 {
		w.Prefix(prefixParameter, NSParameter)
		w.valuePrefixes()
	}
	w.Start(NS, "sqlbatch")
	w.Start(NS, "BatchCommands")
	w.Text(b.BatchCommands)
	w.End()
	w.parameters(b.Parameters)
	w.End()
}
