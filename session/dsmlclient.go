package session

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

type dsmlProtocol struct{}

func (dsmlProtocol) mine(n xml.Name) bool { return dsmlKind(n) != StepNone }

// block always writes a prefix and a qualified SessionID: DSML Services refuse
// the one without (D-135), and its own samples have the other.
func (dsmlProtocol) block(b *builder, step Step, must string) {
	local := beginSession
	switch step.Kind {
	case StepUse:
		local = useSession
	case StepEnd:
		local = endSession
	}
	b.add("<" + dsmlPrefix + ":" + local)
	b.attr("xmlns:"+dsmlPrefix, DSMLNamespace)
	if step.Kind != StepBegin {
		b.attr(dsmlPrefix+":"+sessionID, step.ID)
	}
	b.attr(must, "1") // D-139
	b.add("/>")
}

func (dsmlProtocol) payload() string { return `<batchRequest xmlns="` + dsml.Namespace + `"/>` }

func (dsmlProtocol) action() string { return "#batchRequest" }

func (dsmlProtocol) answer(headers []soap.Header) answerHeader {
	for i := range headers {
		if n := headers[i].Name; n.Space == DSMLNamespace && n.Local == useSession {
			return answerHeader{found: true, id: dsmlID(headers[i].Element)}
		}
	}
	return answerHeader{}
}

func (dsmlProtocol) judge(f *soap.Fault, _ answerHeader) verdict {
	switch {
	case f.Code.Local == "MustUnderstand":
		return faultUnknown
	case strings.EqualFold(f.DetailText(), detailSession):
		return faultSession
	}
	return faultOther
}
