package memory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

const base = "dc=example,dc=org"

// client talks to a directory as the endpoint does.
type client struct {
	t    testing.TB
	conn directory.Conn
}

func connect(t testing.TB, d *Directory) client {
	t.Helper()
	c, err := d.Connect(context.Background(), directory.Identity{Anonymous: true})
	if err != nil {
		t.Fatal(err)
	}
	return client{t, c}
}

// small is a directory of a few entries, for tests that change it.
func small(t testing.TB, o Options) client {
	t.Helper()
	o.Contexts = append(o.Contexts, base)
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	readOnly := d.readOnly
	d.readOnly = false
	c := connect(t, d)
	for _, e := range []struct{ dn, attrs string }{
		{base, "objectClass=domain"},
		{"ou=a," + base, "objectClass=organizationalUnit|description=first unit"},
		{"ou=b," + base, "objectClass=organizationalUnit"},
		{"uid=eve,ou=a," + base, "objectClass=inetOrgPerson|cn=Eve Adams|cn;lang-de=Eva Adam|sn=Adams|title=Engineer|telephoneNumber=+1 555-0100|mail=eve@example.org|userPassword=apple"},
		{"uid=bob,ou=a," + base, "objectClass=inetOrgPerson|objectClass=posixAccount|cn=Bob  Śliwa|sn=Śliwa|uidNumber=1001|gidNumber=100|homeDirectory=/home/bob|manager=UID=eve, OU=a," + base},
		{"cn=team,ou=b," + base, "objectClass=groupOfNames|member=uid=eve,ou=a," + base + "|member=uid=bob,ou=a," + base},
		{"cn=eva,ou=b," + base, "objectClass=alias|objectClass=extensibleObject|aliasedObjectName=uid=eve,ou=a," + base},
		{"ou=away,ou=b," + base, "objectClass=referral|objectClass=extensibleObject|ref=ldap://other.example.net/ou=away,dc=example,dc=net"},
	} {
		c.want(dsml.Success, c.do(addRequest(e.dn, e.attrs)))
	}
	d.readOnly = readOnly
	return c
}

// addRequest reads attributes from "name=value|name=value".
func addRequest(dn, attrs string) *dsml.AddRequest {
	req := &dsml.AddRequest{DN: dn}
	for a := range strings.SplitSeq(attrs, "|") {
		name, v, found := strings.Cut(a, "=")
		if name == "" {
			continue
		}
		i := slices.IndexFunc(req.Attrs, func(a dsml.Attribute) bool { return a.Name == name })
		if i < 0 {
			i = len(req.Attrs)
			req.Attrs = append(req.Attrs, dsml.Attribute{Name: name})
		}
		if found {
			req.Attrs[i].Values = append(req.Attrs[i].Values, dsml.Value{Data: v})
		}
	}
	return req
}

// do runs a request that finds nothing.
func (c client) do(req dsml.Request) *dsml.LDAPResult {
	c.t.Helper()
	resp, err := c.conn.Do(context.Background(), req, func(directory.SearchItem) error {
		c.t.Errorf("%s finds something", req.Element())
		return nil
	})
	if err != nil {
		c.t.Fatalf("%s: %v", req.Element(), err)
	}
	switch r := resp.(type) {
	case *dsml.Result:
		if want := strings.Replace(req.Element(), "Request", "Response", 1); r.Element() != want && r.Kind != dsml.SearchResultDone {
			c.t.Errorf("the answer to %s is %s", req.Element(), r.Element())
		}
		return &r.LDAPResult
	case *dsml.ExtendedResponse:
		return &r.LDAPResult
	}
	c.t.Fatalf("%s: answer %T", req.Element(), resp)
	return nil
}

func (c client) want(code dsml.ResultCode, r *dsml.LDAPResult) *dsml.LDAPResult {
	c.t.Helper()
	if r.Code != code {
		c.t.Errorf("result is %v (%s), want %v", r.Code, r.ErrorMessage, code)
	}
	if r.Code.IsError() && r.ErrorMessage == "" {
		c.t.Errorf("result %v has no message", r.Code)
	}
	return r
}

// reply is all that a search gives.
type reply struct {
	entries []*dsml.SearchResultEntry
	refs    []string
	*dsml.LDAPResult
}

func (r reply) dns() []string {
	dns := make([]string, len(r.entries))
	for i, e := range r.entries {
		dns[i] = e.DN
	}
	return dns
}

// names returns the first values of the RDNs, which tell entries apart here.
func (r reply) names() string {
	var names []string
	for _, e := range r.entries {
		rdn, _, _ := strings.Cut(e.DN, ",")
		_, v, _ := strings.Cut(rdn, "=")
		names = append(names, v)
	}
	return strings.Join(names, " ")
}

