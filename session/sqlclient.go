package session

import (
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// sqlProtocol keeps session ids as the server wrote them: they are opaque to a
// client, which sends them back unchanged.
type sqlProtocol struct{}

func (sqlProtocol) mine(n xml.Name) bool { return isSQLSession(n) }

func (sqlProtocol) block(b *builder, step Step, must string) {
	h := sqlsoap.Session{Initiate: step.Kind == StepBegin, Terminate: step.Kind == StepEnd}
	if step.ID != "" {
		h.SessionID = sqlsoap.Some(step.ID)
	}
	if h.Initiate && step.Timeout > 0 {
		h.Timeout = sqlsoap.Some(sqlSeconds(step.Timeout))
	}
	if len(step.Transaction) > 0 {
		h.TransactionDescriptor = step.Transaction
	}
	e := h.Header().Element
	b.add("<" + e.Prefix + ":" + e.Name.Local)
	b.attr("xmlns:"+e.Prefix, e.Name.Space)
	b.attr(must, "1")
	for _, a := range e.Attrs {
		b.attr(a.Name.Local, a.Value)
	}
	b.add("/>")
}

// payload is nothing: an end needs no batch (S-52), and there is no empty one.
func (sqlProtocol) payload() string { return "" }

func (sqlProtocol) action() string { return sqlsoap.SOAPAction }

func (sqlProtocol) answer(headers []soap.Header) answerHeader {
	// What cannot be read of it is passed over; of two the first counts.
	h, _ := sqlsoap.ReadSession(headers, sqlsoap.HeaderOptions{Direction: sqlsoap.FromServer})
	if h == nil {
		return answerHeader{}
	}
	a := answerHeader{found: true, id: h.SessionID.Value, terminate: h.Terminate}
	switch {
	case !h.Timeout.Set:
	case h.Timeout.Value <= 0:
		a.timeout = Never
	default:
		a.timeout = time.Duration(h.Timeout.Value) * time.Second
	}
	return a
}

func (sqlProtocol) judge(f *soap.Fault, a answerHeader) verdict {
	if f.Code.Local == "MustUnderstand" {
		return faultUnknown
	}
	read, _ := sqlsoap.ReadFault(f, sqlsoap.Options{})
	switch {
	case read.HasSubcode(sqlsoap.SubcodeSessionIDIsInvalid): // S-49: the header may be missing
		return faultSession
	case a.terminate && a.id != "" && !read.HasSubcode(sqlsoap.SubcodeSoapHeader):
		// It is not the header that is to blame, and the session is named: this
		// is how an end is confirmed whose batch has failed (S-54).
		return faultEnded
	case a.terminate:
		return faultSession
	}
	return faultOther
}

// transaction returns the token of the transaction that is under way after an
// answer: the changes that its results report, in order.
func transaction(current []byte, d sqlsoap.Document) []byte {
	if b, ok := d.(*sqlsoap.BatchResponse); ok {
		for _, r := range b.Results {
			if t, ok := r.(*sqlsoap.Transaction); ok {
				if current = nil; t.Type.Open() {
					current = t.Descriptor
				}
			}
		}
	}
	return current
}
