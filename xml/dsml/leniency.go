package dsml

import "github.com/dsmlkit/dsmlkit/xml/soap"

// Allow is a set of leniencies, those of the envelope included.
type Allow = soap.Allow

// Leniency describes one slip in a document that is read all the same.
type Leniency = soap.Leniency

const (
	// AllowApacheNamespace reads the namespace that has a full stop for a colon.
	AllowApacheNamespace Allow = 1 << (soap.FirstFree + iota)
	// AllowNoNamespace reads a batchRequest that is in no namespace at all. It is
	// not in the default set (D-03).
	AllowNoNamespace
	// AllowUnqualifiedChildren reads elements in no namespace inside a batch
	// that is in the right one.
	AllowUnqualifiedChildren
	// AllowQualifiedAttributes reads attributes in the DSML namespace.
	AllowQualifiedAttributes
	// AllowForeignAttributes passes over attributes of other namespaces,
	// xml:space and its kin included.
	AllowForeignAttributes
	// AllowResquestID reads the attribute resquestID as requestID.
	AllowResquestID
	// AllowParallelWithoutID lets requests of a parallel batch go without
	// requestID when their responses come in order.
	AllowParallelWithoutID
	// AllowSelectors reads *, + and @class among the attributes of a search.
	AllowSelectors
	// AllowAttributeNames reads underscores and options with values in names of
	// attributes.
	AllowAttributeNames
	// AllowSpaceInEmpty reads white space inside elements that have to be empty.
	AllowSpaceInEmpty
	// AllowSpaceAroundOID reads an object identifier with white space around it.
	AllowSpaceAroundOID
	// AllowIncrement reads the modify operation increment.
	AllowIncrement
	// AllowUnprefixedType reads xsi:type="base64Binary" without a prefix.
	AllowUnprefixedType
	// AllowAnyDSMLType passes over an xsi:type that names some type of the DSML
	// schema other than the element's own.
	AllowAnyDSMLType
	// AllowDescrSpelling reads the other spelling of code 36, and names of
	// result codes whatever their case and spacing.
	AllowDescrSpelling
	// AllowEmptyResponseName reads an empty responseName as none.
	AllowEmptyResponseName
	// AllowBase64Bits reads base64 whose last group has bits set that belong to
	// no byte.
	AllowBase64Bits
	// AllowAnyDN reads names in responses that cannot be distinguished names. It
	// is not in the default set.
	AllowAnyDN
	// AllowUnqualifiedResponse reads a batchResponse that is in no namespace.
	AllowUnqualifiedResponse
	// AllowApacheResult reads matchedDn and referal in results.
	AllowApacheResult
	// AllowResponseOrder reads references among entries, and referrals before
	// the result code.
	AllowResponseOrder
)

// Leniencies lists every slip that is read all the same, those of the envelope
// first. Options.Strict switches all of them off, Options.Allow chooses among
// them, and Parsed.Leniencies tells which were needed.
var Leniencies = append(append(soap.LeniencyList(nil), soap.Leniencies...), leniencies...)

