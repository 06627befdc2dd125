// Package slapd starts OpenLDAP's server for tests: a private one for each, on
// free ports of the loopback address, with its data and configuration in a
// temporary folder, ended with the test.
//
//	s := slapd.Start(t, slapd.Options{Suffixes: []string{"dc=example,dc=org"}, LDIF: text})
//	backend, err := ldap.New(ldap.Options{URL: s.URL})
package slapd

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Missing tells how to get what a test needs and a machine lacks.
const Missing = "these tests need OpenLDAP's server: `go run ./build test` installs it on Debian and Ubuntu, as `apt-get install slapd` does"

// Password is that of the administrator of every suffix.
const Password = "secret"

// Options says what a server is like.
type Options struct {
	// Suffixes are the names at which trees of entries begin. Each has the
	// administrator "cn=admin," before it, who may do everything. An empty one,
	// the last, begins empty and takes what belongs to no other.
	Suffixes []string
	// LDIF are the entries to begin with, parents first; those of each suffix
	// together.
	LDIF []byte
	// TLS makes the server know StartTLS and listen at SecureURL.
	TLS bool
	// Schemas are the schemas of OpenLDAP that the server knows. Default: core,
	// cosine, inetorgperson, nis, java, misc.
	Schemas []string
	// Schema are further definitions, as slapd.conf has them.
	Schema string
	// Global are lines of slapd.conf for the server.
	Global string
	// Database are lines of slapd.conf for every suffix. Default: everybody may
	// change everything and read all but passwords.
	Database string
}

// Server is a running slapd.
type Server struct {
	URL       string // ldap://127.0.0.1:port
	SecureURL string // ldaps://localhost:port, with TLS
	Address   string // of URL: 127.0.0.1:port
	CA        []byte // PEM of the authority that its certificate is from, with TLS

	t      testing.TB // nil for one of Run
	dir    string
	config string
	urls   string
	cmd    *exec.Cmd
	output bytes.Buffer
	done   chan struct{} // closed when the process has ended
}

// anyone lets everybody do everything, except read passwords.
const anyone = `
access to attrs=userPassword by anonymous auth by * write
access to * by * write
`

// Start starts a server and ends it with the test. It fails the test when there
// is no slapd.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Run(t.TempDir(), o)
	if err != nil {
		t.Fatal(err)
	}
	s.t = t
	t.Cleanup(s.Stop)
	return s
}

// Run starts a server for something that is no test: the caller owns the folder,
// an empty one, and calls Stop.
func Run(dir string, o Options) (*Server, error) {
	s := &Server{dir: dir}
	program, err := find("slapd", "/usr/sbin/slapd", "/usr/local/sbin/slapd", "/usr/libexec/slapd", "/usr/local/libexec/slapd")
	if err != nil {
		return nil, errors.New(Missing)
	}
	if program, err = s.unconfined(program); err != nil {
		return nil, err
	}
	if o.TLS {
		if s.CA, err = certificates(s.dir); err != nil {
			return nil, err
		}
	}
	s.config = filepath.Join(s.dir, "slapd.conf")
	text, err := s.configuration(o)
	if err == nil {
		err = os.WriteFile(s.config, []byte(text), 0o600)
	}
	if err == nil {
		err = s.load(program, o)
	}
	if err != nil {
		return nil, err
	}
	// A free port may be somebody else's by the time that slapd asks for it.
	for range 5 {
		if err = s.start(program, o.TLS); err == nil {
			return s, nil
		}
	}
	return nil, err
}

// profile is what keeps slapd out of temporary folders on Ubuntu. It goes by the
// path of the program.
const profile = "/etc/apparmor.d/usr.sbin.slapd"

// unconfined returns a program that may read the server's folder.
func (s *Server) unconfined(program string) (string, error) {
	if _, err := os.Stat(profile); err != nil {
		return program, nil
	}
	text, err := os.ReadFile(program)
	if err != nil {
		return "", err
	}
	copied := filepath.Join(s.dir, "slapd")
	return copied, os.WriteFile(copied, text, 0o700)
}

// Restart starts a server that was stopped or killed again, at its old address.
func (s *Server) Restart() {
	s.t.Helper()
	s.Stop()
	program := s.cmd.Path
	var err error
	// Its port may be somebody else's for a while.
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err = s.run(program); err == nil {
			return
		}
	}
	s.t.Fatal(err)
}

