package session

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// sqlProtocol keeps session ids as the server wrote them: they are opaque to a
// client, which sends them back unchanged.
type sqlProtocol struct{}

func (sqlProtocol) mine(n xml.Name) bool { return isSQLSession(n) }

func (sqlProtocol) block(b *builder, step Step, must string) {
	b.add("<" + sqlPrefix + ":" + sqlSession)
	b.attr("xmlns:"+sqlPrefix, SQLOptionsNamespace)
	b.attr(must, "1")
	switch step.Kind {
	case StepBegin:
		b.attr("initiate", "true")
		if step.Timeout > 0 {
			b.attr("timeout", sqlSeconds(step.Timeout))
		}
	case StepEnd:
		b.attr("terminate", "true")
	}
	if step.ID != "" {
		b.attr("sessionId", step.ID)
	}
	if len(step.Transaction) > 0 {
		b.attr("transactionDescriptor", base64.StdEncoding.EncodeToString(step.Transaction))
	}
	b.add("/>")
}

// payload is nothing: an end needs no batch (S-52), and there is no empty one.
func (sqlProtocol) payload() string { return "" }

func (sqlProtocol) action() string { return SQLNamespace + "sqlbatch" } // S-78: no separator

func (sqlProtocol) answer(headers []soap.Header) answerHeader {
	for i := range headers {
		if !isSQLSession(headers[i].Name) {
			continue
		}
		e := headers[i].Element
		a := answerHeader{found: true}
		a.id, _ = e.Attr("", "sessionId")
		a.terminate, _ = sqlBoolean(e, "terminate")
		if text, ok := e.Attr("", "timeout"); ok {
			seconds, err := strconv.ParseInt(strings.Trim(text, xmlSpace), 10, 32)
			switch {
			case err != nil:
			case seconds <= 0:
				a.timeout = Never
			default:
				a.timeout = time.Duration(seconds) * time.Second
			}
		}
		return a
	}
	return answerHeader{}
}

func (sqlProtocol) judge(f *soap.Fault, a answerHeader) verdict {
	if f.Code.Local == "MustUnderstand" {
		return faultUnknown
	}
	if a.terminate {
		return faultSession
	}
	for _, code := range sqlSubcodes(f) {
		if code == subcodeSession { // S-49: the header may be missing
			return faultSession
		}
	}
	return faultOther
}

// sqlSubcodes returns the local names of a fault's subcodes, from the outermost
// inwards. A SOAP 1.1 fault carries those of SOAP 1.2 in its detail (S-83).
func sqlSubcodes(f *soap.Fault) []string {
	var names []string
	for _, n := range f.Subcodes {
		names = append(names, n.Local)
	}
	if f.Version == soap.V12 || f.Detail == nil {
		return names
	}
	code := f.Detail.Find(soap.NS12, "Code")
	for code != nil {
		if code = code.Find(soap.NS12, "Subcode"); code == nil {
			break
		}
		if value := code.Find(soap.NS12, "Value"); value != nil {
			text := strings.TrimSpace(value.Text())
			names = append(names, text[strings.IndexByte(text, ':')+1:])
		}
	}
	return names
}

// transaction returns the token of the transaction that is under way after an
// answer: the changes that its result stream reports, in order.
func transaction(current []byte, body []*xml.Element) []byte {
	for _, response := range body {
		result := response.Find(SQLNamespace, "sqlbatchResult")
		if result == nil {
			continue
		}
		for _, item := range result.Elements() {
			if item.Name.Local != "SqlTransaction" {
				continue
			}
			descriptor, kind := "", ""
			for _, part := range item.Elements() {
				switch part.Name.Local {
				case "Descriptor":
					descriptor = part.Text()
				case "Type":
					kind = strings.TrimSpace(part.Text())
				}
			}
			switch kind {
			case "Begin", "EnlistDTC":
				if b, err := base64Value(descriptor); err == nil {
					current = b
				}
			case "Commit", "Rollback", "Defect":
				current = nil
			}
		}
	}
	return current
}