var leniencies = []Leniency{
	{
		Name: "apache-namespace", Bit: AllowApacheNamespace, Default: true, Statement: "D-03",
		Description: "the namespace urn:oasis:names:tc:DSML:2.0:core, with a full stop for a colon, is read as DSMLv2",
		Evidence:    "nearly all test documents of the Apache Directory LDAP API have it",
	},
	{
		Name: "no-namespace", Bit: AllowNoNamespace, Statement: "D-03",
		Description: "a batchRequest in no namespace is read as DSMLv2",
		Evidence:    "a session sample of the Microsoft DSML Services documentation leaves the namespace out; servers have to refuse it, so it has to be asked for",
	},
	{
		Name: "unqualified-response", Bit: AllowUnqualifiedResponse, Default: true, Statement: "D-02",
		Description: "a batchResponse in no namespace is read as DSMLv2",
		Evidence:    "the Apache Directory LDAP API and the exports of Apache Directory Studio are written so; JLDAP writes an empty answer so",
	},
	{
		Name: "unqualified-children", Bit: AllowUnqualifiedChildren, Default: true, Statement: "D-06",
		Description: "elements in no namespace inside a batch that is in the DSML namespace are read as DSML elements",
		Evidence:    "the SOAP samples of Apache Directory put a prefix on batchRequest only",
	},
	{
		Name: "qualified-attributes", Bit: AllowQualifiedAttributes, Default: true, Statement: "D-05",
		Description: "attributes that stand in the DSML namespace are read like unqualified ones",
		Evidence:    "the .NET client looks for each attribute in the DSML namespace first",
	},
	{
		Name: "foreign-attributes", Bit: AllowForeignAttributes, Default: true, Endpoint: true,
		Description: "attributes of other namespaces, among them xml:space and encodingStyle, are passed over, and any attributes of an open value that has a type of XML Schema",
		Evidence:    "the .NET client writes xml:space=\"preserve\" on values with space at their ends; SOAP 1.1 allows encodingStyle on any element",
	},
	{
		Name: "resquestID", Bit: AllowResquestID, Default: true,
		Description: "the attribute resquestID is read as requestID",
		Evidence:    "the response documents of the Apache Directory LDAP API misspell it",
	},
	{
		Name: "apache-result", Bit: AllowApacheResult, Default: true,
		Description: "in results the attribute matchedDn is read as matchedDN and the element referal as referral",
		Evidence:    "the Apache Directory LDAP API writes its answers so",
	},
	{
		Name: "response-order", Bit: AllowResponseOrder, Default: true, Statement: "D-93",
		Description: "references among the entries of a search are read, and referrals before the resultCode (D-100)",
		Evidence:    "Apache Directory and JLDAP write references where they came, JLDAP referrals first; the .NET client reads them in any order",
	},
	{
		Name: "parallel-without-requestid", Bit: AllowParallelWithoutID, Default: true, Endpoint: true, Statement: "D-23",
		Description: "in a parallel batch whose responses come in order a request needs no requestID",
		Evidence:    "the errata call it a syntax error, the Apache parser accepts it, and the place of the response tells which request it answers",
	},
	{
		Name: "attribute-selectors", Bit: AllowSelectors, Default: true, Endpoint: true, Statement: "D-46",
		Description: "a search may ask for *, + and @class",
		Evidence:    "a search sample of Apache Directory Server asks for *",
	},
	{
		Name: "attribute-names", Bit: AllowAttributeNames, Default: true, Endpoint: true,
		Description: "names of attributes may hold underscores, and options may have values",
		Evidence:    "Active Directory answers with, and is asked for, ranges such as member;range=0-1499; directories of several vendors have names with underscores",
	},
	{
		Name: "space-in-empty", Bit: AllowSpaceInEmpty, Default: true, Endpoint: true,
		Description: "white space inside present, attribute and resultCode is passed over",
		Evidence:    "documents of the Apache Directory LDAP API and of Apache Directory Server break the line inside present",
	},
	{
		Name: "space-around-oid", Bit: AllowSpaceAroundOID, Default: true,
		Description: "white space around the object identifier in requestName and responseName is passed over",
		Evidence:    "documents that were pretty-printed, such as IHE provider directory samples, put text on lines of its own",
	},
	{
		Name: "modify-increment", Bit: AllowIncrement, Default: true, Statement: "D-49",
		Description: "the modify operation increment of RFC 4525 is read",
		Evidence:    "the Apache Directory LDAP API reads and writes it",
	},
	{
		Name: "unprefixed-type", Bit: AllowUnprefixedType, Default: true, Statement: "D-85",
		Description: "xsi:type=\"base64Binary\", \"anyURI\" and \"string\" without a prefix name the types of XML Schema",
		Evidence:    "a reference answer of the Sun functional suite",
	},
	{
		Name: "any-dsml-type", Bit: AllowAnyDSMLType, Default: true, Endpoint: true, Statement: "D-86",
		Description: "an xsi:type that names a type of the DSML schema other than the element's own is passed over",
		Evidence:    "IHE provider directory documents name DSML types in xsi:type; they carry no information",
	},
	{
		Name: "descr-spelling", Bit: AllowDescrSpelling, Default: true, Statement: "D-99",
		Description: "names of result codes are read whatever their case and spacing, as RFC 4511 spells them and as JLDAP and JNDI write them out, and any name beside a code that the schema does not name",
		Evidence:    "the schema misspells aliasDereferencingProblem, the OpenDJ copy of it does not; Apache Directory writes \"affectsMultipleDSAs\" and names code 118; JLDAP writes \"Invalid DN Syntax\"",
	},
	{
		Name: "empty-response-name", Bit: AllowEmptyResponseName, Default: true, Statement: "D-106",
		Description: "an empty responseName is read as none",
		Evidence:    "a document of the Apache Directory LDAP API",
	},
	{
		Name: "base64-bits", Bit: AllowBase64Bits, Default: true, Endpoint: true, Statement: "D-84",
		Description: "base64 whose last group has bits set that belong to no byte is decoded without them",
		Evidence:    "RFC 4648 section 3.5 leaves it to the decoder; the decoders of browsers and of Java accept it, XML Schema does not",
	},
	{
		Name: "any-dn", Bit: AllowAnyDN,
		Description: "the name of an entry and matchedDN may be text that cannot be a distinguished name",
		Evidence:    "the schema lets any string pass, the tests of the Apache Directory LDAP API do not; it has to be asked for",
	},
}

// DefaultAllow is the set that holds when nothing else was asked for.
func DefaultAllow() Allow { return Leniencies.Default() }

// EndpointAllow is the set for a server: those leniencies that no statement
// obliges it to refuse, and that clients in the field need.
func EndpointAllow() Allow { return Leniencies.Endpoint() }

// AllowNamed returns the set of the leniencies of those names; ok is false when
// there is no such name.
func AllowNamed(names ...string) (a Allow, ok bool) {
	for _, n := range names {
		found := false
		for i := range Leniencies {
			if Leniencies[i].Name == n {
				a |= Leniencies[i].Bit
				found = true
			}
		}
		if !found {
			return 0, false
		}
	}
	return a, true
}

// AllowNames returns the names of the leniencies in a set, in the order of the
// list.
func AllowNames(a Allow) []string { return Leniencies.Names(a) }
