package endpoint

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// notes writes down what it is told.
type notes struct {
	mu         sync.Mutex
	messages   []Message
	operations []string
}

func (n *notes) Operation(_ context.Context, o Operation) {
	n.mu.Lock()
	defer n.mu.Unlock()
	result := "none"
	switch r := o.Response.(type) {
	case *dsml.ErrorResponse:
		result = r.Type.String()
	case *dsml.Result:
		result = r.Code.String()
	case *dsml.ExtendedResponse:
		result = r.Code.String()
	}
	n.operations = append(n.operations, fmt.Sprint(o.Request, " ", result, " ", o.Entries))
}

func (n *notes) Message(_ context.Context, m Message) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.messages = append(n.messages, m)
}

func (n *notes) last() Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.messages) == 0 {
		return Message{}
	}
	return n.messages[len(n.messages)-1]
}

func TestObserver(t *testing.T) {
	n := &notes{}
	s := newServer(t, func(o *Options) { o.Observer, o.MaxRequests = n, 3 })
	base := searchOf(`dn="`+people+`" scope="baseObject"`, "", anything)
	missing := searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)
	for _, c := range []struct {
		text string
		want Message
	}{
		{envelope("", batchOf("", base+`<abandonRequest requestID="3" abandonID="1"/>`+missing)), Message{Requests: 3, Outcome: OutcomeAnswered}},
		{envelope("", batchOf("", base+base+base+base)), Message{Requests: 4, Outcome: OutcomeRefused}},
		{envelope("", "<x/>"), Message{Outcome: OutcomeMalformed}},
		{envelope(inSession("no such session"), batchOf("", base)), Message{Step: session.StepUse, Requests: 1, Outcome: OutcomeFault}},
		{envelope(`<x:y xmlns:x="urn:x" s:mustUnderstand="1"/>`, batchOf("", "")), Message{Outcome: OutcomeFault}},
	} {
		s.post(c.text)
		if got := n.last(); got != c.want {
			t.Errorf("%.200s: told %+v, want %+v", c.text, got, c.want)
		}
	}
	if want := "[searchRequest 0 success 1 abandonRequest none 0 searchRequest 32 noSuchObject 0]"; fmt.Sprint(n.operations) != want {
		t.Errorf("operations %v, want %s", n.operations, want)
	}
	id := s.begin()
	if got := n.last(); got.Step != session.StepBegin || got.Session == "" || strings.Contains(got.Session, id) {
		t.Errorf("begin of session %s: told %+v", id, got)
	}
	s.hangUp(envelope("", batchOf("", base)))
	if got := n.last().Outcome; got != OutcomeFault && got != OutcomeBroken {
		t.Errorf("a client that has gone: %q", got)
	}
}

func TestMaxEntries(t *testing.T) {
	sample := memory.Sample()
	for limit, want := range map[int]string{1: `code="4"`, 2: `code="4"`, 50: `code="0"`} {
		s := newServer(t, func(o *Options) { o.Backend, o.MaxEntries = sample, limit })
		got := s.post(envelope("", batchOf("", searchOf(`dn="dc=example,dc=org" scope="singleLevel"`, "", `<present name="ou"/>`+noAttributes))))
		got.want(t, 200, want, "</batchResponse>")
		if n := strings.Count(got.body, "<searchResultEntry"); n > limit {
			t.Errorf("limit %d: %d entries", limit, n)
		}
	}
}
