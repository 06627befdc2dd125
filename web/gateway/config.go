package gateway

import (
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory/ldap"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// Config is what a gateway is told. [Configure] makes one from flags,
// environment and file; the meaning of each field is told in the table of
// settings beside it.
type Config struct {
	// Directories.
	Directory string   // "" or "memory": the directory in memory
	LDIF      []string // files
	Endpoints []string // NAME=ADDRESS
	StartTLS  bool
	ReadOnly  bool
	Windows   bool
	LDAP      LDAPConfig
	Relay     RelayConfig

	// The server.
	Listen           string
	Hosts            []string
	AllowOrigins     []string
	TrustedProxies   []string // networks
	TLSCert, TLSKey  string   // files
	ShutdownPatience time.Duration

	// Operators.
	AdminListen string
	AdminToken  string
	LogFormat   string // text, json
	LogLevel    string // debug, info, warn, error

	// Sessions.
	SessionTTL           time.Duration
	SessionsMax          int // negative: no limit
	SessionsMaxPerClient int // negative: no limit
	SessionAnyAddress    bool

	// Limits.
	MaxBody         int64 // bytes
	MaxRequests     int
	MaxEntries      int // 0: no limit
	MaxConcurrent   int
	Parallelism     int
	BatchTimeout    time.Duration
	TransferTimeout time.Duration

	unknownVariables []string // of the environment, named like settings
}

// LDAPConfig is how LDAP servers are spoken to.
type LDAPConfig struct {
	CA           string // file
	ServerName   string // of the certificate
	BindDN       string
	BindPassword string
	UserBase     string
	UserFilter   string

	Pool             int
	PoolWait         time.Duration
	PoolIdle         time.Duration
	Trust            time.Duration // 0: none
	ConnectTimeout   time.Duration
	OperationTimeout time.Duration
}

// RelayConfig is how other DSML endpoints are spoken to.
type RelayConfig struct {
	CA        string   // file
	Networks  []string // that names may lead into though they are not public
	MaxAnswer int64    // bytes
}

// Defaults is the configuration of a gateway that is told nothing.
func Defaults() *Config {
	return &Config{
		Listen:           "127.0.0.1:8080",
		ShutdownPatience: 10 * time.Second,
		LogFormat:        "text",
		LogLevel:         "warn",
		SessionTTL:       session.DefaultIdle,
		SessionsMax:      session.DefaultMax,

		SessionsMaxPerClient: session.DefaultMaxPerClient,

		MaxBody:         endpoint.DefaultMaxBody,
		MaxRequests:     endpoint.DefaultMaxRequests,
		MaxConcurrent:   256,
		Parallelism:     endpoint.DefaultParallelism,
		BatchTimeout:    endpoint.DefaultBatchTimeout,
		TransferTimeout: endpoint.DefaultTransferTimeout,

		LDAP: LDAPConfig{
			UserFilter: ldap.DefaultUserFilter,
			Pool:       ldap.DefaultPoolSize, PoolWait: ldap.DefaultPoolWait, PoolIdle: ldap.DefaultPoolIdle, Trust: ldap.DefaultTrust,
			ConnectTimeout: ldap.DefaultConnectTimeout, OperationTimeout: ldap.DefaultOperationTimeout,
		},
		Relay: RelayConfig{MaxAnswer: 256 << 20},
	}
}
