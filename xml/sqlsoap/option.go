package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// TextHeader is applicationName, clientInterface or hostName. A value that is
// too long for the server is cut by it, silently (S-70).
type TextHeader struct {
	Processing
	Value string
}

// BinaryHeader is clientNetworkID, the address of a network card.
type BinaryHeader struct {
	Processing
	Value []byte
}

// NumberHeader is clientPID.
type NumberHeader struct {
	Processing
	Value int64
}

// InitialDatabase names the database that the login enters.
type InitialDatabase struct {
	Processing
	Value    string
	Optional bool             // go on without when it cannot be entered
	Filename Optional[string] // of a detached database to attach
}

// InitialLanguage names the language of the login.
type InitialLanguage struct {
	Processing
	Value    string
	Optional bool // go on with the login's own when it cannot be set
}

// EnvironmentChangeNotifications says which changes the server reports in its
// results: those of the database and the language as SQLMessage (S-72),
// transactions as Transaction (S-71), that of the mirroring partner as a header.
type EnvironmentChangeNotifications struct {
	Processing
	DatabaseChange, LanguageChange, PartnerChange, TransactionBoundary bool
}

// NotificationRequest asks for a query notification.
type NotificationRequest struct {
	Processing
	NotificationID  string
	DeliveryService string
	Timeout         Optional[int64] // seconds
}

// DatabaseMirroringPartner is a header of answers: the server that mirrors the
// database.
type DatabaseMirroringPartner struct {
	Processing
	Partner string // URI
}

// required returns the value of an attribute that has to be there.
func (r *headerReader) required(e *xml.Element, name string) (string, bool) {
	v, ok := e.Attr("", name)
	if !ok {
		r.mistyped(e, []string{name})
		r.fail(e.Pos, CodeAttribute, "", e.Name.Local+" has no attribute "+name, "")
	}
	return v, ok
}

func (r *headerReader) optional(e *xml.Element, name string) Optional[string] {
	v, ok := e.Attr("", name)
	return Optional[string]{v, ok}
}

func (r *headerReader) flag(e *xml.Element, name string) bool {
	text, ok := e.Attr("", name)
	if !ok {
		return false
	}
	v, ok := boolean(text)
	if !ok {
		r.fail(e.Pos, CodeValue, "", name+" of "+e.Name.Local+" is \""+excerpt(text)+"\"", "true or false")
	}
	return v
}

// readText makes the reader of a header that has nothing but a text.
func readText(field func(*Headers) **TextHeader) func(*headerReader, *xml.Element, Processing) {
	return func(r *headerReader, e *xml.Element, p Processing) {
		if v, ok := r.required(e, "value"); ok {
			*field(&r.h) = &TextHeader{p, v}
		}
	}
}

func (r *headerReader) clientNetworkID(e *xml.Element, p Processing) {
	text, ok := r.required(e, "value")
	if !ok {
		return
	}
	if b, ok := r.base64(text, e.Pos, CodeValue, "the value of clientNetworkID"); ok {
		r.h.ClientNetworkID = &BinaryHeader{p, b}
	}
}

func (r *headerReader) clientPID(e *xml.Element, p Processing) {
	text, ok := r.required(e, "value")
	if !ok {
		return
	}
	n, ok := integer(text, 64)
	if !ok {
		r.fail(e.Pos, CodeValue, "", "the value of clientPID is \""+excerpt(text)+"\"", "a whole number")
		return
	}
	r.h.ClientPID = &NumberHeader{p, n}
}

func (r *headerReader) initialDatabase(e *xml.Element, p Processing) {
	if v, ok := r.required(e, "value"); ok {
		r.h.InitialDatabase = &InitialDatabase{p, v, r.flag(e, "optional"), r.optional(e, "filename")}
	}
}

func (i *InitialDatabase) block() soap.Header {
	attrs := flagAttr([]xml.ElementAttr{attribute("value", i.Value)}, "optional", i.Optional)
	if i.Filename.Set {
		attrs = append(attrs, attribute("filename", i.Filename.Value))
	}
	return i.header(option("initialDatabase", attrs...))
}

func (r *headerReader) initialLanguage(e *xml.Element, p Processing) {
	if v, ok := r.required(e, "value"); ok {
		r.h.InitialLanguage = &InitialLanguage{p, v, r.flag(e, "optional")}
	}
}

func (i *InitialLanguage) block() soap.Header {
	attrs := flagAttr([]xml.ElementAttr{attribute("value", i.Value)}, "optional", i.Optional)
	return i.header(option("initialLanguage", attrs...))
}

var notifications = []string{"databaseChange", "languageChange", "partnerChange", "transactionBoundary"}

func (r *headerReader) environmentChangeNotifications(e *xml.Element, p Processing) {
	if len(e.Elements()) > 0 || trim(e.Text()) != "" {
		r.fail(e.Pos, CodeHeader, "S-68", "environmentChangeNotifications has content", "it has attributes only")
	}
	r.mistyped(e, notifications)
	r.h.EnvironmentChangeNotifications = &EnvironmentChangeNotifications{
		p, r.flag(e, notifications[0]), r.flag(e, notifications[1]), r.flag(e, notifications[2]), r.flag(e, notifications[3]),
	}
}

func (n *EnvironmentChangeNotifications) block() soap.Header {
	var attrs []xml.ElementAttr
	for i, on := range [...]bool{n.DatabaseChange, n.LanguageChange, n.PartnerChange, n.TransactionBoundary} {
		attrs = flagAttr(attrs, notifications[i], on)
	}
	return n.header(option("environmentChangeNotifications", attrs...))
}

func (r *headerReader) notificationRequest(e *xml.Element, p Processing) {
	n := &NotificationRequest{Processing: p}
	n.NotificationID, _ = r.required(e, "notificationId")
	n.DeliveryService, _ = r.required(e, "deliveryService")
	if text, ok := e.Attr("", "timeout"); ok {
		seconds, ok := integer(text, 64)
		if !ok {
			r.fail(e.Pos, CodeValue, "", "timeout of notificationRequest is \""+excerpt(text)+"\"", "a number of seconds")
		} else {
			n.Timeout = Some(seconds)
		}
	}
	r.h.NotificationRequest = n
}

func (n *NotificationRequest) block() soap.Header {
	attrs := []xml.ElementAttr{attribute("notificationId", n.NotificationID), attribute("deliveryService", n.DeliveryService)}
	if n.Timeout.Set {
		attrs = append(attrs, attribute("timeout", strconv.FormatInt(n.Timeout.Value, 10)))
	}
	return n.header(option("notificationRequest", attrs...))
}

func (r *headerReader) databaseMirroringPartner(e *xml.Element, p Processing) {
	if r.o.Direction == ToServer {
		r.warn(e.Pos, CodeHeader, "", partnerName+" in a request", "it belongs to answers")
	}
	if v, ok := r.required(e, "partner"); ok {
		r.h.DatabaseMirroringPartner = &DatabaseMirroringPartner{p, v}
	}
}
