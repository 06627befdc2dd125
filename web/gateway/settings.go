package gateway

import "strings"

// setting is one thing that can be set. The table of settings is the only
// place that knows their names: the help, the file, the environment, the printed
// configuration and the table in the README are all made from it.
type setting struct {
	name   string // of the option, without dashes, and of the key in the file
	group  string
	value  string // what stands for the value in the help; "" for a switch
	about  string
	secret bool
	field  func(*Config) field
}

// environmentPrefix begins the names of the variables.
const environmentPrefix = "DSMLKIT_"

// variable is the name in the environment.
func (s *setting) variable() string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))
}

// Groups of settings, in the order in which they are told.
const (
	groupDirectory = "Directory"
	groupLDAP      = "LDAP servers"
	groupRelay     = "Relay to other DSML endpoints"
	groupServer    = "Server"
	groupOperators = "Operators"
	groupSessions  = "Sessions, of each endpoint"
	groupLimits    = "Limits"
)

// settings are all that can be set.
var settings = []*setting{
	{name: "directory", group: groupDirectory, value: "address", about: "what /dsml stands on: memory, ldap://HOST:PORT, ldaps://HOST:PORT, or the https:// address of another DSML endpoint, to which it relays",
		field: func(c *Config) field { return (*textField)(&c.Directory) }},
	{name: "start-tls", group: groupDirectory, about: "encrypt connections to ldap:// addresses with StartTLS before anything else is said",
		field: func(c *Config) field { return (*boolField)(&c.StartTLS) }},
	{name: "ldif", group: groupDirectory, value: "file", about: "load the directory in memory with this LDIF file in place of the sample (repeatable)",
		field: func(c *Config) field { return (*listField)(&c.LDIF) }},
	{name: "endpoint", group: groupDirectory, value: "name=address", about: "a further endpoint at /dsml/NAME; the page offers it (repeatable)",
		field: func(c *Config) field { return (*listField)(&c.Endpoints) }},
	{name: "read-only", group: groupDirectory, about: "refuse everything but searches and compares",
		field: func(c *Config) field { return (*boolField)(&c.ReadOnly) }},
	{name: "windows", group: groupDirectory, about: "be as strict as DSML Services for Windows",
		field: func(c *Config) field { return (*boolField)(&c.Windows) }},

	{name: "ldap-ca", group: groupLDAP, value: "file", about: "trust the certificates of this PEM file in place of the system's",
		field: func(c *Config) field { return (*textField)(&c.LDAP.CA) }},
	{name: "ldap-server-name", group: groupLDAP, value: "name", about: "the host name that the certificate has to be for, where it is not that of the address",
		field: func(c *Config) field { return (*textField)(&c.LDAP.ServerName) }},
	{name: "ldap-user-base", group: groupLDAP, value: "DN", about: "where callers who give a name instead of a DN are searched; none: names are not mapped",
		field: func(c *Config) field { return (*textField)(&c.LDAP.UserBase) }},
	{name: "ldap-user-filter", group: groupLDAP, value: "filter", about: "the search for a caller; {name} stands for what the caller gave",
		field: func(c *Config) field { return (*textField)(&c.LDAP.UserFilter) }},
	{name: "ldap-bind-dn", group: groupLDAP, value: "DN", about: "who searches for callers; none: anonymous",
		field: func(c *Config) field { return (*textField)(&c.LDAP.BindDN) }},
	{name: "ldap-bind-password", group: groupLDAP, value: "password", secret: true, about: "password of ldap-bind-dn; better in the file or the environment than on the command line",
		field: func(c *Config) field { return (*textField)(&c.LDAP.BindPassword) }},
	{name: "ldap-pool", group: groupLDAP, value: "number", about: "connections for messages outside of sessions, at the most",
		field: func(c *Config) field { return (*countField)(&c.LDAP.Pool) }},
	{name: "ldap-pool-wait", group: groupLDAP, value: "time", about: "how long a message waits for one of them",
		field: func(c *Config) field { return (*timeField)(&c.LDAP.PoolWait) }},
	{name: "ldap-pool-idle", group: groupLDAP, value: "time", about: "how long one of them lies idle before it is closed; less than firewalls and the server allow",
		field: func(c *Config) field { return (*timeField)(&c.LDAP.PoolIdle) }},
	{name: "ldap-trust", group: groupLDAP, value: "time", about: "how long a checked password counts on its connection, and so how long an old one is good after a change; 0s checks it for every message",
		field: func(c *Config) field { return (*spanField)(&c.LDAP.Trust) }},
	{name: "ldap-connect-timeout", group: groupLDAP, value: "time", about: "how long connecting may take",
		field: func(c *Config) field { return (*timeField)(&c.LDAP.ConnectTimeout) }},
	{name: "ldap-operation-timeout", group: groupLDAP, value: "time", about: "how long the server may be silent while an answer is due before its connection is given up",
		field: func(c *Config) field { return (*timeField)(&c.LDAP.OperationTimeout) }},

	{name: "relay-ca", group: groupRelay, value: "file", about: "trust the certificates of this PEM file in place of the system's",
		field: func(c *Config) field { return (*textField)(&c.Relay.CA) }},
	{name: "relay-network", group: groupRelay, value: "CIDR", about: "network that is not public but may be relayed into, such as 10.1.0.0/16 (repeatable)",
		field: func(c *Config) field { return (*listField)(&c.Relay.Networks) }},
	{name: "relay-max-answer", group: groupRelay, value: "bytes", about: "longest answer that is relayed",
		field: func(c *Config) field { return (*bytesField)(&c.Relay.MaxAnswer) }},

	{name: "listen", group: groupServer, value: "address", about: "address to listen on; port 0 takes a free one",
		field: func(c *Config) field { return (*textField)(&c.Listen) }},
	{name: "host", group: groupServer, value: "name", about: "host name that requests may come under, as behind a proxy on this machine (repeatable)",
		field: func(c *Config) field { return (*listField)(&c.Hosts) }},
	{name: "allow-origin", group: groupServer, value: "origin", about: "web origin whose pages may call the endpoints, such as https://tool.example (repeatable; * is any)",
		field: func(c *Config) field { return (*listField)(&c.AllowOrigins) }},
	{name: "trusted-proxy", group: groupServer, value: "CIDR", about: "network of proxies whose X-Forwarded-For names the client (repeatable)",
		field: func(c *Config) field { return (*listField)(&c.TrustedProxies) }},
	{name: "tls-cert", group: groupServer, value: "file", about: "serve HTTPS with this PEM certificate chain; a changed file is taken up without a restart",
		field: func(c *Config) field { return (*textField)(&c.TLSCert) }},
	{name: "tls-key", group: groupServer, value: "file", about: "the certificate's private key, PEM",
		field: func(c *Config) field { return (*textField)(&c.TLSKey) }},
	{name: "shutdown-patience", group: groupServer, value: "time", about: "how long batches that run may take to end when the server is stopped",
		field: func(c *Config) field { return (*timeField)(&c.ShutdownPatience) }},

	{name: "admin-listen", group: groupOperators, value: "address", about: "second address, for /metrics and /sessions; beyond this machine only with admin-token",
		field: func(c *Config) field { return (*textField)(&c.AdminListen) }},
	{name: "admin-token", group: groupOperators, value: "secret", secret: true, about: "the admin right: Bearer token, or password of any name, that opens /metrics and /sessions, on the first address too",
		field: func(c *Config) field { return (*textField)(&c.AdminToken) }},
	{name: "log-format", group: groupOperators, value: "format", about: "text or json",
		field: func(c *Config) field { return (*textField)(&c.LogFormat) }},
	{name: "log-level", group: groupOperators, value: "level", about: "debug, info (a line for each request), warn or error",
		field: func(c *Config) field { return (*textField)(&c.LogLevel) }},

	{name: "session-ttl", group: groupSessions, value: "time", about: "idle time after which a session ends, such as 90s or 10m",
		field: func(c *Config) field { return (*timeField)(&c.SessionTTL) }},
	{name: "sessions-max", group: groupSessions, value: "number", about: "sessions at the same time; 0 refuses them, -1 is no limit",
		field: func(c *Config) field { return (*intField)(&c.SessionsMax) }},
	{name: "sessions-max-per-client", group: groupSessions, value: "number", about: "sessions of one client address; -1 is no limit",
		field: func(c *Config) field { return (*intField)(&c.SessionsMaxPerClient) }},
	{name: "session-any-address", group: groupSessions, about: "let a session be used from another address than the one that began it",
		field: func(c *Config) field { return (*boolField)(&c.SessionAnyAddress) }},

	{name: "max-body", group: groupLimits, value: "bytes", about: "longest message, such as 10MiB",
		field: func(c *Config) field { return (*bytesField)(&c.MaxBody) }},
	{name: "max-requests", group: groupLimits, value: "number", about: "operations in one batch",
		field: func(c *Config) field { return (*countField)(&c.MaxRequests) }},
	{name: "max-entries", group: groupLimits, value: "number", about: "entries of one search; 0 is no limit but the directory's",
		field: func(c *Config) field { return (*intField)(&c.MaxEntries) }},
	{name: "max-concurrent", group: groupLimits, value: "number", about: "messages at the same time; more are told to come back",
		field: func(c *Config) field { return (*countField)(&c.MaxConcurrent) }},
	{name: "parallelism", group: groupLimits, value: "number", about: "operations of one parallel batch at the same time",
		field: func(c *Config) field { return (*countField)(&c.Parallelism) }},
	{name: "batch-timeout", group: groupLimits, value: "time", about: "how long one batch may run",
		field: func(c *Config) field { return (*timeField)(&c.BatchTimeout) }},
	{name: "transfer-timeout", group: groupLimits, value: "time", about: "how long a client may take to send its message, or leave a part of the answer lying",
		field: func(c *Config) field { return (*timeField)(&c.TransferTimeout) }},
}

// settingNamed returns nil for a name that is none.
func settingNamed(name string) *setting {
	for _, s := range settings {
		if s.name == name {
			return s
		}
	}
	return nil
}
