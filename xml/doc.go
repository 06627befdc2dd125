// Package xml reads and writes XML 1.0 (Fifth Edition) with namespaces, as far
// as messages between programs need it and no further: there is no document
// type declaration, hence no entity that could grow or fetch anything, and
// every bound is named and can be chosen.
//
// Reading. A Scanner is fed bytes in pieces of any size and gives tokens. It
// checks everything the two recommendations ask of a document without a DTD:
// what it does not refuse is well-formed and namespace-well-formed. The tokens
// do not depend on how the input was cut into pieces. In the steady state
// nothing is allocated: names are interned, values are slices of the input or
// of one scratch buffer, and positions are counted only when asked for.
//
//	s := xml.NewScanner(xml.DefaultLimits())
//	for {
//		kind, err := s.Next()
//		switch {
//		case err != nil:
//			return err // an *Error with code, hint, line, column and offset
//		case kind == xml.NeedInput:
//			n, err := r.Read(chunk)
//			s.Feed(chunk[:n])
//			if err == io.EOF {
//				s.Close()
//			}
//		case kind == xml.StartElement:
//			handle(s.Name(), s.Attrs())
//		case kind == xml.EndDocument:
//			return nil
//		}
//	}
//
// Decoders are Sinks: they are handed token after token and may hand them on,
// so that a reader of envelopes and a reader of payloads share one pass.
// TreeBuilder is the Sink for what has no type of its own.
//
// Writing. A Writer declares prefixes where they are first needed, escapes, and
// refuses whatever would make its output not well-formed.
//
// Indent lays out a document that exists already and changes white space only
// where it carries no meaning.
package xml
