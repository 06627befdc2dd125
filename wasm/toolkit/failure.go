package main

// Codes of the failures that arise at the border itself. Those of the readers
// and writers come from their packages. The full list, with what each means,
// is errorCodes in wasm/js/errors.ts.
const (
	codeArgument = "argument"
	codeInternal = "internal"
	codeLimit    = "limit"
)

// failure is an error as JavaScript gets it.
type failure struct {
	Code, Message, Detail, Hint, Statement string

	Positioned   bool
	Line, Column int
	Offset       int64
}

func (f *failure) Error() string { return f.Message }

func (f *failure) write(a *answer) {
	o := a.object()
	o.key("code").text(f.Code)
	o.key("message").text(f.Message)
	o.opt("detail", f.Detail)
	o.opt("hint", f.Hint)
	o.opt("statement", f.Statement)
	if f.Positioned {
		o.key("line").integer(int64(f.Line))
		o.key("column").integer(int64(f.Column))
		o.key("offset").integer(f.Offset)
	}
	o.end()
}
