package gateway

import (
	_ "embed"
	"html"
	"net/http"
	"strings"
)

// The description of the service in WSDL 1.1, document/literal. The schema of
// DSMLv2 stands inside it, because not every generator follows an import; it
// names the types as the standard does, since generators make class names of
// them.
var (
	//go:embed dsmlv2.wsdl
	wsdlText string
	//go:embed dsmlv2.xsd
	schemaText string
)

// describing answers ?wsdl with the description and ?xsd with the schema. Such
// a request never gets to the endpoint, whatever its method and body, so it
// cannot take part in a session (S-25).
func describing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var text string
		switch strings.ToLower(r.URL.RawQuery) {
		case "wsdl", "singlewsdl":
			text = wsdl(r)
		case "xsd":
			text = schemaText
		default:
			next.ServeHTTP(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "This is the address of the description, which can only be read. Send messages to it without ?"+r.URL.RawQuery+".", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(text)) // who has gone needs no answer
	})
}

// wsdl is the description for a client that came by this request's address:
// that is how it reaches the endpoint.
func wsdl(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	address := html.EscapeString(scheme + r.Host + r.URL.Path)
	return strings.NewReplacer("{{schema}}", schemaText, "{{address}}", address).Replace(wsdlText)
}
