package memory

import "strings"

// Unquoted rewrites the quoted values of a name, cn="Easy Come, Easy Go", in
// the way of RFC 4514, which has no quotes. RFC 2253 section 4 wants them read,
// and names of that age are still about.
func Unquoted(text string) string {
	if !strings.Contains(text, `"`) {
		return text
	}
	var b strings.Builder
	value := false // only spaces since the equals sign
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case value && c == '"':
			end := quoteEnd(text[i+1:])
			if end < 0 {
				return text // no quotes after all; whoever parses it will say so
			}
			b.WriteString(escaped(text[i+1 : i+1+end]))
			i += 1 + end
		case c == '\\' && i+1 < len(text):
			b.WriteString(text[i : i+2])
			i++
		default:
			b.WriteByte(c)
		}
		value = c == '=' || value && c == ' '
	}
	return b.String()
}

// quoteEnd finds the quote that ends a quoted value.
func quoteEnd(text string) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// escaped writes what stood between quotes without them. What is escaped
// already stays so.
func escaped(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text):
			b.WriteString(text[i : i+2])
			i++
			continue
		case strings.IndexByte(",+;<>=", c) >= 0,
			c == ' ' && (i == 0 || i == len(text)-1),
			c == '#' && i == 0:
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}
