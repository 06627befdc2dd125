package xml_test

import (
	"fmt"

	"github.com/dsmlkit/dsmlkit/xml"
)

func ExampleParse() {
	const doc = "<dn xmlns='urn:example'>cn=Anna &amp; Bj&#xF6;rn</dn>"
	err := xml.Parse([]byte(doc), xml.DefaultLimits(), xml.SinkFunc(func(s *xml.Scanner, k xml.Kind) error {
		switch k {
		case xml.StartElement:
			fmt.Println(s.Name().Space, s.Name().Local)
		case xml.Text:
			fmt.Printf("%s\n", s.Text())
		}
		return nil
	}))
	fmt.Println(err)
	// Output:
	// urn:example dn
	// cn=Anna & Björn
	// <nil>
}

func ExampleError() {
	_, err := xml.ParseElement([]byte("<note>\n  R&D\n</note>"), xml.Limits{})
	fmt.Println(err)
	fmt.Println(err.(*xml.Error).Hint)
	// Output:
	// line 2, column 4: "&" begins no reference
	// write &amp; for a literal "&"
}

func ExampleWriter() {
	w := xml.NewWriter(xml.WriterOptions{Indent: 2})
	w.Prefix("", "urn:example")
	w.Start("urn:example", "entry")
	w.Attr("", "dn", `cn="R&D"`)
	w.Start("urn:example", "photo")
	w.Base64([]byte{0xFF, 0xD8, 0xFF})
	w.End()
	w.End()
	fmt.Printf("%s\n%v\n", w.Bytes(), w.Err())
	// Output:
	// <entry xmlns="urn:example" dn="cn=&quot;R&amp;D&quot;">
	//   <photo>/9j/</photo>
	// </entry>
	// <nil>
}
