package sqlsoap

import (
	"errors"
	"io"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Item is what a Decoder yields: a *Batch or a *Fault; or, of a response, the
// results in order, where a *RowSet comes without Rows when its first row is
// about to come, each Row after it, and at last each *Parameter.
type Item interface {
	// Element returns the local name of the element.
	Element() string
}

// ErrNeedInput is what Next returns when everything that was fed has been read
// and more is to come.
var ErrNeedInput = errors.New("sqlsoap: more input is needed")

// Decoder reads a message that arrives in pieces, and yields its parts as they
// become complete. It keeps no part that has been yielded, so its memory is
// bounded by the largest of them.
type Decoder struct {
	r     *router
	s     *xml.Scanner
	items []Item
	next  int
	err   error
}

// NewDecoder returns a Decoder that waits for input.
func NewDecoder(o Options) *Decoder {
	d := &Decoder{r: newRouter(o), s: xml.NewScanner(o.Limits)}
	d.r.d.deliver = func(i Item) { d.items = append(d.items, i) }
	return d
}

// Feed gives the next piece of the text, of any length. The Decoder keeps no
// reference to it.
func (d *Decoder) Feed(chunk []byte) { d.s.Feed(chunk) }

// Close says that the text ends here.
func (d *Decoder) Close() { d.s.Close() }

// Next returns the next part of the message, ErrNeedInput when there is none
// until more is fed, and io.EOF at the end of the message. Any other error is
// an *Error, and final.
func (d *Decoder) Next() (Item, error) {
	for d.next == len(d.items) {
		d.items, d.next = d.items[:0], 0
		if d.err != nil {
			return nil, d.err
		}
		k, err := d.s.Next()
		switch {
		case err != nil:
			d.err = wrap(err)
			continue
		case k == xml.NeedInput:
			return nil, ErrNeedInput
		}
		if err := d.r.Token(d.s, k); err != nil {
			d.err = wrap(err)
		} else if k == xml.EndDocument {
			d.err = io.EOF
		}
	}
	i := d.items[d.next]
	d.items[d.next] = nil
	d.next++
	return i, nil
}

// Parsed tells what is known of the message so far: its envelope, and its
// headers once the payload has begun. Its Document holds no parts; they have
// been yielded.
func (d *Decoder) Parsed() *Parsed { return d.r.parsed() }
