package session

import (
	"errors"
	"io"
)

// idBytes is the length of a session id in random bytes: 128 bits cannot be
// guessed (D-142).
const idBytes = 16

// idAttempts bounds the search for an id that is not in use (D-123). With real
// randomness the first one is free; a source that repeats itself is broken.
const idAttempts = 8

// shortID is how many characters of an id [Info] shows. What is left is still
// more than anybody can guess.
const shortID = 6

const hexDigits = "0123456789abcdef"

// randomID returns a source of ids of lower-case hexadecimal digits, which no
// client has to escape.
func randomID(r io.Reader) func() (string, error) {
	return func() (string, error) {
		var b [idBytes]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return "", err
		}
		return hexText(b[:]), nil
	}
}

func hexText(b []byte) string {
	text := make([]byte, 0, 2*len(b))
	for _, c := range b {
		text = append(text, hexDigits[c>>4], hexDigits[c&15])
	}
	return string(text)
}

// freshID returns an id that no session of the table has.
func (t *Table) freshID() (string, error) {
	for range idAttempts {
		id, err := t.newID()
		if err != nil {
			return "", errors.Join(ErrNoID, err)
		}
		if _, taken := t.sessions[id]; !taken && id != "" {
			return id, nil
		}
	}
	return "", errors.Join(ErrNoID, errors.New("the source of ids repeats itself"))
}

// short returns the part of an id that may be shown and logged.
func short(id string) string {
	if len(id) <= 2*shortID {
		return "..."
	}
	return id[:shortID] + "..."
}
