package directory

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

func TestD_133_KeysTellIdentitiesApart(t *testing.T) {
	ids := []Identity{
		{Name: "ann", Password: "secret"}, {Name: "ann", Password: "other"}, {Name: "bob", Password: "secret"},
		{Name: "annsecret"}, {Name: "an", Password: "nsecret"}, {Name: "1:a", Password: "b"}, {Anonymous: true},
	}
	seen := map[string]Identity{}
	for _, id := range ids {
		key := id.Key()
		if other, taken := seen[key]; taken {
			t.Errorf("%+v and %+v have the same key", id, other)
		}
		seen[key] = id
		if again := id; again.Key() != key {
			t.Errorf("%+v has two keys", id)
		}
		if id.Name != "" && strings.Contains(key, id.Name) {
			t.Errorf("the key of %+v shows the name", id)
		}
	}
	if (Identity{Anonymous: true}).Key() != "" {
		t.Error("nobody has a key")
	}
	bare := sha256.Sum256([]byte("3:annsecret"))
	if ids[0].Key() == hex.EncodeToString(bare[:]) {
		t.Error("passwords can be tried against a key")
	}
}
