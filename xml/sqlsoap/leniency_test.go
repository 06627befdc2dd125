package sqlsoap

import (
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// lenientDocuments has a message for each leniency of this package.
var lenientDocuments = map[string]string{
	"sql-message-namespace": strings.ReplaceAll(strings.ReplaceAll(fault11(embeddedCode+embeddedRest+`<e:Detail>`+aMessage+`</e:Detail>`),
		NSResultStream, oldMessageNamespace), NSMessage, oldMessageNamespace),
	"sql-plain-fault":          fault11(`<why/>`),
	"sql-negative-result-code": results(`<r:SqlResultCode>-6</r:SqlResultCode>`),
	"sql-type-names":           parameters(parameter(`name="a" sqlDbType="Sql_Variant"`, `<p:Value/>`)),
	"sql-answer-header":        answer(session(`initiate="true"`)),
	"sql-hostname-spelling":    request(`<o:hostname value="desk7"/>`),
	"sql-partner-spelling":     answer(`<o:DataMirroringPartner partner="urn:m"/>`),
	"sql-row-columns":          rowSet(schema(`<xsd:element name="column1"/>`), rows1(`<row><Column1>1</Column1></row>`)),
	"sql-base64-bits":          request(session(`sessionId="AAF="`)),
}

func TestLeniencies(t *testing.T) {
	for i := range leniencies {
		l := &leniencies[i]
		t.Run(l.Name, func(t *testing.T) {
			text := lenientDocuments[l.Name]
			if text == "" || l.Description == "" || l.Evidence == "" || l.Bit == 0 {
				t.Fatal("something is missing")
			}
			p := parse(t, text, Options{})
			if !slices.Equal(p.Leniencies, []string{l.Name}) {
				t.Errorf("used: %v", p.Leniencies)
			}
			q, err := Parse([]byte(text), Options{Strict: true})
			_, without := Parse([]byte(text), Options{Allow: DefaultAllow() &^ l.Bit})
			if strings.HasSuffix(l.Name, "-spelling") { // another header, kept as it is
				if err != nil || without != nil || len(q.Headers.Other) != 1 {
					t.Errorf("strict: %v", err)
				}
			} else if e, ok := err.(*Error); !ok || without == nil || l.Statement != "" && e.Statement != l.Statement {
				t.Errorf("strict: %v, without the leniency: %v", err, without)
			}
			warned := slices.ContainsFunc(Validate([]byte(text), Options{}), func(d Diagnostic) bool { return d.Severity == SeverityWarning })
			if !warned {
				t.Error("Validate does not warn")
			}
			again(t, &p.Message, WriteOptions{})
		})
	}
}

func TestLeniencyBits(t *testing.T) {
	seen := make(map[Allow]string)
	for _, l := range append(append([]Leniency(nil), Leniencies...), dsml.Leniencies[len(soap.Leniencies):]...) {
		if other := seen[l.Bit]; other != "" || l.Bit == 0 || l.Bit&(l.Bit-1) != 0 {
			t.Errorf("%s and %s share the bit %x", l.Name, other, l.Bit)
		}
		seen[l.Bit] = l.Name
	}
	if EndpointAllow()&^DefaultAllow() != 0 {
		t.Error("an endpoint allows what is not allowed by default")
	}
	if got := AllowNames(AllowBase64Bits | soap.AllowNoNamespace); !slices.Equal(got, []string{"soap-no-namespace", "sql-base64-bits"}) {
		t.Errorf("%v", got)
	}
	for typ, want := range map[string]DBType{"Sql_Variant": Variant, "UtcDateTime": UTCDateTime, "Structured": Structured} {
		p := parse(t, parameters(parameter(`name="a" sqlDbType="`+typ+`"`, `<p:Value/>`)), Options{})
		if got := p.Document.(*Batch).Parameters[0].DBType; got != want {
			t.Errorf("%s is %v", typ, got)
		}
	}
}

func TestHintsForTheCaseOfNames(t *testing.T) {
	for name, c := range map[string]struct{ text, hint string }{
		"S-02": {request(`<o:SQLSession initiate="true"/>`), "did you mean sqlSession?"},
		"S-03": {request(session(`Initiate="true"`)), "did you mean initiate?"},
	} {
		found := slices.ContainsFunc(Validate([]byte(c.text), Options{}), func(d Diagnostic) bool {
			return d.Severity == SeverityWarning && d.Statement == name && d.Hint == c.hint
		})
		if !found {
			t.Errorf("%s: %+v", name, Validate([]byte(c.text), Options{}))
		}
	}
	if e := wantError(t, enveloped("", `<q:sqlBatch/>`), Options{}, CodeRoot, ""); e.Hint != "did you mean sqlbatch?" {
		t.Errorf("hint: %s", e.Hint)
	}
}
