package dsml

// Control is an LDAP control as DSML carries it. Value is nil when the element
// has no controlValue; otherwise its Data is the BER encoding of the control's
// value, or its text when it was carried as text.
type Control struct {
	Type        string // numeric OID
	Criticality bool   // absent means false (D-67)
	Value       *Value
}
