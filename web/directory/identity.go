package directory

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"sync"
)

// Identity is who a connection acts for, as HTTP Basic authentication told it.
type Identity struct {
	Name, Password string
	Anonymous      bool // no name was given; the two others are empty
}

// Key stands for the name and the password where only their being the same
// matters, as in the owner check of a session (D-133), so that no password is
// kept. It is a digest under a key that this process makes for itself and never
// shows: without it, nobody can try passwords against a Key. That of an
// anonymous identity is "".
func (id Identity) Key() string {
	if id.Anonymous {
		return ""
	}
	return Digest(strconv.Itoa(len(id.Name)) + ":" + id.Name + id.Password)
}

// Digest makes secrets of one process comparable and of no use elsewhere.
func Digest(secret string) string {
	mac := hmac.New(sha256.New, digestKey())
	mac.Write([]byte(secret))
	return hex.EncodeToString(mac.Sum(nil))
}

// digestKey is made when it is first asked for: Workers have no randomness
// before their first request.
var digestKey = sync.OnceValue(func() []byte {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // it never fails
	return key
})
