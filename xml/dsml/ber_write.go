package dsml

// berWriter writes elements one after the other, their lengths in as few bytes
// as they take.
type berWriter struct{ text []byte }

// start begins a constructed element and returns the place that end wants.
//
//go:noinline
func (w *berWriter) start(identifier byte) (place int) {
	w.text = append(w.text, identifier, 0)
	return len(w.text)
}

// end closes the element: its length, in one byte so far, may take more, which
// moves the content.
func (w *berWriter) end(place int) {
	length := len(w.text) - place
	if length < 0x80 {
		w.text[place-1] = byte(length)
		return
	}
	n := 0
	for l := length; l > 0; l >>= 8 {
		w.text = append(w.text, 0)
		n++
	}
	copy(w.text[place+n:], w.text[place:])
	w.text[place-1] = 0x80 | byte(n)
	for i := place + n - 1; i >= place; i-- {
		w.text[i] = byte(length)
		length >>= 8
	}
}

// string writes a primitive element.
func (w *berWriter) string(identifier byte, s string) {
	place := w.start(identifier)
	w.text = append(w.text, s...)
	w.end(place)
}

// optional writes a string that is left out when it is not set.
//
//go:noinline
func (w *berWriter) optional(identifier byte, o Optional) {
	if o.Set {
		w.string(identifier, o.Value)
	}
}

//go:noinline
func (w *berWriter) octets(s string) { w.string(berOctets, s) }

// integer writes an INTEGER or ENUMERATED in as few bytes as it takes.
func (w *berWriter) integer(identifier byte, n int64) {
	place := w.start(identifier)
	shift := 0
	for n>>shift > 0x7f || n>>shift < -0x80 {
		shift += 8
	}
	for ; shift >= 0; shift -= 8 {
		w.text = append(w.text, byte(n>>shift))
	}
	w.end(place)
}

//go:noinline
func (w *berWriter) boolean(identifier byte, b bool) {
	content := byte(0)
	if b {
		content = 0xff // RFC 4511 section 5.1
	}
	w.text = append(w.text, identifier, 1, content)
}
