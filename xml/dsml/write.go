package dsml

import (
	"strings"
	"unicode/utf8"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// WriteOptions says how a document is written.
type WriteOptions struct {
	Indent      int          // spaces per level; 0: all on one line
	Declaration bool         // begin with an XML declaration
	Envelope    soap.Version // put the document into an envelope; 0: write it bare
	// Strict refuses what the schema has no word for though servers know it: the
	// selectors * and +, ranges and underscores in names, the operation
	// increment.
	Strict bool
}

// Marshal returns a document as text. Errors are *Error.
func Marshal(d Document, o WriteOptions) ([]byte, error) {
	w := xml.NewWriter(xml.WriterOptions{Indent: o.Indent, Declaration: o.Declaration})
	if o.Envelope != 0 {
		soap.Start(w, o.Envelope, "", nil)
	}
	err := write(w, d, o.Strict)
	if err == nil && o.Envelope != 0 {
		soap.End(w)
	}
	if err == nil {
		err = w.Err()
	}
	if err != nil {
		return nil, wrap(err)
	}
	return w.Bytes(), nil
}

// Write writes a document, bare, at the place where w stands.
func Write(w *xml.Writer, d Document) error { return write(w, d, false) }

func write(xw *xml.Writer, d Document, strict bool) error {
	w := &writer{w: xw, strict: strict}
	switch d := d.(type) {
	case *BatchRequest:
		w.batchRequest(d)
	case *BatchResponse:
		w.open("batchResponse", anyTyped(d))
		w.optional("requestID", d.RequestID)
		for _, r := range d.Responses {
			w.response(r)
		}
		xw.End()
	default:
		w.fail("dsml-root", "", "a nil document", "")
	}
	return w.error()
}

// StartBatchResponse opens a batchResponse, for answers that are sent while they
// are made. EndBatchResponse closes it.
func StartBatchResponse(w *xml.Writer, id Optional) error {
	x := &writer{w: w}
	x.open("batchResponse", true)
	x.optional("requestID", id)
	return x.error()
}

// EndBatchResponse closes what StartBatchResponse opened.
func EndBatchResponse(w *xml.Writer) error {
	w.End()
	return w.Err()
}

// StartSearchResponse opens a searchResponse inside an open batchResponse.
// Entries follow, then references, then EndSearchResponse (D-93).
func StartSearchResponse(w *xml.Writer, id Optional) error {
	x := &writer{w: w}
	x.start("searchResponse")
	x.optional("requestID", id)
	return x.error()
}

// WriteEntry writes one entry into an open searchResponse.
func WriteEntry(w *xml.Writer, e *SearchResultEntry) error {
	x := &writer{w: w}
	e.write(x)
	return x.error()
}

// WriteReference writes one reference into an open searchResponse.
func WriteReference(w *xml.Writer, r *SearchResultReference) error {
	x := &writer{w: w}
	r.write(x)
	return x.error()
}

// EndSearchResponse writes the searchResultDone and closes the searchResponse.
func EndSearchResponse(w *xml.Writer, done *Result) error {
	x := &writer{w: w}
	x.start("searchResultDone")
	x.result(&done.LDAPResult)
	w.End()
	w.End()
	return x.error()
}

// WriteRequest writes one request into an open batchRequest.
func WriteRequest(w *xml.Writer, r Request) error {
	x := &writer{w: w}
	x.request(r)
	return x.error()
}

// WriteResponse writes one response into an open batchResponse.
func WriteResponse(w *xml.Writer, r Response) error {
	x := &writer{w: w}
	x.response(r)
	return x.error()
}

// writer writes DSML through an xml.Writer, and keeps the first thing that
// cannot be said in DSML.
type writer struct {
	w      *xml.Writer
	strict bool
	err    *Error
}

func (w *writer) error() error {
	if w.err != nil {
		return w.err
	}
	if err := w.w.Err(); err != nil {
		return wrap(err)
	}
	return nil
}

//go:noinline
func (w *writer) fail(code, statement, message, hint string) {
	if w.err == nil {
		w.err = &Error{Code: code, Message: message, Hint: hint, Statement: statement}
	}
}

// extension refuses what the schema does not have, when strictness was asked
// for.
func (w *writer) extension(code, statement, message string) {
	if w.strict {
		w.fail(code, statement, message, "")
	}
}

func (w *writer) depth() int { return DefaultFilterDepth }

//go:noinline
func (w *writer) start(local string) { w.w.Start(Namespace, local) }

// open starts a batch, with the prefixes that typed values need (D-88).
func (w *writer) open(local string, types bool) {
	w.w.Prefix("", Namespace)
	if types {
		w.w.Prefix("xsd", nsXSD)
		w.w.Prefix("xsi", nsXSI)
	}
	w.start(local)
}

// typed gives the element that has just been started its type. The text is
// literal because clients exist that compare it so (D-87); the prefix is
// declared on the batch.
func (w *writer) typed(name string) { w.w.Attr(nsXSI, "type", "xsd:"+name) }

func (w *writer) batchRequest(b *BatchRequest) {
	w.open("batchRequest", anyTyped(b))
	w.optional("requestID", b.RequestID)
	if b.Processing != 0 {
		w.enum("processing", processings, int(b.Processing))
	}
	if b.ResponseOrder != 0 {
		w.enum("responseOrder", responseOrders, int(b.ResponseOrder))
	}
	if b.OnError != 0 {
		w.enum("onError", onErrors, int(b.OnError))
	}
	for i, r := range b.Requests {
		if _, ok := r.(*AuthRequest); ok && i > 0 {
			w.fail("dsml-order", "D-33", "an AuthRequest stands behind other requests", "it has to come first")
		}
		if r != nil && b.Processing == ProcessParallel && b.ResponseOrder == OrderUnordered && !r.Head().RequestID.Set {
			w.fail("dsml-requestid", "D-22", "the "+r.Element()+" has no RequestID, and the batch is parallel and unordered", "")
		}
		w.request(r)
	}
	w.w.End()
}

func (w *writer) request(r Request) {
	if x, ok := r.(interface{ write(*writer) }); ok {
		x.write(w)
		return
	}
	w.fail("dsml-element", "", "a nil request", "")
}

func (w *writer) response(r Response) {
	if x, ok := r.(*Result); ok && x != nil && x.Kind == SearchResultDone {
		w.fail("dsml-result", "D-93", "a searchResultDone outside a searchResponse", "")
		return
	}
	if x, ok := r.(interface{ write(*writer) }); ok {
		x.write(w)
		return
	}
	w.fail("dsml-element", "", "a nil response", "")
}

func (w *writer) enum(name string, names []string, i int) {
	n := nameOf(names, i)
	if n == "" {
		w.fail("dsml-value", "", name+" has no value", "")
		return
	}
	w.w.Attr("", name, n)
}

// dn writes a name. Characters that XML has no place for are escaped as
// RFC 4514 allows.
func (w *writer) dn(attr, name string) {
	if !xmlSafe(name) {
		name = escapeDN(name)
	}
	w.w.Attr("", attr, name)
}

// name writes the name of an attribute.
func (w *writer) name(name string, selectors bool) {
	switch c := classify(name); {
	case c == nameValid:
	case c == nameLoose, c == nameSelector && selectors:
		w.extension("dsml-name", "D-46", "the schema has no place for the name \""+excerpt([]byte(name))+"\"")
	default:
		w.fail("dsml-name", "D-53", "\""+excerpt([]byte(name))+"\" is no name of an attribute", "")
	}
	w.w.Attr("", "name", name)
}

func (w *writer) oidAttr(attr, oid, statement string) {
	if !isOID(oid) {
		w.fail("dsml-oid", statement, "\""+excerpt([]byte(oid))+"\" is no object identifier", "")
	}
	w.w.Attr("", attr, oid)
}

func (w *writer) oidElement(local, oid, statement string) {
	if !isOID(oid) {
		w.fail("dsml-oid", statement, local+" \""+excerpt([]byte(oid))+"\" is no object identifier", "")
	}
	w.start(local)
	w.w.Text(oid)
	w.w.End()
}

func (w *writer) uris(local string, uris []string) {
	for _, u := range uris {
		w.start(local)
		w.w.Text(escapeURI(u))
		w.w.End()
	}
}

const hexDigits = "0123456789ABCDEF"

// escapeDN writes each byte that XML has no place for as a backslash and two
// hexadecimal digits (RFC 4514 section 2.4). A backslash that escapes such a
// byte already is not written twice.
func escapeDN(s string) string {
	b := make([]byte, 0, len(s)+8)
	escaped := false
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		part := s[i : i+n]
		if xmlSafe(part) {
			b = append(b, part...)
			escaped = part == "\\" && !escaped
		} else {
			for j := 0; j < n; j++ {
				if !escaped {
					b = append(b, '\\')
				}
				b = append(b, hexDigits[part[j]>>4], hexDigits[part[j]&15])
				escaped = false
			}
		}
		i += n
	}
	return string(b)
}

// escapeURI writes bytes that XML has no place for in percent form, and spaces
// as well where white space would be read otherwise than it was written. A
// single space between other characters is read as it is: no URI has a place
// for it, but what was read goes out again unchanged.
func escapeURI(s string) string {
	if xmlSafe(s) && collapse([]byte(s)) == s {
		return s
	}
	b := make([]byte, 0, len(s)+8)
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		part := s[i : i+n]
		if xmlSafe(part) && part[0] > ' ' {
			b = append(b, part...)
		} else {
			for j := 0; j < n; j++ {
				b = append(b, '%', hexDigits[part[j]>>4], hexDigits[part[j]&15])
			}
		}
		i += n
	}
	return string(b)
}

// printable replaces what XML has no place for in a message for people.
// Directories are known to end theirs with a NUL.
func printable(s string) string {
	if xmlSafe(s) {
		return s
	}
	s = strings.TrimRight(s, "\x00")
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
