package suite

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// DotNet does what a script on .NET does against the endpoint: it pages through
// all entries below base in a session, loses another, starts over, and asks for
// a page outside of a session. lose ends the session with that id behind the
// client's back. It returns how many entries there were, and in how many pages.
func DotNet(t *testing.T, url, base string, size byte, lose func(id string)) (entries, pages int) {
	t.Helper()
	client := newDotNet(t, url)
	names, pages := client.pageThrough(base, size)
	// A session that is gone is a WebException, and the client starts over.
	if err := client.beginSession(); err != nil {
		t.Fatal(err)
	}
	lose(client.session)
	for range 2 {
		if _, err := client.page(base, size, nil); err == nil || !strings.Contains(err.Error(), "(500)") {
			t.Errorf("a session that is gone: %v", err)
		}
	}
	client.session = ""
	if err := client.beginSession(); err != nil {
		t.Fatalf("starting over: %v", err)
	}
	if got, err := client.page(base, size, nil); err != nil || len(got.Search) != 1 || len(got.Search[0].Entries) == 0 {
		t.Errorf("a page after starting over: %+v, %v", got, err)
	}
	if err := client.endSession(); err != nil {
		t.Error(err)
	}
	// Outside of a session a page is refused (D-144).
	if got, err := client.page(base, size, nil); err != nil || len(got.Errors) != 1 || got.Errors[0].Type != "notAttempted" {
		t.Errorf("a page outside of a session: %+v, %v", got, err)
	}
	return len(names), pages
}

// dotNet behaves on the wire as .NET's DsmlSoapHttpConnection does: no
// Content-Type, Expect: 100-continue, the prefix se, the DSML namespace declared
// twice, every attribute of a batch written, begin and end of a session in round
// trips of their own, BER lengths of four bytes, and a reading that looks for
// few things and for those exactly.
type dotNet struct {
	t       *testing.T
	url     string
	http    *http.Client
	session string
}

func newDotNet(t *testing.T, url string) *dotNet {
	transport := &http.Transport{ExpectContinueTimeout: time.Second, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &dotNet{t: t, url: url, http: &http.Client{Transport: transport}}
}

const (
	soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
	dsmlNamespace = "urn:oasis:names:tc:DSML:2:0:core"
)

func (d *dotNet) batch(requests string) string {
	return `<batchRequest xmlns="` + dsmlNamespace + `" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" processing="sequential" responseOrder="sequential" onError="exit">` + requests + `</batchRequest>`
}

// header writes a session header; the id goes in without escaping.
func (d *dotNet) header(element, attribute string) string {
	return `<se:Header><ad:` + element + ` xmlns:ad="` + sessionSpace + `" ` + attribute + `se:mustUnderstand="1" /></se:Header>`
}

// send is one round trip; its error is what .NET throws as a WebException.
func (d *dotNet) send(header, batch string) ([]byte, error) {
	text := `<se:Envelope xmlns:se="` + soapNamespace + `">` + header + `<se:Body xmlns="` + dsmlNamespace + `">` + batch + `</se:Body></se:Envelope>`
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url, strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	request.Header["User-Agent"] = []string{""}
	request.Header.Set("SOAPAction", `"#batchRequest"`)
	request.Header.Set("Expect", "100-continue")
	answer, err := d.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("the remote server returned an error: (%d)", answer.StatusCode)
	}
	return body, err
}

func (d *dotNet) beginSession() error {
	if d.session != "" {
		return errors.New("there is a session already")
	}
	body, err := d.send(d.header("BeginSession", ""), d.batch(""))
	if err != nil {
		return err
	}
	var envelope struct {
		XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
		Header  struct {
			Session struct {
				Attrs []xml.Attr `xml:",any,attr"`
			} `xml:"urn:schema-microsoft-com:activedirectory:dsmlv2 Session"`
		} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Header"`
	}
	if err := xml.Unmarshal(body, &envelope); err != nil {
		return err
	}
	for _, space := range []string{sessionSpace, ""} {
		for _, a := range envelope.Header.Session.Attrs {
			if a.Name.Local == "SessionID" && a.Name.Space == space && d.session == "" {
				d.session = a.Value
			}
		}
	}
	if d.session == "" {
		return errors.New("missing SessionID attribute")
	}
	return nil
}

func (d *dotNet) endSession() error {
	if d.session == "" {
		return errors.New("there is no session")
	}
	_, err := d.send(d.header("EndSession", `ad:SessionID="`+d.session+`" `), d.batch(""))
	d.session = ""
	return err
}

