package memory

import "testing"

func TestQuotedNames(t *testing.T) {
	s := standard()
	for quoted, plain := range map[string]string{
		`cn="Easy Come, Easy Go",o=x`: `cn=Easy Come\, Easy Go,o=x`,
		`cn = "a+b" , o=x`:            `cn=a\+b,o=x`,
		`cn="<;=>",o="y"`:             `cn=\<\;\=\>,o=y`,
		`cn=" a ",o=x`:                `cn=\ a\ ,o=x`,
		`cn="#a",o=x`:                 `cn=\#a,o=x`,
		`cn="say \"a\"",o=x`:          `cn=say \"a\",o=x`,
		`cn="a"+sn="b,c",o=x`:         `cn=a+sn=b\,c,o=x`,
	} {
		q, err := s.parseName(quoted)
		if err != nil {
			t.Errorf("%s: %v", quoted, err)
			continue
		}
		p, err := s.parseName(plain)
		if err != nil || q.key() != p.key() {
			t.Errorf("%s is %q, %s is %q, %v", quoted, q.key(), plain, p.key(), err)
		}
		if again, err := s.parseName(q.String()); err != nil || again.key() != q.key() {
			t.Errorf("%s is given back as %s: %v", quoted, q, err)
		}
	}
	for _, bad := range []string{`cn="a,o=x`, `cn=a"b",o=x`, `cn="a"b,o=x"`} {
		if n, err := s.parseName(bad); err == nil {
			t.Errorf("%s is read as %s", bad, n)
		}
	}
}
