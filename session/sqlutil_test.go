package session

import (
	"encoding/base64"

	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// sqlOptionHeaders are the option headers besides sqlSession. Those that are
// true may stand only with an initiation when there is a session header (S-65).
var sqlOptionHeaders = map[string]bool{
	"applicationName": true, "clientInterface": true, "clientNetworkID": true, "clientPID": true, "hostName": true,
	"initialDatabase": true, "initialLanguage": true, "environmentChangeNotifications": true, "notificationRequest": false,
}

func base64Value(s string) ([]byte, error) { return base64.StdEncoding.DecodeString(s) }

// sqlSubcodes returns the local names of a fault's subcodes, from the outermost
// inwards.
func sqlSubcodes(f *soap.Fault) []string {
	read, _ := sqlsoap.ReadFault(f, sqlsoap.Options{})
	var names []string
	for _, n := range read.Subcodes {
		names = append(names, n.Local)
	}
	return names
}
