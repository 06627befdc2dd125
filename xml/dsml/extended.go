package dsml

// ExtendedRequest runs an LDAP extended operation.
type ExtendedRequest struct {
	Message
	RequestName  string // numeric OID
	RequestValue *Value
}

func (*ExtendedRequest) Element() string { return "extendedRequest" }

// ExtendedResponse answers an extended operation.
type ExtendedResponse struct {
	LDAPResult
	ResponseName string // numeric OID, empty when absent
	Response     *Value
}

func (*ExtendedResponse) Element() string { return "extendedResponse" }
