package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// role is what an object does in a deployment.
type role string

const (
	// roleDirectory: the sample directory in memory with all its sessions. The
	// data is in one program, so there can be one such object only.
	roleDirectory role = "directory"
	// roleSession: one session on an LDAP server, and one connection with it.
	roleSession role = "session"
	// rolePool: messages outside sessions, on a bounded pool of connections.
	rolePool role = "pool"
)

// config is what the environment says. The names are those of the native
// server, whose README has the table of them.
type config struct {
	role      role
	sessionID string // of roleSession
	origins   []string
	level     slog.Level
	limits    endpoint.Options // those of its fields that are bounds and modes
	sessions  session.TableOptions
	directory directoryConfig // by build tag: an LDAP server or memory
}

// setting reads one value into the configuration.
type setting struct {
	name string
	read func(c *config, value string) error
}

// settings are those of the native server that mean something at the edge,
// besides directorySettings. DSMLKIT_EDGE_ROLE and DSMLKIT_EDGE_SESSION come
// from wasm/js/edge-object.ts.
var settings = []setting{
	{"DSMLKIT_EDGE_ROLE", func(c *config, v string) error { c.role = role(v); return nil }},
	{"DSMLKIT_EDGE_SESSION", func(c *config, v string) error { c.sessionID = v; return nil }},
	{"DSMLKIT_READ_ONLY", func(c *config, v string) error { return readBool(&c.limits.ReadOnly, v) }},
	{"DSMLKIT_WINDOWS", func(c *config, v string) error { return readBool(&c.limits.Windows, v) }},
	{"DSMLKIT_ALLOW_ORIGIN", func(c *config, v string) error {
		c.origins = strings.Fields(strings.ReplaceAll(v, ",", " "))
		return nil
	}},
	{"DSMLKIT_SESSION_TTL", func(c *config, v string) error { return readTime(&c.sessions.Idle, v) }},
	{"DSMLKIT_SESSIONS_MAX", func(c *config, v string) error { return readLimit(&c.sessions.Max, v) }},
	{"DSMLKIT_SESSIONS_MAX_PER_CLIENT", func(c *config, v string) error { return readLimit(&c.sessions.MaxPerClient, v) }},
	{"DSMLKIT_SESSION_ANY_ADDRESS", func(c *config, v string) error { return readBool(&c.sessions.SkipAddressMatch, v) }},
	{"DSMLKIT_MAX_BODY", func(c *config, v string) error { return readBytes(&c.limits.MaxBody, v) }},
	{"DSMLKIT_MAX_REQUESTS", func(c *config, v string) error { return readNumber(&c.limits.MaxRequests, v, 1) }},
	{"DSMLKIT_MAX_ENTRIES", func(c *config, v string) error { return readNumber(&c.limits.MaxEntries, v, 0) }},
	{"DSMLKIT_PARALLELISM", func(c *config, v string) error { return readNumber(&c.limits.Parallelism, v, 1) }},
	{"DSMLKIT_BATCH_TIMEOUT", func(c *config, v string) error { return readTime(&c.limits.BatchTimeout, v) }},
	{"DSMLKIT_TRANSFER_TIMEOUT", func(c *config, v string) error { return readTime(&c.limits.TransferTimeout, v) }},
	{"DSMLKIT_LOG_LEVEL", func(c *config, v string) error { return c.level.UnmarshalText([]byte(v)) }},
}

// readConfig takes the settings from the environment. A name that begins like
// one of ours and is none is a mistake that must not pass in silence. Values
// are not in the errors: some are secrets.
func readConfig(environ []string) (*config, error) {
	c := &config{role: roleDirectory, level: slog.LevelWarn, limits: endpoint.Options{MaxBody: endpoint.DefaultMaxBody}}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, "DSMLKIT_") || ownOfWorker(name) {
			continue
		}
		found := false
		for _, s := range slices.Concat(settings, directorySettings) {
			if s.name != name {
				continue
			}
			found = true
			if err := s.read(c, value); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
		if !found {
			return nil, fmt.Errorf("%s is no setting of the edge", name)
		}
	}
	return c, c.check()
}

// ownOfWorker are the settings that JavaScript reads (wasm/js/edge-settings.ts).
func ownOfWorker(name string) bool {
	return slices.Contains([]string{"DSMLKIT_ADMIN_TOKEN", "DSMLKIT_EDGE_POOL", "DSMLKIT_EDGE_SHARDS"}, name)
}

func (c *config) check() error {
	if c.role == roleSession && c.sessionID == "" {
		return errors.New("a session without an id")
	}
	return c.directory.check(c.role)
}

func readBool(to *bool, v string) (err error) {
	if *to, err = strconv.ParseBool(v); err != nil {
		return errors.New("write true or false")
	}
	return nil
}

func readNumber(to *int, v string, least int) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < least {
		return fmt.Errorf("write a whole number from %d on", least)
	}
	*to = n
	return nil
}

func readLimit(to **int, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < -1 {
		return errors.New("write a whole number; -1 is no limit")
	}
	*to = &n
	return nil
}

func readTime(to *time.Duration, v string) error {
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		return errors.New("write a time such as 90s or 10m")
	}
	*to = d
	return nil
}

func readBytes(to *int64, v string) error {
	unit := int64(1)
	for name, size := range map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
		if head, found := strings.CutSuffix(v, name); found {
			v, unit = head, size
		}
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 64)
	if err != nil || n < 1 || n > (1<<40)/unit {
		return errors.New("write a number of bytes, such as 65536, 64KiB or 10MiB")
	}
	*to = n * unit
	return nil
}
