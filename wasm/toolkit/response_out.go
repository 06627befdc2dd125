package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

func (a *answer) batchResponse(b *dsml.BatchResponse) {
	o := a.object()
	o.key("kind").text("batchResponse")
	o.optional("requestID", b.RequestID)
	o.key("responses").list(len(b.Responses))
	for _, r := range b.Responses {
		a.response(r)
	}
	o.end()
}

func (a *answer) response(r dsml.Response) {
	o := a.object()
	o.key("kind").text(r.Element())
	switch r := r.(type) {
	case *dsml.SearchResponse:
		o.optional("requestID", r.RequestID)
		o.key("entries").entries(r.Entries)
		if len(r.References) > 0 {
			o.key("references").list(len(r.References))
			for _, ref := range r.References {
				a.reference(ref, "")
			}
		}
		if r.Done != nil {
			done := o.key("done").object()
			done.result(&r.Done.LDAPResult)
			done.end()
		}
	case *dsml.Result:
		o.result(&r.LDAPResult)
	case *dsml.ExtendedResponse:
		o.result(&r.LDAPResult)
		o.opt("responseName", r.ResponseName)
		if r.Response != nil {
			o.key("response").value(*r.Response)
		}
	case *dsml.ErrorResponse:
		o.optional("requestID", r.RequestID)
		o.key("type").text(r.Type.String())
		o.opt("message", r.Message)
		if r.Detail != nil {
			o.key("detail").outerElement(r.Detail)
		}
	}
	o.end()
}

func (o *object) result(r *dsml.LDAPResult) {
	o.message(&r.Message)
	o.opt("matchedDN", r.MatchedDN)
	code := o.key("resultCode").object()
	code.key("code").integer(int64(r.Code))
	code.opt("descr", r.Code.Descr())
	code.end()
	o.opt("errorMessage", r.ErrorMessage)
	if len(r.Referrals) > 0 {
		o.key("referrals").texts(r.Referrals)
	}
}

// reference writes a search result reference; kind is "" inside a document.
func (a *answer) reference(r *dsml.SearchResultReference, kind string) {
	o := a.object()
	o.opt("kind", kind)
	o.message(&r.Message)
	o.key("refs").texts(r.Refs)
	o.end()
}
