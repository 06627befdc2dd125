package xml

import "strconv"

// Sink is handed tokens. It reads what the token says from the Scanner and does
// not call Next. Comments and processing instructions are passed too; NeedInput
// is not. An error ends the parse.
type Sink interface {
	Token(s *Scanner, k Kind) error
}

// SinkFunc is a function that is a Sink.
type SinkFunc func(s *Scanner, k Kind) error

// Token calls the function.
func (f SinkFunc) Token(s *Scanner, k Kind) error { return f(s, k) }

// Parse reads a whole document and passes every token to sink, EndDocument
// last. Errors in the document are *Error.
func Parse(text []byte, l Limits, sink Sink) error {
	s := NewScanner(l)
	s.Borrow(text)
	return s.Drain(sink)
}

// Drain passes the tokens that are complete to sink. It returns nil after
// EndDocument, and when more input is needed.
func (s *Scanner) Drain(sink Sink) error {
	for {
		k, err := s.Next()
		if err != nil {
			return err
		}
		if k == NeedInput {
			return nil
		}
		if err := sink.Token(s, k); err != nil {
			return err
		}
		if k == EndDocument {
			return nil
		}
	}
}

// deep refuses an element that is nested too deep.
func (s *Scanner) deep() (Kind, error) {
	return s.fail(s.at, CodeLimit, "elements are nested more than "+strconv.Itoa(s.limits.Depth)+" deep", raise("Depth"))
}
