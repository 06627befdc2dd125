package memory

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"strings"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// bind finds out who an identity is. All refusals read the same: which names
// exist is nobody's business who has no password.
func (d *Directory) bind(id directory.Identity) (string, error) {
	if id.Anonymous || id.Name == "" && id.Password == "" {
		return "", nil
	}
	refused := &directory.Error{Type: dsml.AuthenticationFailed, Message: "the directory refuses the name or the password"}
	d.mu.RLock()
	defer d.mu.RUnlock()
	e := d.user(id.Name)
	if e == nil || id.Password == "" { // RFC 4513 section 5.1.2: a name alone proves nothing
		return "", refused
	}
	a := e.find(description{typ: d.schema.userPassword})
	if a == nil || !passwordIs(a.values, id.Password) {
		return "", refused
	}
	return e.dn, nil
}

// user finds the entry of a distinguished name or a uid. The lock is held by
// the caller.
func (d *Directory) user(who string) *entry {
	if strings.Contains(who, "=") {
		n, err := d.schema.parseName(who)
		if err != nil || d.nodes[n.key()] == nil {
			return nil
		}
		return d.nodes[n.key()].entry
	}
	uid := d.schema.attribute("uid")
	want, ok := d.schema.prepared(uid.prepare, who)
	if !ok || want == "" {
		return nil
	}
	var user *entry
	for _, n := range d.nodes {
		if a := n.entry.find(description{typ: uid}); a != nil && a.has(want) {
			if user != nil {
				return nil // two of them: neither can be meant
			}
			user = n.entry
		}
	}
	return user
}

// authorization returns the name behind an authorization identity, "" for
// anonymous (RFC 4513 section 5.2.1.8): "dn:" and a distinguished name, or
// "u:" and a uid. In this sandbox everybody may act as anybody who exists.
func (d *Directory) authorization(identity string) (string, error) {
	if identity == "" || identity == "dn:" {
		return "", nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	kind, who, _ := strings.Cut(identity, ":")
	var e *entry
	switch {
	case strings.EqualFold(kind, "dn") && strings.Contains(who, "="), strings.EqualFold(kind, "u") && !strings.Contains(who, "="):
		e = d.user(who)
	}
	if e == nil {
		return "", fail(dsml.AuthorizationDenied, "there is nobody of this authorization identity; it is dn: and a name, or u: and a uid")
	}
	return e.dn, nil
}

var hashes = map[string]func() hash.Hash{"SHA": sha1.New, "SSHA": sha1.New, "SHA256": sha256.New, "SSHA256": sha256.New, "SHA512": sha512.New, "SSHA512": sha512.New}

// passwordIs reports whether one of the values of userPassword is this
// password: in the clear, or hashed with its scheme in braces before it
// (RFC 2307 section 5.3).
func passwordIs(values []value, password string) bool {
	for _, v := range values {
		scheme, stored := "", v.raw
		if strings.HasPrefix(stored, "{") {
			if s, rest, ok := strings.Cut(stored[1:], "}"); ok {
				scheme, stored = strings.ToUpper(s), rest
			}
		}
		given := []byte(password)
		want := []byte(stored)
		if newHash := hashes[scheme]; newHash != nil {
			h := newHash()
			b, err := base64.StdEncoding.DecodeString(stored)
			if err != nil || len(b) < h.Size() || scheme[:2] != "SS" && len(b) != h.Size() {
				continue
			}
			h.Write(given)
			h.Write(b[h.Size():]) // the salt
			given, want = h.Sum(nil), b[:h.Size()]
		} else if scheme != "" && scheme != "CLEARTEXT" {
			continue
		}
		if subtle.ConstantTimeCompare(given, want) == 1 {
			return true
		}
	}
	return false
}
