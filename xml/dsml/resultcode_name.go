package dsml

import (
	"strconv"
	"strings"
)

var resultCodeShape = shape{"ResultCode", []string{"code", "descr"}}

// readResultCode reads the attributes of resultCode. The number carries the
// meaning (D-98); the name beside it has to be one that the schema knows
// (D-96), whether or not it is the number's own.
func (d *decoder) readResultCode(r *LDAPResult) {
	a := d.attributes(&resultCodeShape)
	v, ok := a.bytes(0)
	if !ok {
		a.missing(0, "D-104", "")
		return
	}
	n, ok := parseInt(string(trim(v)))
	if !ok {
		a.bad(0, "D-104", "a number, such as 0 for success")
		return
	}
	r.Code = ResultCode(n)
	name, ok := a.bytes(1)
	if !ok || string(name) == descr[r.Code] && len(name) > 0 {
		return
	}
	s := string(name)
	code, known := codeNamed(s)
	pos := d.s.AttrPos(int(a.at[1] - 1))
	message := "descr is \"" + excerpt(name) + "\""
	if !known {
		if code, known = codeSpelled(s); !known && descr[r.Code] == "" {
			code, known = r.Code, true
		}
		if !known {
			hint := r.Code.Descr()
			if hint != "" {
				hint = "the name of code " + strconv.Itoa(int(n)) + " is " + hint + "; it may be left out"
			}
			a.bad(1, "D-96", hint)
			return
		}
		d.lenient(AllowDescrSpelling, pos, "dsml-descr", "D-96", message, schemaName(code))
	}
	if code != r.Code {
		d.warn(pos, "dsml-descr", "D-98", message+", but the code is "+r.Code.String(), "the code counts")
	}
}

// codeNamed finds the code of a name of the schema.
func codeNamed(s string) (ResultCode, bool) {
	for c, n := range descr {
		if n == s {
			return c, true
		}
	}
	return 0, false
}

// schemaName is a hint at the name that the schema has for a code.
func schemaName(c ResultCode) string {
	if n := c.Descr(); n != "" {
		return "the schema writes " + n
	}
	return "the schema has no name for this code"
}

// codeSpelled finds the code of a name whatever its case and spacing, in either
// spelling of code 36 (D-99), as RFC 4511 spells it, or written out.
func codeSpelled(s string) (ResultCode, bool) {
	s = strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '_' {
			return -1
		}
		return r
	}, s))
	switch s {
	case "aliasdereferencingproblem":
		return AliasDereferencingProblem, true
	case "authenticationmethodnotsupported":
		return AuthMethodNotSupported, true
	case "strongerauthrequired", "strongauthenticationrequired":
		return StrongAuthRequired, true
	case "administrativelimitexceeded":
		return AdminLimitExceeded, true
	case "objectclassmodificationsprohibited":
		return ObjectClassModsProhibited, true
	case "affectsmultipledsas":
		return AffectsMultipleDSAs, true
	}
	for c, n := range descr {
		if strings.ToLower(n) == s {
			return c, true
		}
	}
	return 0, false
}

func (w *writer) resultCode(c ResultCode) {
	w.start("resultCode")
	w.w.Attr("", "code", strconv.Itoa(int(c)))
	if n := c.Descr(); n != "" {
		w.w.Attr("", "descr", n)
	}
	w.w.End()
}
