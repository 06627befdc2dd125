package endpoint

import (
	"net/http"
	"net/url"
	"strings"
)

// Origins are the web origins whose pages may call an endpoint.
type Origins struct {
	all     bool
	allowed map[string]bool
}

// NewOrigins takes origins as browsers send them ("https://tool.example"); "*"
// allows every page.
func NewOrigins(allowed []string) Origins {
	o := Origins{allowed: map[string]bool{}}
	for _, origin := range allowed {
		o.all = o.all || origin == "*"
		o.allowed[origin] = true
	}
	return o
}

// Admit applies the rules for web pages of other origins and reports whether
// the request may go on; if not, it has been answered. A page that is not
// allowed is refused even where the browser would only hide the answer from it:
// a request that changes the directory must not run because somebody opened a
// web page. expose names headers of the answer that pages may read besides
// those of every endpoint.
func (o Origins) Admit(w http.ResponseWriter, r *http.Request, expose ...string) bool {
	head := w.Header()
	head.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || sameOrigin(origin, r) {
		return true
	}
	if !o.all && !o.allowed[origin] {
		http.Error(w, "The origin "+origin+" may not call this endpoint. Start the server with --allow-origin "+origin+" to allow it.", http.StatusForbidden)
		return false
	}
	head.Set("Access-Control-Allow-Origin", origin)
	head.Set("Access-Control-Expose-Headers", strings.Join(append([]string{"Content-Type, Date, Server, WWW-Authenticate"}, expose...), ", "))
	if r.Method == http.MethodOptions {
		head.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
		head.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, SOAPAction")
		head.Set("Access-Control-Max-Age", "600")
		// A public page that calls a server on a private network or on the
		// user's own machine is asked about twice.
		if r.Header.Get("Access-Control-Request-Private-Network") == "true" {
			head.Set("Access-Control-Allow-Private-Network", "true")
		}
	}
	return true
}

func sameOrigin(origin string, r *http.Request) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}
