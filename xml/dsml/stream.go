package dsml

import (
	"errors"
	"io"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Item is what a Decoder yields: a Request; or, of a batchResponse, a
// *SearchResultEntry, *SearchResultReference, *Result (searchResultDone
// included), *ExtendedResponse or *ErrorResponse.
type Item interface {
	// Element returns the local name of the element.
	Element() string
}

// ErrNeedInput is what Next returns when everything that was fed has been read
// and more is to come.
var ErrNeedInput = errors.New("dsml: more input is needed")

// Decoder reads a document that arrives in pieces, and yields its parts as they
// become complete. It keeps no part that has been yielded, so its memory is
// bounded by the largest of them.
type Decoder struct {
	r    *router
	s    *xml.Scanner
	next int // of the items
	err  error
	like bool // the next document may be like the last one
}

// NewDecoder returns a Decoder that waits for input.
func NewDecoder(o Options) *Decoder {
	d := &Decoder{r: newRouter(o), s: xml.NewScanner(o.limits())}
	d.r.d.delivers = true
	return d
}

// Reset makes the Decoder ready for another document. It keeps its memory, the
// names of attributes, and what it has learnt about the markup of entries.
func (d *Decoder) Reset(o Options) {
	d.r.d.reset(o)
	*d.r = router{d: d.r.d}
	d.s.Reset(o.limits())
	d.next, d.err = 0, nil
}

// Entries has the entries of search responses go to a sink, in pieces. Next
// then yields everything else. It is called before the first Next.
func (d *Decoder) Entries(sink EntrySink) { d.r.d.entries = sink }

// Reserve returns room for n bytes of the text, to be filled and handed over
// with Commit. It saves the copy that Feed makes. Calls of other methods in
// between make the room invalid.
func (d *Decoder) Reserve(n int) []byte { return d.s.Reserve(n) }

// Commit feeds the first n bytes of room, which Reserve returned.
func (d *Decoder) Commit(room []byte, n int) { d.s.Commit(room, n) }

// Feed gives the next piece of the text, of any length. The Decoder keeps no
// reference to it.
func (d *Decoder) Feed(chunk []byte) { d.s.Feed(chunk) }

// More says whether more of the text is at hand and will be fed at once. Next may
// then leave the last bytes of what was fed for then, which is faster.
func (d *Decoder) More(follows bool) { d.r.d.more = follows }

// Close says that the text ends here.
func (d *Decoder) Close() { d.s.Close() }

// Next returns the next part of the document, ErrNeedInput when there is none
// until more is fed, and io.EOF at the end of the document. Any other error is
// an *Error, and final.
func (d *Decoder) Next() (Item, error) {
	b := d.r.d
	for d.next == len(b.items) {
		b.items, d.next = b.items[:0], 0
		if d.err != nil {
			return nil, d.err
		}
		switch k, err := d.r.next(d.s); {
		case err != nil:
			d.err = wrap(err)
		case k == xml.NeedInput:
			return nil, ErrNeedInput
		case k == xml.EndDocument:
			d.err = io.EOF
			d.like = b.repeat.finish(b)
		}
	}
	i := b.items[d.next]
	b.items[d.next] = nil
	d.next++
	return i, nil
}

// Like reports whether the document that has been read to its end holds one
// search response that was, from its first value to its last, what a Decoder
// knows to repeat, so that Again may read the next one.
func (d *Decoder) Like() bool { return d.like && d.err == io.EOF }

// Again reads a whole document at once if it is byte for byte the last one but
// for its entries and the requestIDs of batch and search: pages of a search are
// such documents. It is called when the document has been committed and closed,
// before the first Next, and there has to be a sink, to which the entries go.
// SearchID is that of the document, and so is what Parsed tells, but that its
// envelope and its leniencies are those of the last document and not told again.
// The same goes for what Next would give: it gives io.EOF. Again returns false if
// the document is not such a one, or not known to be; the sink may have been
// given some of its entries then, and Next reads it as if nothing had been.
func (d *Decoder) Again() bool {
	if !d.like {
		return false
	}
	b := d.r.d
	if !b.repeat.whole(b, d.s) {
		d.like = false
		b.attr, b.val = attrReader{}, valueReader{}
		b.text, b.items, b.used = b.text[:0], b.items[:0], 0
		return false
	}
	d.err = io.EOF
	return true
}

// Parsed tells what is known of the document so far: its envelope once the
// payload has begun, whether it is a request, its requestID and the attributes
// of the batch. Its Document holds no parts; they have been yielded.
func (d *Decoder) Parsed() *Parsed { return d.r.parsed() }

// SearchID returns the requestID of the searchResponse that is being read.
func (d *Decoder) SearchID() Optional {
	if s := d.r.d.search; s != nil {
		return s.RequestID
	}
	return Optional{}
}

// Envelope returns the envelope as far as it has been read, or nil.
func (d *Decoder) Envelope() *soap.Envelope {
	if d.r.soap == nil {
		return nil
	}
	return d.r.soap.Envelope()
}
