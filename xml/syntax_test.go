package xml

import (
	"strings"
	"testing"
)

// refusal is a document that is refused, and where and why.
type refusal struct {
	doc          string
	code         string
	line, column int
	offset       int64
	message      string // part of it
}

var refusals = []refusal{
	// One element, and nothing beside it.
	{"", CodeSyntax, 1, 1, 0, "no root element"},
	{"  \n", CodeSyntax, 2, 1, 3, "no root element"},
	{"<!-- c -->", CodeSyntax, 1, 11, 10, "no root element"},
	{"hello", CodeSyntax, 1, 1, 0, "text before the root"},
	{"{\"json\": true}", CodeSyntax, 1, 1, 0, "text before the root"},
	{"<a/>x", CodeSyntax, 1, 5, 4, "text after the end"},
	{"<a/>&#32;", CodeSyntax, 1, 5, 4, "text after the end"},
	{"<a/><![CDATA[]]>", CodeSyntax, 1, 5, 4, "text after the end"},
	{"<![CDATA[]]><a/>", CodeSyntax, 1, 1, 0, "text before the root"},
	{"<a></a>\n<b/>", CodeSyntax, 2, 1, 8, "second root"},
	{"<a></a></a>", CodeSyntax, 1, 8, 7, "no element is open"},
	{"</a>", CodeSyntax, 1, 1, 0, "no element is open"},
	{"<a>", CodeSyntax, 1, 4, 3, "ends inside the element <a>"},
	{"<a><b></b>text", CodeSyntax, 1, 15, 14, "ends inside the element <a>"},
	{"<a><b></a>", CodeSyntax, 1, 7, 6, "</a> does not belong to the open element <b>"},
	{"<a></A>", CodeSyntax, 1, 4, 3, "does not belong"},
	{"<p:a xmlns:p='u' xmlns:q='u'></q:a>", CodeSyntax, 1, 30, 29, "does not belong"},
	{"<a><b></ab></a>", CodeSyntax, 1, 7, 6, "does not belong"},
	{"<a></a", CodeSyntax, 1, 7, 6, "ends inside a tag"},
	{"<a></a b=''>", CodeSyntax, 1, 8, 7, "in the end tag"},
	{"<a></a/>", CodeSyntax, 1, 7, 6, "in the end tag"},
	{"<a></ a>", CodeSyntax, 1, 6, 5, "and not by a name"},
	{"<a></>", CodeSyntax, 1, 6, 5, "and not by a name"},

	// Tags.
	{"<", CodeSyntax, 1, 2, 1, "ends inside a tag"},
	{"< a/>", CodeSyntax, 1, 2, 1, "begins no tag"},
	{"<1/>", CodeSyntax, 1, 2, 1, "\"1\", which begins no tag"},
	{"<a>1 < 2</a>", CodeSyntax, 1, 7, 6, "a space, which begins no tag"},
	{"<a", CodeSyntax, 1, 3, 2, "ends inside a tag"},
	{"<a b='1", CodeSyntax, 1, 8, 7, "ends inside a tag"},
	{"<a / >", CodeSyntax, 1, 5, 4, "not by \">\""},
	{"<a/b>", CodeSyntax, 1, 4, 3, "not by \">\""},
	{"<a<b/></a>", CodeSyntax, 1, 3, 2, "not closed"},
	{"<a b='1'<c/>", CodeSyntax, 1, 9, 8, "not closed"},
	{"<a \n b=1>", CodeSyntax, 2, 4, 7, "not in quotes"},
	{"<a b>", CodeSyntax, 1, 5, 4, "the attribute b has no value"},
	{"<a b c='1'>", CodeSyntax, 1, 6, 5, "the attribute b has no value"},
	{"<a b='1'c='2'/>", CodeSyntax, 1, 9, 8, "no white space before an attribute"},
	{"<a b='1''/>", CodeSyntax, 1, 9, 8, "right after the value"},
	{"<a b='<'/>", CodeSyntax, 1, 7, 6, "\"<\" in the value"},
	{"<a b='1' c='2' b='3'/>", CodeSyntax, 1, 16, 15, "b stands twice"},
	{"<a =''/>", CodeSyntax, 1, 4, 3, "where an attribute"},
	{"<a -b=''/>", CodeSyntax, 1, 4, 3, "where an attribute"},
	{"<a b@c=''/>", CodeSyntax, 1, 5, 4, "\"@\" cannot stand in a name"},
	{"<a$/>", CodeSyntax, 1, 3, 2, "\"$\" cannot stand in a name"},
	{"<a\u00D7/>", CodeSyntax, 1, 3, 2, "\"\u00D7\" cannot stand in a name"},
	{"<\u00B7a/>", CodeSyntax, 1, 2, 1, "a name cannot begin with"},
	{"<a \u2030=''/>", CodeSyntax, 1, 4, 3, "a name cannot begin with"},

	// References.
	{"<a>AT&T</a>", CodeSyntax, 1, 6, 5, "\"&\" begins no reference"},
	{"<a>x & y</a>", CodeSyntax, 1, 6, 5, "\"&\" begins no reference"},
	{"<a>&amp</a>", CodeSyntax, 1, 4, 3, "\"&\" begins no reference"},
	{"<a>& amp;</a>", CodeSyntax, 1, 4, 3, "\"&\" begins no reference"},
	{"<a>&;</a>", CodeSyntax, 1, 4, 3, "\"&\" begins no reference"},
	{"<a>\n&nbsp;</a>", CodeSyntax, 2, 1, 4, "\"nbsp\" is not declared"},
	{"<a b='&AMP;'/>", CodeSyntax, 1, 7, 6, "\"AMP\" is not declared"},
	{"<a b='x&y'/>", CodeSyntax, 1, 8, 7, "\"&\" begins no reference"},
	{"<a>&#0;</a>", CodeSyntax, 1, 4, 3, "names no character"},
	{"<a>&#x1F;</a>", CodeSyntax, 1, 4, 3, "names no character"},
	{"<a>&#xD800;</a>", CodeSyntax, 1, 4, 3, "names no character"},
	{"<a>&#xFFFE;</a>", CodeSyntax, 1, 4, 3, "names no character"},
	{"<a>&#x110000;</a>", CodeSyntax, 1, 4, 3, "names no character"},
	{"<a>&#99999999999999999999;</a>", CodeSyntax, 1, 4, 3, "names no character"},
	{"<a>&#x10000000000000041;</a>", CodeSyntax, 1, 4, 3, "names no character"},
	{"<a b='&#xFFFF;'/>", CodeSyntax, 1, 7, 6, "names no character"},
	{"<a>&#;</a>", CodeSyntax, 1, 6, 5, "in a character reference"},
	{"<a>&#x;</a>", CodeSyntax, 1, 7, 6, "in a character reference"},
	{"<a>&#X41;</a>", CodeSyntax, 1, 6, 5, "in a character reference"},
	{"<a>&#6A;</a>", CodeSyntax, 1, 7, 6, "in a character reference"},
	{"<a>&#65</a>", CodeSyntax, 1, 8, 7, "in a character reference"},

	// Text.
	{"<a>]]></a>", CodeSyntax, 1, 4, 3, "\"]]>\" in text"},
	{"<a>x]]]></a>", CodeSyntax, 1, 6, 5, "\"]]>\" in text"},
	{"<a>\x00</a>", CodeSyntax, 1, 4, 3, "U+0000"},
	{"<a>abcdefgh\x1B</a>", CodeSyntax, 1, 12, 11, "U+001B"},
	{"<a b='\x01'/>", CodeSyntax, 1, 7, 6, "U+0001"},
	{"<a>\uFFFF</a>", CodeSyntax, 1, 4, 3, "U+FFFF"},
	{"<a>é\uFFFE</a>", CodeSyntax, 1, 5, 5, "U+FFFE"},
	{"<a>é\xE9</a>", CodeEncoding, 1, 5, 5, "0xE9"},
	{"<a>\xC0\x80</a>", CodeEncoding, 1, 4, 3, "0xC0"},
	{"<a>\xED\xA0\x80</a>", CodeEncoding, 1, 4, 3, "0xED"},
	{"<a>\xF4\x90\x80\x80</a>", CodeEncoding, 1, 4, 3, "0xF4"},
	{"<a>\xE2\x82</a>", CodeEncoding, 1, 4, 3, "0xE2"},
	{"<a b='\xFF'/>", CodeEncoding, 1, 7, 6, "0xFF"},
	{"<a\xFF/>", CodeEncoding, 1, 3, 2, "0xFF"},
	{"<a>\xE2", CodeEncoding, 1, 4, 3, "0xE2"},

	// Comments, CDATA sections, processing instructions.
	{"<a><!-- a -- b --></a>", CodeSyntax, 1, 11, 10, "\"--\" inside a comment"},
	{"<a><!-- a ---></a>", CodeSyntax, 1, 11, 10, "\"--\" inside a comment"},
	{"<a><!-- a", CodeSyntax, 1, 10, 9, "ends inside a comment"},
	{"<a><!- a --></a>", CodeSyntax, 1, 4, 3, "neither a comment nor"},
	{"<a><!--></a>", CodeSyntax, 1, 13, 12, "ends inside a comment"},
	{"<!-- \x02 --><a/>", CodeSyntax, 1, 6, 5, "U+0002"},
	{"<!-- \xFF --><a/>", CodeEncoding, 1, 6, 5, "0xFF"},
	{"<a><![CDATA[ ]] ></a>", CodeSyntax, 1, 22, 21, "ends inside a CDATA section"},
	{"<a><![cdata[ ]]></a>", CodeSyntax, 1, 4, 3, "neither a comment nor"},
	{"<a><![CDATA [ ]]></a>", CodeSyntax, 1, 4, 3, "neither a comment nor"},
	{"<a><?t", CodeSyntax, 1, 7, 6, "ends inside a processing instruction"},
	{"<a><?t d", CodeSyntax, 1, 9, 8, "ends inside a processing instruction"},
	{"<a><?t d ></a>", CodeSyntax, 1, 15, 14, "ends inside a processing instruction"},
	{"<a><? t?></a>", CodeSyntax, 1, 6, 5, "not by a name"},
	{"<a><?t+?></a>", CodeSyntax, 1, 7, 6, "\"+\" cannot stand in a name"},
	{"<a><?t?x?></a>", CodeSyntax, 1, 7, 6, "\"?\" cannot stand in a name"},
	{"<a><?XmL x?></a>", CodeSyntax, 1, 4, 3, "cannot be \"XmL\""},
	{" <?xml version='1.0'?><a/>", CodeSyntax, 1, 2, 1, "not at the very beginning"},
	{"<a/><?xml version='1.0'?>", CodeSyntax, 1, 5, 4, "not at the very beginning"},
	{"<?p:t?><a/>", CodeNamespace, 1, 3, 2, "colon in the target"},

	// The XML declaration.
	{"<?xml?><a/>", CodeSyntax, 1, 6, 5, "begins with version"},
	{"<?xml ?><a/>", CodeSyntax, 1, 7, 6, "begins with version"},
	{"<?xml encoding='UTF-8'?><a/>", CodeSyntax, 1, 7, 6, "begins with version"},
	{"<?xml version='1.0'", CodeSyntax, 1, 20, 19, "ends inside the XML declaration"},
	{"<?xml version=1.0?><a/>", CodeSyntax, 1, 15, 14, "not in quotes"},
	{"<?xml version='1.0?><a/>", CodeSyntax, 1, 16, 15, "no closing quote"},
	{"<?xml version='1.1'?><a/>", CodeEncoding, 1, 16, 15, "XML 1.1, and only XML 1.0"},
	{"<?xml version='2.0'?><a/>", CodeEncoding, 1, 16, 15, "XML 2.0, and only XML 1.0"},
	{"<?xml version='one'?><a/>", CodeSyntax, 1, 16, 15, "cannot be a version"},
	{"<?xml version='1.0'encoding='UTF-8'?><a/>", CodeSyntax, 1, 20, 19, "no white space before encoding"},
	{"<?xml version='1.0' encoding='EUC-JP'?><a/>", CodeEncoding, 1, 31, 30, "EUC-JP is not supported"},
	{"<?xml version='1.0' encoding=''?><a/>", CodeSyntax, 1, 31, 30, "name of an encoding"},
	{"<?xml version='1.0' encoding='UTF 8'?><a/>", CodeSyntax, 1, 31, 30, "name of an encoding"},
	{"<?xml version='1.0' encoding='UTF-16'?><a/>", CodeEncoding, 1, 31, 30, "declares the encoding UTF-16 and is written in UTF-8"},
	{"<?xml version='1.0' standalone='maybe'?><a/>", CodeSyntax, 1, 33, 32, "\"yes\" or \"no\""},
	{"<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>", CodeSyntax, 1, 38, 37, "and nothing else"},
	{"<?xml version='1.0' x='y'?><a/>", CodeSyntax, 1, 21, 20, "and nothing else"},
	{"\uFEFF<?xml version='1.0' encoding='ISO-8859-1'?><a/>", CodeEncoding, 1, 31, 33, "with a byte order mark"},

	// Document type declarations.
	{"<!DOCTYPE a><a/>", CodeDTD, 1, 1, 0, "document type declaration"},
	{"<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", CodeDTD, 2, 1, 22, "document type declaration"},
	{"<!doctype a><a/>", CodeSyntax, 1, 1, 0, "neither a comment nor"},
	{"<!ENTITY a 'b'><a/>", CodeSyntax, 1, 1, 0, "neither a comment nor"},

	// Namespaces.
	{"<p:a/>", CodeNamespace, 1, 2, 1, "the prefix p is not bound"},
	{"<a><b p:c=''/></a>", CodeNamespace, 1, 7, 6, "the prefix p is not bound"},
	{"<a><b xmlns:p='u'/><p:b/></a>", CodeNamespace, 1, 21, 20, "the prefix p is not bound"},
	{"<:a/>", CodeNamespace, 1, 2, 1, "not a prefix, a colon and a local name"},
	{"<a:/>", CodeNamespace, 1, 2, 1, "not a prefix, a colon and a local name"},
	{"<a:b:c xmlns:a='u'/>", CodeNamespace, 1, 2, 1, "not a prefix, a colon and a local name"},
	{"<a:1 xmlns:a='u'/>", CodeNamespace, 1, 2, 1, "not a prefix, a colon and a local name"},
	{"<a xmlns:p=''/>", CodeNamespace, 1, 4, 3, "empty namespace"},
	{"<a xmlns:xmlns='u'/>", CodeNamespace, 1, 4, 3, "xmlns cannot be declared"},
	{"<xmlns:a/>", CodeNamespace, 1, 2, 1, "cannot have the prefix xmlns"},
	{"<a xmlns:xml='u'/>", CodeNamespace, 1, 4, 3, "belong together"},
	{"<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", CodeNamespace, 1, 4, 3, "belong together"},
	{"<a xmlns='http://www.w3.org/XML/1998/namespace'/>", CodeNamespace, 1, 4, 3, "belong together"},
	{"<a xmlns='http://www.w3.org/2000/xmlns/'/>", CodeNamespace, 1, 4, 3, "cannot be bound"},
	{"<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", CodeNamespace, 1, 4, 3, "cannot be bound"},
	{"<a xmlns='u' xmlns='u'/>", CodeSyntax, 1, 14, 13, "twice"},
	{"<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", CodeNamespace, 1, 35, 34, "p:b and q:b are the same"},
	{"<a xmlns:p='u' p:b='' p:b=''/>", CodeSyntax, 1, 23, 22, "p:b stands twice"},
	{"<a a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' k='' l='' m='' n='' o='' p='' q='' r='' a=''/>", CodeSyntax, 1, 94, 93, "a stands twice"},

	// Lines.
	{"<a>\r\n\r\n\r\r x&</a>", CodeSyntax, 5, 3, 11, "\"&\" begins no reference"},
	{"<a>éé\u2028\U0001F600&</a>", CodeSyntax, 1, 8, 14, "\"&\" begins no reference"},
	{"<a\r\n\tb='1'\r\n\tc='&'/>", CodeSyntax, 3, 5, 16, "\"&\" begins no reference"},
}

