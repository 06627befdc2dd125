package gateway

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeCertificate makes a certificate for 127.0.0.1 that nobody has signed but
// itself, and gives it for checking.
func writeCertificate(t *testing.T, cert, key, name string) *x509.Certificate {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// seenName connects anew and gives the name in the server's certificate.
func seenName(t *testing.T, address string) string {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true}) // only the name is looked at
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].Subject.CommonName
}

func TestTLS_OwnCertificateAndItsSuccessor(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	authority := writeCertificate(t, cert, key, "first")
	r := start(t, "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(r.g.URL(), "https://") {
		t.Errorf("the page is said to be at %s", r.g.URL())
	}
	pool := x509.NewCertPool()
	pool.AddCert(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	for range 2 {
		answer, err := (&http.Client{Transport: transport}).Post(r.g.URL()+"dsml", "text/xml", strings.NewReader(envelope("", searchBase("dc=example,dc=org"))))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != 200 || answer.ProtoMajor != 2 {
			t.Errorf("%s %d", answer.Proto, answer.StatusCode)
		}
	}
	if _, err := tls.Dial("tcp", r.g.listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	// The key alone was replaced: the old pair stays in use.
	address := r.g.listener.Addr().String()
	files := time.Now()
	age := func() { // time passes for the look at the files, and for their clock, which may be a coarse one
		files = files.Add(time.Minute)
		for _, name := range []string{cert, key} {
			if err := os.Chtimes(name, files, files); err != nil {
				t.Fatal(err)
			}
		}
		r.g.certificate.mu.Lock()
		r.g.certificate.looked = time.Time{}
		r.g.certificate.mu.Unlock()
	}
	writeCertificate(t, filepath.Join(dir, "other.pem"), key, "second")
	age()
	if name := seenName(t, address); name != "first" {
		t.Errorf("with half a change: %s", name)
	}
	writeCertificate(t, cert, key, "third")
	age()
	if name := seenName(t, address); name != "third" {
		t.Errorf("after the change: %s", name)
	}
	if text := r.log.String(); !strings.Contains(text, "is not taken up") || !strings.Contains(text, "is in use") {
		t.Errorf("the log: %s", text)
	}
}
