package dsml

// Object identifiers of controls. Where request and response differ, both are
// here; otherwise the response has the OID of the request.
const (
	OIDPagedResults            = "1.2.840.113556.1.4.319"
	OIDServerSort              = "1.2.840.113556.1.4.473"
	OIDServerSortResponse      = "1.2.840.113556.1.4.474"
	OIDVLV                     = "2.16.840.1.113730.3.4.9"
	OIDVLVResponse             = "2.16.840.1.113730.3.4.10"
	OIDManageDsaIT             = "2.16.840.1.113730.3.4.2"
	OIDSubentries              = "1.3.6.1.4.1.4203.1.10.1"
	OIDAssertion               = "1.3.6.1.1.12"
	OIDPreRead                 = "1.3.6.1.1.13.1"
	OIDPostRead                = "1.3.6.1.1.13.2"
	OIDProxiedAuthorization    = "2.16.840.1.113730.3.4.18"
	OIDProxiedAuthorizationOld = "2.16.840.1.113730.3.4.12"
	OIDAuthorizationIDRequest  = "2.16.840.1.113730.3.4.16"
	OIDAuthorizationIDResponse = "2.16.840.1.113730.3.4.15"
	OIDPersistentSearch        = "2.16.840.1.113730.3.4.3"
	OIDEntryChange             = "2.16.840.1.113730.3.4.7"
	OIDPasswordExpired         = "2.16.840.1.113730.3.4.4"
	OIDPasswordExpiring        = "2.16.840.1.113730.3.4.5"
	OIDPasswordPolicy          = "1.3.6.1.4.1.42.2.27.8.5.1"
	OIDSyncRequest             = "1.3.6.1.4.1.4203.1.9.1.1"
	OIDSyncState               = "1.3.6.1.4.1.4203.1.9.1.2"
	OIDSyncDone                = "1.3.6.1.4.1.4203.1.9.1.3"
	OIDMatchedValues           = "1.2.826.0.1.3344810.2.3"
	OIDNoOp                    = "1.3.6.1.4.1.4203.1.10.2"
	OIDDontUseCopy             = "1.3.6.1.1.22"
	OIDRelaxRules              = "1.3.6.1.4.1.4203.666.5.12"
	OIDTransactionSpec         = "1.3.6.1.1.21.2"

	OIDTreeDelete           = "1.2.840.113556.1.4.805"
	OIDShowDeleted          = "1.2.840.113556.1.4.417"
	OIDCrossDomainMove      = "1.2.840.113556.1.4.521"
	OIDNotification         = "1.2.840.113556.1.4.528"
	OIDExtendedDN           = "1.2.840.113556.1.4.529"
	OIDLazyCommit           = "1.2.840.113556.1.4.619"
	OIDSDFlags              = "1.2.840.113556.1.4.801"
	OIDRangeOption          = "1.2.840.113556.1.4.802"
	OIDDirSync              = "1.2.840.113556.1.4.841"
	OIDServerStatistics     = "1.2.840.113556.1.4.970"
	OIDVerifyName           = "1.2.840.113556.1.4.1338"
	OIDDomainScope          = "1.2.840.113556.1.4.1339"
	OIDSearchOptions        = "1.2.840.113556.1.4.1340"
	OIDPermissiveModify     = "1.2.840.113556.1.4.1413"
	OIDAttributeScopedQuery = "1.2.840.113556.1.4.1504"
	OIDFastBind             = "1.2.840.113556.1.4.1781"
	OIDShowRecycled         = "1.2.840.113556.1.4.2064"
)

