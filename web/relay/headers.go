package relay

import (
	"net/http"
	"strings"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Headers that the relay adds to answers, so that a page sees what a browser
// keeps from it. They are exposed to pages of allowed origins.
const (
	// HeaderStatus is the status line of the other endpoint: "500 Internal Server
	// Error".
	HeaderStatus = "Dsmlkit-Upstream-Status"
	// HeaderCookie is a Set-Cookie header of the other endpoint, as it came. There
	// is one for each.
	HeaderCookie = "Dsmlkit-Upstream-Set-Cookie"
	// HeaderServer is its Server header.
	HeaderServer = "Dsmlkit-Upstream-Server"
	// HeaderError says in one word why the relay answers by itself; see the codes.
	HeaderError = "Dsmlkit-Error"
)

// Exposed are the headers that pages may read.
var Exposed = []string{HeaderStatus, HeaderCookie, HeaderServer, HeaderError, "Retry-After"}

// Codes of HeaderError.
const (
	CodeUnreachable = "upstream-unreachable" // no connection, or none that is trusted
	CodeBlocked     = "upstream-blocked"     // its name leads where the relay may not go
	CodeTimeout     = "upstream-timeout"     // no answer in time
	CodeRedirect    = "upstream-redirect"    // it wants the message to go elsewhere
	CodeTooLong     = "upstream-too-long"    // its answer is over the limit
	CodeEncoded     = "upstream-encoded"     // its answer is compressed, which was not asked for
	CodeLoop        = "relay-loop"           // the way leads back here
	CodeSession     = "session-refused"      // the relay's own session rules
	CodeRefused     = "relay-refused"        // the relay's own limits
)

// Request and response headers that pass as they are. Everything else stays
// behind: what belongs to the connection, to CORS, to the browser's dealings
// with this server, and what would tell one side about the other.
var (
	requestHeaders  = []string{"Content-Type", "Soapaction", "Accept", "Accept-Language", "User-Agent"}
	responseHeaders = []string{"Content-Type", "Content-Language", "Date", "Retry-After"}
)

// perRequest are the schemes of HTTP authentication that say who sends this
// request. Others (NTLM, Negotiate) say it of a connection, and connections to
// the other endpoint are shared.
var perRequest = map[string]bool{"basic": true, "bearer": true}

// authorization returns the Authorization header that goes on.
func authorization(r *http.Request) (string, error) {
	value := r.Header.Get("Authorization")
	scheme, _, _ := strings.Cut(value, " ")
	if value != "" && !perRequest[strings.ToLower(scheme)] {
		return "", &directory.Error{Type: dsml.AuthenticationFailed, Message: "the Authorization header uses a scheme other than Basic and Bearer, which cannot be relayed: it would stand for every later caller on the same connection"}
	}
	return value, nil
}

// outgoing makes the headers of the message for the other endpoint.
func (r *Relay) outgoing(in *http.Request, authorization string, kept []*http.Cookie) http.Header {
	h := http.Header{"Via": append(in.Header.Values("Via"), "1.1 "+r.self)}
	for _, name := range requestHeaders {
		if values := in.Header.Values(name); len(values) > 0 {
			h[name] = values
		}
	}
	if h.Get("User-Agent") == "" {
		h["User-Agent"] = []string{""} // none, rather than that of Go's client
	}
	if authorization != "" {
		h.Set("Authorization", authorization)
	}
	out := &http.Request{Header: h}
	own := map[string]bool{}
	for _, c := range in.Cookies() {
		if name, found := strings.CutPrefix(c.Name, r.cookiePrefix()); found && name != "" {
			own[name] = true
			out.AddCookie(&http.Cookie{Name: name, Value: c.Value, Quoted: c.Quoted})
		}
	}
	for _, c := range kept {
		if !own[c.Name] {
			out.AddCookie(c)
		}
	}
	return h
}

// cookiePrefix begins the names of the cookies that came from the other
// endpoint. A name of an endpoint has no dot, so no prefix begins another.
func (r *Relay) cookiePrefix() string { return "dsmlkit." + r.Name + "." }

// incoming puts the headers of an answer into those for the caller. encrypted
// tells whether the caller came by HTTPS.
func (r *Relay) incoming(h http.Header, answer *http.Response, encrypted bool) {
	for _, name := range responseHeaders {
		if values := answer.Header.Values(name); len(values) > 0 {
			h[name] = values
		}
	}
	for _, challenge := range answer.Header.Values("Www-Authenticate") {
		scheme, _, _ := strings.Cut(challenge, " ")
		if perRequest[strings.ToLower(scheme)] {
			h.Add("Www-Authenticate", challenge)
		}
	}
	h.Set(HeaderStatus, answer.Status)
	if server := answer.Header.Get("Server"); server != "" {
		h.Set(HeaderServer, server)
	}
	for _, line := range answer.Header.Values("Set-Cookie") {
		h.Add(HeaderCookie, line)
		c, err := http.ParseSetCookie(line)
		if err != nil {
			continue // no browser would have kept it either
		}
		http.SetCookie(headerOnly{h}, &http.Cookie{
			Name: r.cookiePrefix() + c.Name, Value: c.Value, Quoted: c.Quoted,
			Path: r.Path, Expires: c.Expires, MaxAge: c.MaxAge,
			HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: encrypted,
		})
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	// What the other endpoint sends is not this server's, should a browser ever
	// show it.
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
}

// headerOnly is a ResponseWriter for http.SetCookie, which wants one.
type headerOnly struct{ h http.Header }

func (o headerOnly) Header() http.Header         { return o.h }
func (o headerOnly) Write(p []byte) (int, error) { return len(p), nil }
func (o headerOnly) WriteHeader(int)             {}
