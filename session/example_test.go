package session_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// The server's side: what an endpoint does with a message.
func ExampleTable() {
	table := session.NewTable(session.TableOptions{Rand: rand.Reader})
	defer table.Close()
	message := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>` +
		`<ad:BeginSession xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" s:mustUnderstand="1"/></s:Header>` +
		`<s:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/></s:Body></s:Envelope>`
	envelope, err := soap.Parse([]byte(message), soap.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	step, err := session.DSMLStep(envelope.Headers, session.DialectOptions{})
	if err != nil {
		fmt.Println(session.DSMLFault(err, envelope.Version).DetailText())
		return
	}
	peer := session.Peer{Address: "192.0.2.1", Identity: "cn=alice"}
	connect := func(context.Context) (io.Closer, error) { return io.NopCloser(nil), nil }
	var lease *session.Lease
	switch ctx := context.Background(); step.Kind {
	case session.StepBegin:
		lease, err = table.Begin(ctx, peer, connect)
	case session.StepUse:
		lease, err = table.Use(ctx, step.ID, peer)
	case session.StepEnd:
		lease, err = table.End(ctx, step.ID, peer)
	}
	if err != nil {
		fmt.Println(session.DSMLFault(err, envelope.Version).DetailText())
		return
	}
	defer lease.Release()
	w := xml.NewWriter(xml.WriterOptions{})
	session.DSMLResponseHeader(w, lease.ID())
	fmt.Println(strings.Replace(string(w.Bytes()), lease.ID(), "(32 digits)", 1))
	fmt.Println(table.List()[0].Status)
	// Output:
	// <ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="(32 digits)"/>
	// running
}

// The client's side: what is sent, and what comes back.
func ExampleTracker() {
	t := session.NewTracker(session.TrackerOptions{Dialect: session.DSML})
	out, err := t.Begin(nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("SOAPAction:", out.SOAPAction)
	reply, err := t.Receive([]byte(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>`+
		`<ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="42"/></s:Header>`+
		`<s:Body><batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"/></s:Body></s:Envelope>`), session.Meta{Status: 200})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(reply.Outcome, t.State(), t.ID())
	fmt.Println(reply.Explanation)
	// Output:
	// SOAPAction: "#batchRequest"
	// opened open 42
	// The session is open. The server does not say how long it keeps it; we reckon with 10 minutes after each answer.
}
