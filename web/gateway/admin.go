package gateway

import (
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"

	"github.com/dsmlkit/dsmlkit/session"
)

// admitted asks for the admin right: the token, as a Bearer token or as the
// password of any name, so that a browser can ask for it. Without a token in
// the configuration, who reaches the second address has the right; that is
// this machine alone, then.
func (g *Gateway) admitted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if g.config.AdminToken != "" && !sameSecret(g.config.AdminToken, shownToken(r)) {
			w.Header().Set("WWW-Authenticate", `Basic realm="dsmlkit operators", charset="UTF-8"`)
			http.Error(w, "This is for operators: give the admin token, as a Bearer token or as the password of any name.", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func shownToken(r *http.Request) string {
	if token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		return token
	}
	_, password, _ := r.BasicAuth()
	return password
}

// sameSecret takes the same time whatever is equal.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// sessions is the view of the sessions of all endpoints (S-24): a page, or JSON
// for who asks for it; login_name is the name that the caller of HTTP Basic gave.
func (g *Gateway) sessions(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Add("Vary", "Accept")
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-"+viewStyle+"'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		_ = viewPage.Execute(w, g.viewRows()) // who has gone needs no answer
		return
	}
	w.Header().Set("Content-Type", "application/json")
	all := make([]*session.Table, len(g.endpoints))
	names := map[int]string{}
	for i, e := range g.endpoints {
		all[i], names[i+1] = e.table, e.label()
	}
	_ = json.NewEncoder(w).Encode(map[string]any{ // who has gone needs no answer
		"endpoints": names,
		"sessions":  json.RawMessage(session.AppendRows(nil, session.View(session.Viewer{All: true}, all...))),
	})
}

// viewRow is a session on the page of the view.
type viewRow struct {
	Endpoint string
	session.Info
}

func (g *Gateway) viewRows() []viewRow {
	var rows []viewRow
	for _, e := range g.endpoints {
		for _, i := range e.table.List() {
			rows = append(rows, viewRow{e.label(), i})
		}
	}
	return rows
}

//go:embed view.html
var viewText string

var viewPage = template.Must(template.New("sessions").Parse(viewText))

// viewStyle allows the one style sheet that stands in the page.
var viewStyle = func() string {
	_, rest, _ := strings.Cut(viewText, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	return base64.StdEncoding.EncodeToString(sum[:])
}()
