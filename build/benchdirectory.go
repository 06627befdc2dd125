package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// What an LDAP server is filled with for the bench: teams of equal size, and
// every tenth team is of one kind.
const (
	directorySuffix = "dc=bench,dc=test"
	teamSize        = 100
	teams           = 1000
	someTeams       = teams / 10
)

func teamFilter(n int) string { return fmt.Sprintf("(departmentNumber=%04d)", n%teams) }

const (
	someFilter = "(employeeType=some)"
	allFilter  = "(objectClass=inetOrgPerson)"
)

// wantedAttributes are what every search asks for.
var wantedAttributes = []string{"objectClass", "cn", "sn", "givenName", "uid", "mail", "telephoneNumber", "description", "departmentNumber", "seeAlso", "jpegPhoto"}

// inetOrgPerson tells where the generated entries have other attributes than
// the schema of OpenLDAP.
var inetOrgPerson = map[string]string{"memberOf": "seeAlso", "objectGUID": "jpegPhoto", "userCertificate": ""}

// directoryLDIF is that many teams, with what stands above them.
func directoryLDIF(count int) []byte {
	var b bytes.Buffer
	b.WriteString("dn: " + directorySuffix + "\nobjectClass: domain\ndc: bench\n\ndn: ou=people," + directorySuffix + "\nobjectClass: organizationalUnit\nou: people\n")
	line := func(name, value string) {
		b.WriteString(name + ":: " + base64.StdEncoding.EncodeToString([]byte(value)) + "\n")
	}
	n := 0
	names := strings.NewReplacer("<", `\3C`, ">", `\3E`)
	entries(1, false, func(e entry) bool {
		b.WriteString("\ndn: uid=" + e.attrs[4].values[0] + ",ou=people," + directorySuffix + "\n")
		for _, a := range e.attrs {
			name, other := inetOrgPerson[a.name]
			if !other {
				name = a.name
			}
			if name == "" || a.name == "whenChanged" {
				continue
			}
			// A generated list may name a group twice, which no directory does.
			for _, value := range slices.Compact(slices.Sorted(slices.Values(a.values))) {
				if name == "seeAlso" {
					value = names.Replace(value)
				}
				line(name, value)
			}
		}
		team := n / teamSize
		line("departmentNumber", fmt.Sprintf("%04d", team))
		if team%(teams/someTeams) == 0 {
			line("employeeType", "some")
		}
		n++
		return n < count*teamSize
	})
	return b.Bytes()
}

// asker is one client of a directory, by whatever protocol.
type asker interface {
	ask(ctx context.Context, filter string) (found, error)
	close()
}

// found is what a search gave, as the client has it: all of it in memory.
type found interface {
	count() int
	entries() []entry // for comparisons, outside of the time that is taken
}

// ldapAsker asks the server itself, with go-ldap.
type ldapAsker struct{ *ldap.Conn }

func newLDAPAsker(url string) (asker, error) {
	c, err := ldap.DialURL(url)
	if err != nil {
		return nil, err
	}
	return ldapAsker{c}, nil
}

func (a ldapAsker) close() { a.Conn.Close() }

func (a ldapAsker) ask(_ context.Context, filter string) (found, error) {
	r, err := a.Search(ldap.NewSearchRequest(directorySuffix, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, filter, wantedAttributes, nil))
	return foundLDAP{r}, err
}

// ownAsker asks the server itself, with the client that the gateway has. It
// shows what the way through the gateway costs beyond that.
type ownAsker struct{ directory.Conn }

func newOwnAsker(ctx context.Context, backend directory.Backend) (asker, error) {
	c, err := backend.Connect(ctx, directory.Identity{Anonymous: true})
	if err != nil {
		return nil, err
	}
	return ownAsker{c}, nil
}

func (a ownAsker) close() { _ = a.Close() }