func (c client) search(req *dsml.SearchRequest) reply {
	c.t.Helper()
	var r reply
	resp, err := c.conn.Do(context.Background(), req, func(item directory.SearchItem) error {
		switch {
		case item.Entry != nil && item.Reference == nil:
			r.entries = append(r.entries, item.Entry)
		case item.Reference != nil && item.Entry == nil:
			r.refs = append(r.refs, item.Reference.Refs...)
		default:
			c.t.Errorf("an item with %v and %v", item.Entry, item.Reference)
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	r.LDAPResult = &resp.(*dsml.Result).LDAPResult
	return r
}

func searchRequest(t testing.TB, dn string, scope dsml.Scope, filter string, attributes ...string) *dsml.SearchRequest {
	t.Helper()
	f, err := dsml.ParseFilter(filter)
	if err != nil {
		t.Fatal(err)
	}
	return &dsml.SearchRequest{DN: dn, Scope: scope, Filter: f, Attributes: attributes}
}

func (c client) find(dn string, scope dsml.Scope, filter string, attributes ...string) reply {
	c.t.Helper()
	return c.search(searchRequest(c.t, dn, scope, filter, attributes...))
}

// show reads one entry as "name=value|name=value".
func (c client) show(dn string, attributes ...string) string {
	c.t.Helper()
	r := c.find(dn, dsml.BaseObject, "(objectClass=*)", attributes...)
	if len(r.entries) != 1 {
		c.t.Fatalf("%s: %d entries, result %v", dn, len(r.entries), r.Code)
	}
	return text(r.entries[0])
}

func text(e *dsml.SearchResultEntry) string {
	var parts []string
	for _, a := range e.Attrs {
		if len(a.Values) == 0 {
			parts = append(parts, a.Name)
		}
		for _, v := range a.Values {
			parts = append(parts, a.Name+"="+v.Data)
		}
	}
	return strings.Join(parts, "|")
}

func with[R dsml.Request](req R, controls ...dsml.Control) R {
	head := req.Head()
	head.Controls = append(head.Controls, controls...)
	return req
}

func TestBackendErrors(t *testing.T) {
	d := Sample()
	c := connect(t, d)
	req := &dsml.DelRequest{DN: "ou=none"}
	typeOf := func(err error) dsml.ErrorType {
		var e *directory.Error
		if !errors.As(err, &e) {
			t.Fatalf("error %v", err)
		}
		return e.Type
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.conn.Do(ctx, req, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	if err := c.conn.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.conn.Do(context.Background(), req, nil); typeOf(err) != dsml.ConnectionClosed {
		t.Errorf("closed connection: %v", err)
	}
	other := connect(t, d)
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := other.conn.Do(context.Background(), req, nil); typeOf(err) != dsml.ConnectionClosed {
		t.Errorf("closed directory: %v", err)
	}
	if _, err := d.Connect(context.Background(), directory.Identity{Anonymous: true}); typeOf(err) != dsml.CouldNotConnect {
		t.Errorf("connecting to a closed directory: %v", err)
	}
}

func TestD_19_RequestID(t *testing.T) {
	c := small(t, Options{})
	for _, req := range []dsml.Request{
		&dsml.AddRequest{}, &dsml.DelRequest{}, &dsml.ModifyRequest{}, &dsml.ModDNRequest{}, &dsml.CompareRequest{}, &dsml.SearchRequest{},
		&dsml.AuthRequest{}, &dsml.ExtendedRequest{},
	} {
		req.Head().RequestID = dsml.Some("[ 7 ]")
		if r := c.do(req); r.RequestID != dsml.Some("[ 7 ]") {
			t.Errorf("%s: requestID is %v", req.Element(), r.RequestID)
		}
		req.Head().RequestID = dsml.Optional{}
		if r := c.do(req); r.RequestID.Set {
			t.Errorf("%s: a requestID out of nowhere", req.Element())
		}
	}
}

func TestD_61_Abandon(t *testing.T) {
	c := small(t, Options{})
	resp, err := c.conn.Do(context.Background(), &dsml.AbandonRequest{AbandonID: "1"}, nil)
	if resp != nil || err != nil {
		t.Errorf("answer %v, error %v", resp, err)
	}
}

func TestReadOnly(t *testing.T) {
	c := small(t, Options{ReadOnly: true})
	for _, req := range []dsml.Request{
		addRequest("ou=c,"+base, "objectClass=organizationalUnit"), &dsml.DelRequest{DN: "ou=b," + base},
		&dsml.ModifyRequest{DN: base}, &dsml.ModDNRequest{DN: "ou=a," + base, NewRDN: "ou=z"}, &dsml.ExtendedRequest{RequestName: dsml.OIDPasswordModify},
	} {
		c.want(dsml.UnwillingToPerform, c.do(req))
	}
	c.want(dsml.Success, c.find(base, dsml.WholeSubtree, "(cn=eve*)").LDAPResult)
	c.want(dsml.Success, c.do(&dsml.ExtendedRequest{RequestName: dsml.OIDWhoAmI}))
}

func TestOptions(t *testing.T) {
	for _, context := range []string{"", "nonsense", "=x"} {
		if _, err := New(Options{Contexts: []string{context}}); err == nil {
			t.Errorf("the context %q is accepted", context)
		}
	}
	d, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, d)
	c.want(dsml.NoSuchObject, c.do(addRequest(base, "objectClass=domain")))
	if d.Len() != 0 {
		t.Errorf("%d entries in an empty directory", d.Len())
	}
}

// ticking is a clock that goes on by a second whenever it is looked at.
func ticking() func() time.Time {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}
