package sqlsoap

// TextHeader is applicationName, clientInterface or hostName. A value that is
// too long for the server is cut by it, silently (S-70).
type TextHeader struct {
	Processing
	Value string
}

// Fields tells the attributes.
func (h *TextHeader) Fields(v Visitor) { v.Text("value", &h.Value) }

// BinaryHeader is clientNetworkID, the address of a network card.
type BinaryHeader struct {
	Processing
	Value []byte
}

// Fields tells the attributes.
func (h *BinaryHeader) Fields(v Visitor) { v.Bytes("value", &h.Value, true) }

// NumberHeader is clientPID.
type NumberHeader struct {
	Processing
	Value int64
}

// Fields tells the attributes.
func (h *NumberHeader) Fields(v Visitor) { v.Int("value", &h.Value, minInt64, maxInt64) }

// InitialDatabase names the database that the login enters.
type InitialDatabase struct {
	Processing
	Value    string
	Optional bool             // go on without when it cannot be entered
	Filename Optional[string] // of a detached database to attach
}

// Fields tells the attributes.
func (h *InitialDatabase) Fields(v Visitor) {
	v.Text("value", &h.Value)
	v.Flag("optional", &h.Optional)
	v.OptText("filename", &h.Filename)
}

// InitialLanguage names the language of the login.
type InitialLanguage struct {
	Processing
	Value    string
	Optional bool // go on with the login's own when it cannot be set
}

// Fields tells the attributes.
func (h *InitialLanguage) Fields(v Visitor) {
	v.Text("value", &h.Value)
	v.Flag("optional", &h.Optional)
}

// EnvironmentChangeNotifications says which changes the server reports in its
// results: those of the database and the language as SQLMessage (S-72),
// transactions as Transaction (S-71), that of the mirroring partner as a header.
type EnvironmentChangeNotifications struct {
	Processing
	DatabaseChange, LanguageChange, PartnerChange, TransactionBoundary bool
}

// Fields tells the attributes.
func (h *EnvironmentChangeNotifications) Fields(v Visitor) {
	v.Flag("databaseChange", &h.DatabaseChange)
	v.Flag("languageChange", &h.LanguageChange)
	v.Flag("partnerChange", &h.PartnerChange)
	v.Flag("transactionBoundary", &h.TransactionBoundary)
}

// NotificationRequest asks for a query notification.
type NotificationRequest struct {
	Processing
	NotificationID  string
	DeliveryService string
	Timeout         Optional[int64] // seconds
}

// Fields tells the attributes.
func (h *NotificationRequest) Fields(v Visitor) {
	v.Text("notificationId", &h.NotificationID)
	v.Text("deliveryService", &h.DeliveryService)
	v.OptInt("timeout", &h.Timeout, minInt64, maxInt64, noDefault)
}

// DatabaseMirroringPartner is a header of answers: the server that mirrors the
// database.
type DatabaseMirroringPartner struct {
	Processing
	Partner string // URI
}

// Fields tells the attributes.
func (h *DatabaseMirroringPartner) Fields(v Visitor) { v.Text("partner", &h.Partner) }