// Kill ends the server at once, as a crash does.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	<-s.done
}

// Freeze stops the server in its tracks: it accepts what comes and answers
// nothing, until Thaw. It is frozen when Freeze returns.
func (s *Server) Freeze() { s.freeze() }

// Thaw lets a frozen server go on.
func (s *Server) Thaw() { s.signal(cont) }

// Stop ends the server. It may be called more than once.
func (s *Server) Stop() {
	select {
	case <-s.done:
		return
	default:
	}
	s.signal(cont)
	_ = s.cmd.Process.Signal(os.Interrupt)
	select {
	case <-s.done:
	case <-time.After(20 * time.Second):
		s.Kill()
	}
}

// Roots are the authorities that trust the server.
func (s *Server) Roots() *tls.Config {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CA)
	return &tls.Config{RootCAs: pool}
}

// PID is the number of the running process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Admin is the name of the administrator of a suffix.
func Admin(suffix string) string {
	if suffix == "" {
		return "cn=admin"
	}
	return "cn=admin," + suffix
}

func (s *Server) start(program string, secure bool) error {
	ports, err := freePorts(2)
	if err != nil {
		return err
	}
	s.Address = fmt.Sprintf("127.0.0.1:%d", ports[0])
	s.URL = "ldap://" + s.Address
	s.urls = s.URL + "/"
	if secure {
		s.SecureURL = fmt.Sprintf("ldaps://localhost:%d", ports[1])
		s.urls += fmt.Sprintf(" ldaps://127.0.0.1:%d/", ports[1])
	}
	return s.run(program)
}

func (s *Server) run(program string) error {
	s.output.Reset()
	// With -d the server stays in the foreground; 0 asks for no messages but
	// those of errors.
	s.cmd = exec.Command(program, "-h", s.urls, "-f", s.config, "-d", "0")
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.done = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // it says how the server ended, which is by a signal
		close(done)
	}(s.cmd, s.done)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		select {
		case <-s.done:
			return fmt.Errorf("slapd ended: %s", strings.TrimSpace(s.output.String()))
		default:
		}
		// That somebody listens is not enough: the port may be another program's,
		// and this one about to end. It writes the file once it has its sockets.
		pid, err := os.ReadFile(filepath.Join(s.dir, "pid"))
		if err == nil && strings.TrimSpace(string(pid)) == fmt.Sprint(s.cmd.Process.Pid) {
			nc, err := net.Dial("tcp", s.Address)
			if err == nil {
				return nc.Close()
			}
		}
	}
	s.Kill()
	return errors.New("slapd does not listen after a minute")
}

// load fills the databases, which slapadd does without the server.
func (s *Server) load(program string, o Options) error {
	if len(o.LDIF) == 0 {
		return nil
	}
	for i, suffix := range o.Suffixes {
		text := o.LDIF
		if len(o.Suffixes) > 1 {
			text = below(text, suffix)
		}
		if suffix == "" {
			continue
		}
		// slapd is slapadd when told so. -q leaves out what guards against a
		// crash.
		cmd := exec.Command(program, "-Tadd", "-q", "-f", s.config, "-n", fmt.Sprint(i+1))
		cmd.Stdin = bytes.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("slapadd: %w: %s", err, out)
		}
	}
	return nil
}

// below picks the records of one suffix.
func below(text []byte, suffix string) []byte {
	same := func(dn string) string { return strings.ToLower(strings.ReplaceAll(dn, " ", "")) }
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	text = bytes.ReplaceAll(text, []byte("\n "), nil) // folded lines
	var out []byte
	for record := range bytes.SplitSeq(text, []byte("\n\n")) {
		first, _, _ := strings.Cut(string(bytes.TrimLeft(record, "\n")), "\n")
		dn, _ := strings.CutPrefix(first, "dn:")
		if encoded, ok := strings.CutPrefix(dn, ": "); ok {
			plain, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				continue
			}
			dn = string(plain)
		}
		if strings.HasSuffix(same(dn), same(suffix)) {
			out = append(append(out, record...), "\n\n"...)
		}
	}
	return out
}

func freePorts(n int) ([]int, error) {
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

// find returns the first of the files that is a program.
func find(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}