// Object identifiers of extended operations and of features, as a root DSE
// lists them in supportedExtension and supportedFeatures.
const (
	OIDStartTLS       = "1.3.6.1.4.1.1466.20037"
	OIDDynamicRefresh = "1.3.6.1.4.1.1466.101.119.1"
	OIDPasswordModify = "1.3.6.1.4.1.4203.1.11.1"
	OIDWhoAmI         = "1.3.6.1.4.1.4203.1.11.3"
	OIDCancel         = "1.3.6.1.1.8"
	OIDStartTxn       = "1.3.6.1.1.21.1"
	OIDEndTxn         = "1.3.6.1.1.21.3"

	OIDAllOperational   = "1.3.6.1.4.1.4203.1.5.1" // "+" asks for all operational attributes
	OIDObjectClassAttrs = "1.3.6.1.4.1.4203.1.5.2" // "@class" asks for the attributes of a class
	OIDTrueFalseFilters = "1.3.6.1.4.1.4203.1.5.3" // empty and, empty or
	OIDLanguageTags     = "1.3.6.1.4.1.4203.1.5.4"
	OIDLanguageRanges   = "1.3.6.1.4.1.4203.1.5.5"
	OIDModifyIncrement  = "1.3.6.1.1.14"
	OIDActiveDirectory  = "1.2.840.113556.1.4.800"
	OIDADIntegration    = "1.2.840.113556.1.4.1791"
	OIDMatchRuleBitAnd  = "1.2.840.113556.1.4.803"
	OIDMatchRuleBitOr   = "1.2.840.113556.1.4.804"
	OIDMatchRuleInChain = "1.2.840.113556.1.4.1941"
	OIDDisconnection    = "1.3.6.1.4.1.1466.20036"
)

// OIDName returns the name that the field uses for the OID of a control, an
// extended operation, a feature or a matching rule, or "" for one it does not
// know.
//
//go:noinline
func OIDName(oid string) string { return oidNames[oid] }

var oidNames = map[string]string{
	OIDPagedResults:            "paged results",
	OIDServerSort:              "server-side sort",
	OIDServerSortResponse:      "server-side sort response",
	OIDVLV:                     "virtual list view",
	OIDVLVResponse:             "virtual list view response",
	OIDManageDsaIT:             "manage DSA IT",
	OIDSubentries:              "subentries",
	OIDAssertion:               "assertion",
	OIDPreRead:                 "pre-read",
	OIDPostRead:                "post-read",
	OIDProxiedAuthorization:    "proxied authorization",
	OIDProxiedAuthorizationOld: "proxied authorization (old)",
	OIDAuthorizationIDRequest:  "authorization identity request",
	OIDAuthorizationIDResponse: "authorization identity response",
	OIDPersistentSearch:        "persistent search",
	OIDEntryChange:             "entry change notification",
	OIDPasswordExpired:         "password expired",
	OIDPasswordExpiring:        "password expiring",
	OIDPasswordPolicy:          "password policy",
	OIDSyncRequest:             "content synchronization",
	OIDSyncState:               "content synchronization state",
	OIDSyncDone:                "content synchronization done",
	OIDMatchedValues:           "matched values",
	OIDNoOp:                    "no operation",
	OIDDontUseCopy:             "do not use copy",
	OIDRelaxRules:              "relax rules",
	OIDTransactionSpec:         "transaction specification",
	OIDTreeDelete:              "tree delete",
	OIDShowDeleted:             "show deleted",
	OIDCrossDomainMove:         "cross-domain move",
	OIDNotification:            "change notification",
	OIDExtendedDN:              "extended DN",
	OIDLazyCommit:              "lazy commit",
	OIDSDFlags:                 "security descriptor flags",
	OIDRangeOption:             "range option",
	OIDDirSync:                 "directory synchronization",
	OIDServerStatistics:        "server statistics",
	OIDVerifyName:              "verify name",
	OIDDomainScope:             "domain scope",
	OIDSearchOptions:           "search options",
	OIDPermissiveModify:        "permissive modify",
	OIDAttributeScopedQuery:    "attribute-scoped query",
	OIDFastBind:                "fast bind",
	OIDShowRecycled:            "show recycled",

	OIDStartTLS:         "StartTLS",
	OIDDynamicRefresh:   "dynamic entry refresh",
	OIDPasswordModify:   "password modify",
	OIDWhoAmI:           "who am I",
	OIDCancel:           "cancel",
	OIDStartTxn:         "start transaction",
	OIDEndTxn:           "end transaction",
	OIDAllOperational:   "all operational attributes",
	OIDObjectClassAttrs: "attributes by object class",
	OIDTrueFalseFilters: "true and false filters",
	OIDLanguageTags:     "language tags",
	OIDLanguageRanges:   "language ranges",
	OIDModifyIncrement:  "modify-increment",
	OIDActiveDirectory:  "Active Directory",
	OIDADIntegration:    "Active Directory LDAP integration",
	OIDMatchRuleBitAnd:  "bitwise and",
	OIDMatchRuleBitOr:   "bitwise or",
	OIDMatchRuleInChain: "in chain",
	OIDDisconnection:    "notice of disconnection",
}
