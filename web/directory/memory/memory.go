// Package memory is an LDAP directory that lives in memory: the sample that an
// endpoint serves when nobody has a directory at hand, and a place to try
// changes that hurt nobody.
//
// It answers as a server of RFC 4511 does: names, filters and values are
// matched by the rules of a schema (see cn=Subschema), changes are checked
// against it, and every request ends in an LDAP result code. It is a sandbox.
// Whoever can reach it may read and change everything in it, except that
// nobody can read userPassword; who somebody is shows in creatorsName,
// modifiersName and the answer to "Who am I?". Options.ReadOnly refuses
// changes. Nothing is kept when the program ends.
//
// Where RFC 4511 leaves room, this directory
//
//   - adds the superclasses that an objectClass leaves out, and the values of
//     the RDN that an entry leaves out;
//   - orders strings with >=, <= and the sort control even where the schema
//     names no ordering rule;
//   - shows the attributes of the root DSE without being asked for them by
//     name, as Active Directory does;
//   - compares photos, which RFC 2798 gives no rule, byte by byte;
//   - keeps the operational attribute aci, in which directories of the Netscape
//     family write their access control, and does not obey it;
//   - stores the text of a value that is a reference (anyURI), and never what it
//     points at;
//   - takes a search as of the moment at which it began: pages of one search
//     fit together whatever is changed between them.
package memory

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Options says what a directory is like. The zero value is an empty directory
// with no place to put an entry.
type Options struct {
	// Contexts are the names at which trees of entries begin. The entries
	// themselves have to be added.
	Contexts []string
	// ReadOnly refuses every change with unwillingToPerform.
	ReadOnly bool
	// SizeLimit is the number of entries that a search without paging may
	// return before it ends with adminLimitExceeded; 0 is no limit.
	SizeLimit int
	// Now is the clock of timestamps and time limits; nil is time.Now.
	Now func() time.Time
	// Rand is where cookies and UUIDs come from; nil is crypto/rand.
	Rand io.Reader
}

// Directory is a directory in memory. It implements [directory.Backend]; its
// methods may be called from several goroutines.
type Directory struct {
	schema   *schema
	contexts []name
	readOnly bool
	limit    int
	now      func() time.Time
	closed   atomic.Bool

	randMu sync.Mutex
	rand   io.Reader

	mu    sync.RWMutex // of what follows; never held while a caller's code runs
	roots []*node
	nodes map[string]*node // by the key of their name
}

// node is the place of an entry in the tree. The directory's lock covers it;
// the entry itself never changes.
type node struct {
	entry    *entry
	parent   *node // nil at the root of a tree
	children []*node
}

// depth bounds the length of names: the tree is walked by recursion, and the
// stack of a browser or Worker is small.
const depth = 100

// New makes an empty directory. The error is for contexts that are no names.
func New(o Options) (*Directory, error) {
	d := &Directory{
		schema: standard(), readOnly: o.ReadOnly, limit: o.SizeLimit, now: o.Now, rand: o.Rand,
		nodes: map[string]*node{},
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.rand == nil {
		d.rand = rand.Reader
	}
	for _, c := range o.Contexts {
		n, err := d.schema.parseName(c)
		if err != nil || n.isRoot() {
			return nil, fmt.Errorf("memory: context %q is not the name of an entry", c)
		}
		d.contexts = append(d.contexts, n)
	}
	return d, nil
}

// Len returns the number of entries.
func (d *Directory) Len() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.nodes)
}

// Close ends the directory: every later request fails.
func (d *Directory) Close() error {
	d.closed.Store(true)
	return nil
}

// conn is one connection: an identity, and the paged searches under way.
type conn struct {
	d      *Directory
	who    string // name of the entry that was bound, "" for anonymous
	closed atomic.Bool

	mu    sync.Mutex
	pages map[string]*paging // by cookie (D-147)
	clock uint64             // counts uses, to find the oldest
}

// Connect opens a connection. An identity has either the name of an entry or
// its uid, and the password in its userPassword.
func (d *Directory) Connect(_ context.Context, id directory.Identity) (directory.Conn, error) {
	if d.closed.Load() {
		return nil, &directory.Error{Type: dsml.CouldNotConnect, Message: "the directory is closed"}
	}
	who, err := d.bind(id)
	if err != nil {
		return nil, err
	}
	return &conn{d: d, who: who, pages: map[string]*paging{}}, nil
}