func TestD_07_Refusals(t *testing.T) {
	for _, r := range refusals {
		_, err := trace(r.doc, len(r.doc)+1, Limits{})
		if err == nil {
			t.Errorf("%q was accepted", r.doc)
			continue
		}
		want := Position{r.line, r.column, r.offset}
		if err.Code != r.code || err.Pos != want || !strings.Contains(err.Message, r.message) {
			t.Errorf("%q:\ngot  %s %+v %s\nwant %s %+v ...%s...", r.doc, err.Code, err.Pos, err.Message, r.code, want, r.message)
		}
	}
}

// accepted are documents that are accepted, with their tokens.
var accepted = []struct{ doc, tokens string }{
	{"<a/>", "start {}a\nend {}a\n"},
	{"<a></a >", "start {}a\nend {}a\n"},
	{"\uFEFF<a\t\r\n/>", "start {}a\nend {}a\n"},
	{"<?xml version='1.0'?>\n\n<a/>\n ", "start {}a\nend {}a\n"},
	{"<?xml\tversion = \"1.0\"\nencoding\r= 'utf-8' standalone='no' ?><a/>", "start {}a\nend {}a\n"},
	{"<?xml version='1.2'?><a/>", "start {}a\nend {}a\n"},
	{"<?xml-stylesheet href='x'?><a/><?e?>", "pi xml-stylesheet \"href='x'\"\nstart {}a\nend {}a\npi e \"\"\n"},
	{"<a><?t  a?b??></a>", "start {}a\npi t \"a?b?\"\nend {}a\n"},
	{"<a><?t ?></a>", "start {}a\npi t \"\"\nend {}a\n"},
	{"<!--\r\n - -\r--><a><!----></a><!--é-->", "comment \"\\n - -\\n\"\nstart {}a\ncomment \"\"\nend {}a\ncomment \"é\"\n"},
	{"<a><!-->--><!--->--></a>", "start {}a\ncomment \">\"\ncomment \"->\"\nend {}a\n"},
	{"<a><![CDATA[]]]]><![CDATA[]]><![CDATA[<&]]\r\n>\r]]></a>", "start {}a\ntext \"]]\"\ntext \"\"\ntext \"<&]]\\n>\\n\"\nend {}a\n"},
	{"<a>]] > ]> &#93;]&gt; ]</a>", "start {}a\ntext \"]] > ]> ]]> ]\"\nend {}a\n"},
	{"<a>]&#x5D;&gt;]]</a>", "start {}a\ntext \"]]>]]\"\nend {}a\n"},
	{"<a>&lt;&gt;&amp;&quot;&apos;&#x2013;&#8211;&#x1F600;&#13;&#xA;</a>", "start {}a\ntext \"<>&\\\"'––😀\\r\\n\"\nend {}a\n"},
	{"<a>&#0000000000000000000000000000000065;&#x000000000000000000041;</a>", "start {}a\ntext \"AA\"\nend {}a\n"},
	{"<a>1\r\n2\r3\n4\r\r\n5</a>", "start {}a\ntext \"1\\n2\\n3\\n4\\n\\n5\"\nend {}a\n"},
	{"<a b='1\r\n2\r3\n4\t5&#10;&#13;&#9;6' c=\"'&quot;>\"/>", "start {}a {}b=\"1 2 3 4 5\\n\\r\\t6\" {}c=\"'\\\">\"\nend {}a\n"},
	{"<a b = 'longer than eight bytes &amp; with a reference' c\n=\n\"é longer than eight bytes\" />", "start {}a {}b=\"longer than eight bytes & with a reference\" {}c=\"é longer than eight bytes\"\nend {}a\n"},
	{"<a xmlns='u'><b xmlns=''><c xmlns='v'/></b><d/></a>", "start {u}a\nstart {}b\nstart {v}c\nend {v}c\nend {}b\nstart {u}d\nend {u}d\nend {u}a\n"},
	{"<p:a p:b='1' b='2' xmlns:p='u'><p:c xmlns:p='v'/><p:d/></p:a>", "start p{u}a p{u}b=\"1\" {}b=\"2\"\nstart p{v}c\nend p{v}c\nstart p{u}d\nend p{u}d\nend p{u}a\n"},
	{"<a xmlns='u' xmlns:p='u' b='1' p:b='2'/>", "start {u}a {}b=\"1\" p{u}b=\"2\"\nend {u}a\n"},
	{"<a xml:lang='en' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>", "start {}a xml{http://www.w3.org/XML/1998/namespace}lang=\"en\"\nend {}a\n"},
	{"<a xmlns:p='a&amp;b'><p:b/></a>", "start {}a\nstart p{a&b}b\nend p{a&b}b\nend {}a\n"},
	{"<été-1.0·\u203F><_/></été-1.0·\u203F>", "start {}été-1.0·\u203F\nstart {}_\nend {}_\nend {}été-1.0·\u203F\n"},
	{"<a>\U00010000\uFFFD\uE000\uD7FF\u0085\u007F</a>", "start {}a\ntext \"𐀀\uFFFD\\ue000\\ud7ff\\u0085\\x7f\"\nend {}a\n"},
	{"<__proto__ constructor='' __proto__=''/>", "start {}__proto__ {}constructor=\"\" {}__proto__=\"\"\nend {}__proto__\n"},
	{"<a><a><a>deep</a></a> </a>", "start {}a\nstart {}a\nstart {}a\ntext \"deep\"\nend {}a\nend {}a\ntext \" \"\nend {}a\n"},
	{"<a>\uFEFF</a>", "start {}a\ntext \"\\ufeff\"\nend {}a\n"},
}