// dotNetEntry is an entry as .NET reads it: a value with another xsi:type than
// the three that it knows literally is lost.
type dotNetEntry struct {
	DN    string `xml:"dn,attr"`
	Attrs []struct {
		Name   string `xml:"name,attr"`
		Values []struct {
			Type string `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr"`
			Text string `xml:",chardata"`
		} `xml:"value"`
	} `xml:"attr"`
}

type dotNetResponses struct {
	XMLName xml.Name `xml:"http://schemas.xmlsoap.org/soap/envelope/ Envelope"`
	Search  []struct {
		Entries []dotNetEntry `xml:"searchResultEntry"`
		Done    struct {
			Code struct {
				Code int `xml:"code,attr"`
			} `xml:"resultCode"`
			Control []struct {
				Type  string `xml:"type,attr"`
				Value string `xml:"controlValue"`
			} `xml:"control"`
		} `xml:"searchResultDone"`
	} `xml:"Body>batchResponse>searchResponse"`
	Errors []struct {
		Type string `xml:"type,attr"`
	} `xml:"Body>batchResponse>errorResponse"`
}

// longForm is a BER length as .NET writes it.
func longForm(n int) []byte {
	return append([]byte{0x84}, binary.BigEndian.AppendUint32(nil, uint32(n))...)
}

func element(tag byte, content []byte) []byte {
	return append(append([]byte{tag}, longForm(len(content))...), content...)
}

// page asks for one page, in the session if there is one.
func (d *dotNet) page(base string, size byte, cookie []byte) (dotNetResponses, error) {
	value := element(0x30, append(element(0x02, []byte{size}), element(0x04, cookie)...))
	search := `<searchRequest dn="` + base + `" scope="wholeSubtree" derefAliases="neverDerefAliases" sizeLimit="0" timeLimit="0" typesOnly="false">` +
		`<control type="1.2.840.113556.1.4.319" criticality="true"><controlValue xsi:type="xsd:base64Binary">` + base64.StdEncoding.EncodeToString(value) + `</controlValue></control>` +
		`<filter><present name="objectClass" /></filter></searchRequest>`
	var responses dotNetResponses
	header := ""
	if d.session != "" {
		header = d.header("Session", `ad:SessionID="`+d.session+`" `)
	}
	body, err := d.send(header, d.batch(search))
	if err == nil {
		err = xml.Unmarshal(body, &responses)
	}
	return responses, err
}

// pageThrough does what a script on .NET does: begin, pages, end.
func (d *dotNet) pageThrough(base string, size byte) (names map[string]bool, pages int) {
	d.t.Helper()
	if err := d.beginSession(); err != nil {
		d.t.Fatal(err)
	}
	names = map[string]bool{}
	var cookie []byte
	for {
		got, err := d.page(base, size, cookie)
		if err != nil || len(got.Search) != 1 || got.Search[0].Done.Code.Code != 0 {
			d.t.Fatalf("page %d: %+v, %v", pages+1, got, err)
		}
		pages++
		for _, e := range got.Search[0].Entries {
			if names[e.DN] {
				d.t.Errorf("%s came twice", e.DN)
			}
			names[e.DN] = true
			for _, a := range e.Attrs {
				for _, v := range a.Values {
					switch strings.ToLower(v.Type) {
					case "", "xsd:string", "xsd:anyuri":
					case "xsd:base64binary":
						if _, err := base64.StdEncoding.DecodeString(v.Text); err != nil {
							d.t.Errorf("%s of %s: %v", a.Name, e.DN, err)
						}
					default:
						d.t.Errorf("%s of %s has the type %q, and .NET loses it", a.Name, e.DN, v.Type)
					}
				}
			}
		}
		control := got.Search[0].Done.Control
		if len(control) != 1 || control[0].Type != "1.2.840.113556.1.4.319" {
			d.t.Fatalf("page %d has the controls %+v", pages, control)
		}
		raw, err := base64.StdEncoding.DecodeString(control[0].Value)
		if err != nil {
			d.t.Fatal(err)
		}
		answer, err := dsml.DecodePagedResults(dsml.Control{Type: dsml.OIDPagedResults, Value: &dsml.Value{Type: dsml.Base64Binary, Data: string(raw)}})
		if err != nil {
			d.t.Fatal(err)
		}
		if cookie = []byte(answer.Cookie); len(cookie) == 0 {
			break
		}
	}
	if err := d.endSession(); err != nil {
		d.t.Fatal(err)
	}
	return names, pages
}
