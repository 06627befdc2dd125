package dsml

import "testing"

// TestD_103_ErrorIsNoResult: whoever reads an errorResponse gets another type
// than for the result of an operation, even where both say "other".
func TestD_103_ErrorIsNoResult(t *testing.T) {
	p, err := Parse([]byte(response(`<errorResponse requestID="1" type="other"><message>no</message></errorResponse>`+
		`<delResponse requestID="2"><resultCode code="80"/><errorMessage>no</errorMessage></delResponse>`)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	responses := p.Document.(*BatchResponse).Responses
	want(t, "number of responses", len(responses), 2)
	e, ok := responses[0].(*ErrorResponse)
	if !ok {
		t.Fatalf("the errorResponse is a %T", responses[0])
	}
	want(t, "type", e.Type, OtherError)
	r, ok := responses[1].(*Result)
	if !ok {
		t.Fatalf("the result is a %T", responses[1])
	}
	want(t, "code", r.Code, 80)
}
