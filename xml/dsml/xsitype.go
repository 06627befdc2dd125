package dsml

import "strings"

// schemaTypes are the named types of the DSML schema. Those that restrict a
// string are true: they may stand for a value's own type.
var schemaTypes = map[string]bool{
	"BatchRequest": false, "BatchResponse": false, "SearchResponse": false,
	"DsmlDN": true, "DsmlRDN": true, "RequestID": true, "AttributeDescriptionValue": true, "NumericOID": true,
	"MAXINT": false, "DsmlValue": true, "Control": false, "Filter": false, "FilterSet": false,
	"AttributeValueAssertion": false, "AttributeDescription": false, "SubstringFilter": false,
	"MatchingRuleAssertion": false, "DsmlMessage": false, "LDAPResultCode": true, "ResultCode": false,
	"LDAPResult": false, "ErrorResponse": false, "AuthRequest": false, "AttributeDescriptions": false,
	"SearchRequest": false, "SearchResultEntry": false, "DsmlAttr": false, "DsmlModification": false,
	"SearchResultReference": false, "ModifyRequest": false, "AddRequest": false, "DelRequest": false,
	"ModifyDNRequest": false, "CompareRequest": false, "AbandonRequest": false, "ExtendedRequest": false,
	"ExtendedResponse": false,
}

// stringTypes are the types of XML Schema that restrict string.
var stringTypes = map[string]bool{
	"string": true, "normalizedString": true, "token": true, "language": true, "Name": true, "NCName": true,
	"NMTOKEN": true, "ID": true, "IDREF": true, "ENTITY": true,
}

// resolveType reads attribute i, an xsi:type, as a QName (D-85).
func (d *decoder) resolveType(i int) (space, local string, ok bool) {
	text := string(trim(d.s.Attrs()[i].Value))
	prefix, local, found := strings.Cut(text, ":")
	if !found {
		prefix, local = "", text
	}
	space, bound := d.s.Namespace(prefix)
	if prefix != "" && !bound {
		d.failAt(d.s.AttrPos(i), "dsml-type", "D-85", "the prefix "+excerpt([]byte(prefix))+" of xsi:type is not declared",
			"declare it: xmlns:"+excerpt([]byte(prefix))+"=\""+nsXSD+"\"")
		return "", "", false
	}
	if space == d.space {
		space = Namespace
	}
	return space, local, true
}

// instance deals with an attribute of XML Schema instance on an element that
// has a type of its own.
func (d *decoder) instance(i int, local string, sh *shape) {
	switch local {
	case "schemaLocation", "noNamespaceSchemaLocation":
	case "type":
		space, name, ok := d.resolveType(i)
		if !ok || space == Namespace && name == sh.typ && name != "" {
			return
		}
		if _, known := schemaTypes[name]; known && space == Namespace {
			d.lenient(AllowAnyDSMLType, d.s.AttrPos(i), "dsml-type", "D-86",
				"xsi:type names "+name+", which is not the type of "+d.s.Name().Local, "leave it out")
			return
		}
		d.failAt(d.s.AttrPos(i), "dsml-type", "D-85",
			"xsi:type names "+excerpt([]byte(name))+", which is not a type of "+d.s.Name().Local, "leave it out")
	default:
		d.lenient(AllowForeignAttributes, d.s.AttrPos(i), "dsml-attribute", "",
			"the attribute xsi:"+local+" may not stand on "+d.s.Name().Local, "")
	}
}

// valueType reads the attributes of an element of type DsmlValue.
func (d *decoder) valueType() ValueType {
	t := Text
	list := d.s.Attrs()
	for i := range list {
		n := &list[i].Name
		if n.Space != nsXSI || n.Local != "type" {
			switch {
			case n.Space == nsXSI:
				d.instance(i, n.Local, &valueShape)
			case n.Space == "" || n.Space == d.space:
				d.failAt(d.s.AttrPos(i), "dsml-attribute", "D-06",
					"the attribute "+n.Local+" is not known to "+d.s.Name().Local, d.typeHint(n.Local))
			default:
				d.lenient(AllowForeignAttributes, d.s.AttrPos(i), "dsml-attribute", "",
					"the attribute "+list[i].Prefix+":"+n.Local+" is not part of DSML", "")
			}
			continue
		}
		space, name, ok := d.resolveType(i)
		if !ok {
			continue
		}
		if space != nsXSD && plainType(string(trim(list[i].Value))) {
			if d.lenient(AllowUnprefixedType, d.s.AttrPos(i), "dsml-type", "D-85",
				"xsi:type=\""+name+"\" is not in the namespace of XML Schema", "write xsd:"+name) {
				space = nsXSD
			} else {
				continue
			}
		}
		stringLike, known := schemaTypes[name]
		switch {
		case space == nsXSD && name == "base64Binary":
			t = Base64Binary
		case space == nsXSD && name == "anyURI":
			t = AnyURI
		case space == nsXSD && stringTypes[name]:
		case space == Namespace && stringLike:
		case space == Namespace && known:
			d.lenient(AllowAnyDSMLType, d.s.AttrPos(i), "dsml-type", "D-86",
				"xsi:type names "+name+", which is not a type of values", "leave it out")
		default:
			d.failAt(d.s.AttrPos(i), "dsml-type", "D-85", "xsi:type names "+excerpt([]byte(name))+", which no value can have",
				"one of xsd:string, xsd:base64Binary, xsd:anyURI")
		}
	}
	return t
}

func (d *decoder) typeHint(local string) string {
	switch local {
	case "type":
		return "did you mean xsi:type?"
	case "encoding":
		return "DSML version 1 had it; base64 is told by xsi:type=\"xsd:base64Binary\""
	}
	return ""
}

// plainType reports whether a type without a prefix is one of the three that
// values have.
func plainType(s string) bool { return s == "base64Binary" || s == "anyURI" || s == "string" }
