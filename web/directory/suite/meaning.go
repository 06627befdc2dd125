package suite

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Meaning is what an answer says, in lines that are equal for answers of equal
// meaning: the order of entries, attributes and values is that of their names,
// names are in one form of the many that RFC 4514 allows, and what is for people
// to read is left out. A value that is not text begins with ":: ", as in LDIF.
func Meaning(b *dsml.BatchResponse) string {
	var out strings.Builder
	for _, resp := range b.Responses {
		out.WriteString(resp.Element())
		if id := resp.ID(); id.Set {
			fmt.Fprintf(&out, " %q", id.Value)
		}
		switch r := resp.(type) {
		case *dsml.ErrorResponse:
			fmt.Fprintf(&out, " %s\n", r.Type)
		case *dsml.Result:
			result(&out, &r.LDAPResult)
		case *dsml.ExtendedResponse:
			result(&out, &r.LDAPResult)
			if r.ResponseName != "" {
				fmt.Fprintf(&out, "  name %s\n", r.ResponseName)
			}
			if r.Response != nil {
				text := show(*r.Response)
				if dn, ok := strings.CutPrefix(text, "dn:"); ok {
					text = "dn:" + Name(dn)
				}
				fmt.Fprintf(&out, "  response %s\n", text)
			}
		case *dsml.SearchResponse:
			result(&out, &r.Done.LDAPResult)
			found(&out, r)
		}
	}
	return out.String()
}

func result(out *strings.Builder, r *dsml.LDAPResult) {
	fmt.Fprintf(out, " %s\n", r.Code)
	if r.MatchedDN != "" {
		fmt.Fprintf(out, "  matched %s\n", Name(r.MatchedDN))
	}
	for _, uri := range r.Referrals {
		fmt.Fprintf(out, "  referral %s\n", uri)
	}
	for _, c := range r.Controls {
		fmt.Fprintf(out, "  control %s\n", c.Type)
	}
}

func found(out *strings.Builder, r *dsml.SearchResponse) {
	entries := make([]string, len(r.Entries))
	for i, e := range r.Entries {
		lines := make([]string, 0, len(e.Attrs))
		for _, a := range e.Attrs {
			name := strings.ToLower(a.Name)
			if len(a.Values) == 0 {
				lines = append(lines, "    "+name+"\n")
			}
			for _, v := range a.Values {
				lines = append(lines, "    "+name+": "+show(v)+"\n")
			}
		}
		slices.Sort(lines)
		entries[i] = "  " + Name(e.DN) + "\n" + strings.Join(lines, "")
	}
	slices.Sort(entries)
	for _, e := range entries {
		out.WriteString(e)
	}
	for _, ref := range r.References {
		fmt.Fprintf(out, "  reference %s\n", strings.Join(ref.Refs, " "))
	}
}

func show(v dsml.Value) string {
	if v.Type == dsml.Base64Binary {
		return ":: " + base64.StdEncoding.EncodeToString([]byte(v.Data))
	}
	if strings.Contains(v.Data, "\n") || strings.TrimSpace(v.Data) != v.Data {
		return strconv.Quote(v.Data)
	}
	return v.Data
}

// Name is a distinguished name in one of its many forms: types and values in
// lower case, no space that means nothing.
func Name(dn string) string {
	parsed, err := goldap.ParseDN(dn)
	if err != nil {
		return dn
	}
	return strings.ToLower(parsed.String())
}
