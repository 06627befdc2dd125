package endpoint

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// basicIdentity reads the caller's identity from the HTTP Authorization header.
// DSML has no bind of its own: who the caller is comes from the transport.
func basicIdentity(r *http.Request) (directory.Identity, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return directory.Identity{Anonymous: true}, nil
	}
	refused := func(message string) (directory.Identity, error) {
		return directory.Identity{}, &directory.Error{Type: dsml.AuthenticationFailed, Message: message}
	}
	scheme, encoded, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return refused("the Authorization header uses a scheme other than Basic, which this endpoint does not know")
	}
	text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return refused("the credentials of the Authorization header are not base64")
	}
	name, password, ok := strings.Cut(string(text), ":")
	if !ok {
		return refused("the credentials of the Authorization header have no colon between name and password")
	}
	if name == "" && password == "" {
		return directory.Identity{Anonymous: true}, nil
	}
	// A simple bind with a name and no password would be accepted by many
	// directories as anonymous (RFC 4513 section 5.1.2), which is not what a
	// caller who names himself expects.
	if password == "" {
		return refused("the credentials name a user but have no password")
	}
	return directory.Identity{Name: name, Password: password}, nil
}
