package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml/soap"

// Allow is a set of leniencies, those of the envelope included.
type Allow = soap.Allow

// Leniency describes one slip in a message that is read all the same.
type Leniency = soap.Leniency

// firstBit is the lowest bit of this package's leniencies: a set holds those of
// all packages.
const firstBit = 40

const (
	// AllowMessageNamespace reads a SqlMessage of a fault in the namespace that
	// lacks "types/".
	AllowMessageNamespace Allow = 1 << (firstBit + iota)
	// AllowPlainFault reads a SOAP 1.1 fault that does not embed that of
	// SOAP 1.2, and codes that SOAP does not define.
	AllowPlainFault
	// AllowNegativeResultCode reads a SqlResultCode below 0.
	AllowNegativeResultCode
	// AllowTypeNames reads names of types that only the WSDL has.
	AllowTypeNames
	// AllowAnswerHeader passes over what may not stand in the headers of an
	// answer.
	AllowAnswerHeader
	// AllowHostnameSpelling reads the header hostname as hostName.
	AllowHostnameSpelling
	// AllowPartnerSpelling reads the header DataMirroringPartner as
	// databaseMirroringPartner.
	AllowPartnerSpelling
	// AllowBase64Bits reads base64 whose last group has bits set that belong to
	// no byte.
	AllowBase64Bits
	// AllowRowColumns reads rows that have other columns than the schema of
	// their row set, or have them in another order.
	AllowRowColumns
)

// Leniencies lists every slip that is read all the same, those of the envelope
// first. Options.Strict switches all of them off, Options.Allow chooses among
// them, and Parsed.Leniencies tells which were needed.
var Leniencies = append(append(soap.LeniencyList(nil), soap.Leniencies...), leniencies...)

var leniencies = []Leniency{
	{
		Name: "sql-message-namespace", Bit: AllowMessageNamespace, Default: true, Statement: "S-82",
		Description: "in the detail of a fault, SqlMessage and its children are recognised in " + oldMessageNamespace + " too",
		Evidence:    "a copied SQL Server fault among the tests of the icesoap project has that namespace",
	},
	{
		Name: "sql-plain-fault", Bit: AllowPlainFault, Default: true, Statement: "S-83",
		Description: "a SOAP 1.1 fault need not embed the Code and Reason of SOAP 1.2, and a code may be one that SOAP does not define",
		Evidence:    "what answers in place of SQL Server, such as a proxy or a SOAP library, writes plain faults; the icesoap tests have one",
	},
	{
		Name: "sql-negative-result-code", Bit: AllowNegativeResultCode, Default: true,
		Description: "SqlResultCode may be below 0",
		Evidence:    "the schema lets it begin at 0, but Transact-SQL procedures return negative numbers when they fail",
	},
	{
		Name: "sql-type-names", Bit: AllowTypeNames, Default: true,
		Description: "sqlDbType may be Sql_Variant, which is read as Variant, UtcDateTime or Structured",
		Evidence:    "the sample WSDL of SQL Server 2005 lists the first two, the generated client classes of a SQL Server 2008 endpoint the third",
	},
	{
		Name: "sql-answer-header", Bit: AllowAnswerHeader, Default: true, Statement: "S-10",
		Description: "in an answer, initiate, mustUnderstand and actor on sqlSession, attributes of it that cannot be read, and headers that belong to requests are passed over",
		Evidence:    "the SQL SOAP header sample library uses one class for both directions; and a client that refused such an answer would lose its session",
	},
	{
		Name: "sql-hostname-spelling", Bit: AllowHostnameSpelling, Default: true,
		Description: "the header hostname is read as hostName",
		Evidence:    "the Books Online page of the header spells it so in its sample, and hostName in its text",
	},
	{
		Name: "sql-partner-spelling", Bit: AllowPartnerSpelling, Default: true,
		Description: "the header DataMirroringPartner is read as databaseMirroringPartner",
		Evidence:    "the schema on the Books Online page of the header spells it so",
	},
	{
		Name: "sql-base64-bits", Bit: AllowBase64Bits, Default: true, Endpoint: true, Statement: "S-06",
		Description: "base64 whose last group has bits set that belong to no byte is decoded without them",
		Evidence:    "RFC 4648 section 3.5 leaves it to the decoder; the decoders of browsers and of Java accept it, XML Schema does not",
	},
	{
		Name: "sql-row-columns", Bit: AllowRowColumns, Default: true,
		Description: "rows may have columns that the inline schema of their row set has not, and have them in another order",
		Evidence:    "the text of [MS-SSNWS] calls columns without a name column1, its examples call them Column1, so that schema and rows may disagree",
	},
}

// DefaultAllow is the set that holds when nothing else was asked for.
func DefaultAllow() Allow { return Leniencies.Default() }

// EndpointAllow is the set for a server: those leniencies that no statement
// obliges it to refuse.
func EndpointAllow() Allow { return Leniencies.Endpoint() }

// AllowNames returns the names of the leniencies in a set, in the order of the
// list.
func AllowNames(a Allow) []string { return Leniencies.Names(a) }