func (a ownAsker) ask(ctx context.Context, filter string) (found, error) {
	request, err := searchFor(filter)
	if err != nil {
		return nil, err
	}
	r := &dsml.SearchResponse{}
	done, err := a.Do(ctx, request, func(it directory.SearchItem) error {
		r.Entries = append(r.Entries, it.Entry)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if result, ok := done.(*dsml.Result); !ok || result.Code != dsml.Success {
		return nil, fmt.Errorf("the server answers %v", done)
	}
	return foundDSML{r}, nil
}

func searchFor(filter string) (*dsml.SearchRequest, error) {
	f, err := dsml.ParseFilter(filter)
	return &dsml.SearchRequest{
		DN: directorySuffix, Scope: dsml.WholeSubtree, DerefAliases: dsml.NeverDerefAliases, Filter: f, Attributes: wantedAttributes,
	}, err
}

type foundLDAP struct{ *ldap.SearchResult }

func (f foundLDAP) count() int { return len(f.Entries) }

func (f foundLDAP) entries() (list []entry) {
	for _, e := range f.Entries {
		one := entry{dn: e.DN}
		for _, a := range e.Attributes {
			// As bytes: what a digest makes of a text depends on its being valid.
			attr := attribute{name: a.Name, binary: true}
			for _, v := range a.ByteValues {
				attr.values = append(attr.values, string(v))
			}
			one.attrs = append(one.attrs, attr)
		}
		list = append(list, one)
	}
	return list
}

// gatewayAsker asks by DSML over HTTP. Clients share the connections that they
// keep open.
type gatewayAsker struct {
	http *http.Client
	url  string
	body *bytes.Buffer // of the last answer
}

func newGatewayAsker(client *http.Client, url string) asker {
	return &gatewayAsker{client, url, &bytes.Buffer{}}
}

func (a *gatewayAsker) close() { a.http.CloseIdleConnections() }

func (a *gatewayAsker) ask(ctx context.Context, filter string) (found, error) {
	a.body.Reset()
	if err := a.post(ctx, filter, a.body); err != nil {
		return nil, err
	}
	parsed, err := dsml.Parse(a.body.Bytes(), dsml.Options{})
	if err != nil {
		return nil, err
	}
	batch, ok := parsed.Document.(*dsml.BatchResponse)
	if !ok || len(batch.Responses) != 1 {
		return nil, fmt.Errorf("the gateway answers %.300s", a.body)
	}
	r, ok := batch.Responses[0].(*dsml.SearchResponse)
	if !ok || r.Done.Code != dsml.Success {
		return nil, fmt.Errorf("the gateway answers %.300s", a.body)
	}
	return foundDSML{r}, nil
}

// post sends a search and copies the answer.
func (a *gatewayAsker) post(ctx context.Context, filter string, to io.Writer) error {
	search, err := searchFor(filter)
	if err != nil {
		return err
	}
	text, err := dsml.Marshal(&dsml.BatchRequest{Requests: []dsml.Request{search}}, dsml.WriteOptions{Envelope: soap.V11})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	response, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the gateway answers with the status %s", response.Status)
	}
	_, err = io.Copy(to, response.Body)
	return err
}

type foundDSML struct{ *dsml.SearchResponse }

func (f foundDSML) count() int { return len(f.Entries) }

func (f foundDSML) entries() (list []entry) {
	for _, e := range f.Entries {
		one := entry{dn: e.DN}
		for _, a := range e.Attrs {
			attr := attribute{name: a.Name, binary: true}
			for _, v := range a.Values {
				attr.values = append(attr.values, v.Data)
			}
			one.attrs = append(one.attrs, attr)
		}
		list = append(list, one)
	}
	return list
}

// sameEntries tells whether two clients found the same, in any order of the
// entries, and how many bytes of names and values that is.
func sameEntries(a, b found) (length int, same bool) {
	sorted := func(f found) string {
		list := f.entries()
		slices.SortFunc(list, func(x, y entry) int { return strings.Compare(x.dn, y.dn) })
		sum := newDigest()
		for _, e := range list {
			sum.entry(e)
		}
		return sum.String()
	}
	for _, e := range a.entries() {
		length += len(e.dn)
		for _, at := range e.attrs {
			length += len(at.name)
			for _, v := range at.values {
				length += len(v)
			}
		}
	}
	return length, a.count() == b.count() && sorted(a) == sorted(b)
}