// tokensOnly removes the positions from a trace.
func tokensOnly(trace string) string {
	var b strings.Builder
	for line := range strings.Lines(trace) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "document@") {
			continue
		}
		for {
			at := strings.LastIndexByte(line, '@')
			if at < 0 || strings.Trim(line[at:], "@0123456789:+-") != "" {
				break
			}
			line = line[:at]
			line = strings.TrimSuffix(line, "-")
		}
		for i := strings.Index(line, "\"@"); i >= 0; i = strings.Index(line, "\"@") {
			end := i + 2
			for end < len(line) && strings.IndexByte("0123456789:+", line[end]) >= 0 {
				end++
			}
			line = line[:i+1] + line[end:]
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

func TestAccepted(t *testing.T) {
	for _, a := range accepted {
		got, err := trace(a.doc, len(a.doc)+1, Limits{})
		if err != nil {
			t.Errorf("%q: %v", a.doc, err)
			continue
		}
		if got := tokensOnly(got); got != a.tokens {
			t.Errorf("%q:\ngot\n%swant\n%s", a.doc, got, a.tokens)
		}
	}
}

// TestErrorsStay checks that an error is given again and again.
func TestErrorsStay(t *testing.T) {
	s := NewScanner(Limits{})
	s.Feed([]byte("<a></b>"))
	s.Next()
	_, first := s.Next()
	s.Feed([]byte("</a>"))
	s.Close()
	if k, err := s.Next(); k != NeedInput || err != first || err == nil {
		t.Errorf("%v %v, before that %v", k, err, first)
	}
	if s.Name() != (Name{}) || s.Attrs() == nil && len(s.Attrs()) != 0 {
		t.Errorf("a token is left over")
	}
}
