package endpoint

import (
	"net/http"
	"net/url"
	"strings"
)

// crossOrigin applies the rules for web pages of other origins and reports
// whether the request may go on. A page that is not allowed is refused even
// where the browser would only hide the answer from it: a request that changes
// the directory must not run because somebody opened a web page.
func (h *DSML) crossOrigin(w http.ResponseWriter, r *http.Request) bool {
	head := w.Header()
	head.Add("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if origin == "" || sameOrigin(origin, r) {
		return true
	}
	if !h.allowAll && !h.allowed[origin] {
		http.Error(w, "The origin "+origin+" may not call this endpoint. Start the server with --allow-origin "+origin+" to allow it.", http.StatusForbidden)
		return false
	}
	head.Set("Access-Control-Allow-Origin", origin)
	head.Set("Access-Control-Expose-Headers", "Content-Type, Date, Server, WWW-Authenticate")
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