// Close drops what is bound to the connection.
func (c *conn) Close() error {
	c.closed.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pages = nil
	return nil
}

// Do runs one request; see [directory.Conn].
func (c *conn) Do(ctx context.Context, req dsml.Request, emit func(directory.SearchItem) error) (dsml.Response, error) {
	if c.closed.Load() || c.d.closed.Load() {
		return nil, &directory.Error{Type: dsml.ConnectionClosed, Message: "the connection to the directory is closed"}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	op := &operation{conn: c, d: c.d, ctx: ctx, who: c.who, emit: emit}
	err := op.readControls(req)
	if err == nil && c.d.readOnly && changes(req) {
		err = fail(dsml.UnwillingToPerform, "this directory can only be read")
	}
	if err == nil {
		err = op.run(req)
	}
	return op.respond(req, err)
}

func changes(req dsml.Request) bool {
	switch req := req.(type) {
	case *dsml.AddRequest, *dsml.DelRequest, *dsml.ModifyRequest, *dsml.ModDNRequest:
		return true
	case *dsml.ExtendedRequest:
		return req.RequestName == dsml.OIDPasswordModify
	}
	return false
}

// operation is one request on its way.
type operation struct {
	conn *conn
	d    *Directory
	ctx  context.Context
	who  string // who it is done for: the connection's identity or a proxied one
	emit func(directory.SearchItem) error
	controls

	answer   []dsml.Control // controls of the result
	extended dsml.ExtendedResponse
}

func (op *operation) run(req dsml.Request) error {
	switch req := req.(type) {
	case *dsml.SearchRequest:
		return op.search(req)
	case *dsml.AddRequest:
		return op.add(req)
	case *dsml.DelRequest:
		return op.delete(req)
	case *dsml.ModifyRequest:
		return op.modify(req)
	case *dsml.ModDNRequest:
		return op.rename(req)
	case *dsml.CompareRequest:
		return op.compare(req)
	case *dsml.ExtendedRequest:
		return op.extend(req)
	case *dsml.AuthRequest:
		_, err := op.d.authorization(req.Principal)
		return err
	case *dsml.AbandonRequest:
		return nil // whoever runs requests side by side knows which to give up
	}
	return &directory.Error{Type: dsml.OtherError, Message: "the directory does not know the request " + req.Element()}
}

var resultKinds = map[string]dsml.ResultKind{
	"authRequest": dsml.AuthResponse, "searchRequest": dsml.SearchResultDone, "modifyRequest": dsml.ModifyResponse,
	"addRequest": dsml.AddResponse, "delRequest": dsml.DelResponse, "modDNRequest": dsml.ModDNResponse,
	"compareRequest": dsml.CompareResponse,
}

// respond turns the outcome of an operation into its response.
func (op *operation) respond(req dsml.Request, err error) (dsml.Response, error) {
	if _, ok := req.(*dsml.AbandonRequest); ok {
		return nil, nil
	}
	var result dsml.LDAPResult
	var f *failure
	switch {
	case err == nil:
	case errors.As(err, &f):
		result = dsml.LDAPResult{Code: f.code, ErrorMessage: f.message, MatchedDN: f.matched, Referrals: f.referrals}
	default:
		return nil, err
	}
	result.RequestID = req.Head().RequestID
	result.Controls = op.answer
	if _, ok := req.(*dsml.ExtendedRequest); ok {
		op.extended.LDAPResult = result
		return &op.extended, nil
	}
	return &dsml.Result{Kind: resultKinds[req.Element()], LDAPResult: result}, nil
}

// failure is an outcome other than success. Not all are errors: a comparison
// ends in one.
type failure struct {
	code      dsml.ResultCode
	message   string
	matched   string
	referrals []string
}

func (f *failure) Error() string { return f.code.String() + ": " + f.message }

func fail(code dsml.ResultCode, message string) error { return &failure{code: code, message: message} }

// random fills a new slice of n bytes.
func (d *Directory) random(n int) []byte {
	b := make([]byte, n)
	d.randMu.Lock()
	defer d.randMu.Unlock()
	if _, err := io.ReadFull(d.rand, b); err != nil {
		// A cookie that can be guessed, or a UUID that is there already, would
		// be worse than an end with a noise.
		panic("memory: no randomness: " + err.Error())
	}
	return b
}

func (d *Directory) newUUID() string {
	b := d.random(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
