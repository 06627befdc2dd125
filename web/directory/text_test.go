package directory

import "testing"

func TestIsText_D_87(t *testing.T) {
	for value, want := range map[string]bool{
		"":                    true,
		"Zoë\t\r\n":           true,
		"\U0001F600":          true,
		"\x00":                false,
		"\x1f":                false,
		"\x7f":                true,
		"\xff\xd8\xff":        false,
		"a\xed\xa0\x80":       false, // half of a surrogate pair
		"\uFFFE":              false,
		"\uFFFF":              false,
		"\uFFFD":              true,
		"cut short: \xe2\x82": false,
	} {
		if got := IsText(value); got != want {
			t.Errorf("%q: %t", value, got)
		}
	}
}
