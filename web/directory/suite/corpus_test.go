package suite

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// corpusDir is where another project's suite for DSML gateways lies on the
// machines where this one is built: requests with their HTTP headers, the data
// that they run on, and reference answers. It is not part of the repository.
const corpusDir = "../../../../shared/corpus/dsml"

// corpus returns the folder, or "" where it is not.
func corpus(t *testing.T) string {
	dir := os.Getenv("DSMLKIT_CORPUS")
	if dir == "" {
		dir = filepath.FromSlash(corpusDir)
	}
	if _, err := os.Stat(filepath.Join(dir, "opendj-dsml-suite")); err == nil {
		return dir
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s, which DSMLKIT_CORPUS may set, does not exist", dir)
	}
	t.Logf("nothing to compare with: %s, which DSMLKIT_CORPUS may set, does not exist", dir)
	return ""
}

// exchange is one request of the corpus and its reference answer.
type exchange struct {
	name     string // of the file, without its end
	head     string // start line and headers
	body     []byte
	want     []byte // nil: the answer had no DSML
	wantHead string
}

// conversation is what goes over one connection.
type conversation []exchange

func readCorpus(t *testing.T, dir string) map[string][]conversation {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(dir, "http-headers.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	heads := map[string]string{}
	for line := range strings.Lines(string(table)) {
		if c := strings.Split(strings.TrimRight(line, "\n"), "\t"); len(c) == 3 {
			heads[c[0]] = c[1] + "\r\n" + strings.ReplaceAll(c[2], " | ", "\r\n")
		}
	}
	requests, err := filepath.Glob(filepath.Join(dir, "opendj-dsml-suite", "*", "*.request*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(requests)
	suites := map[string][]conversation{}
	for _, path := range requests {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		answer := strings.Replace(path, ".request", ".response", 1)
		want, err := os.ReadFile(answer)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		key := func(path string) string {
			return filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator)))
		}
		x := exchange{name: strings.Replace(strings.TrimSuffix(filepath.Base(path), ".xml"), ".request", "", 1), head: heads[key(path)], body: body, want: want, wantHead: heads[key(answer)]}
		suite := filepath.Base(filepath.Dir(path))
		if n := len(suites[suite]); n > 0 && strings.HasSuffix(x.name, "-2") {
			suites[suite][n-1] = append(suites[suite][n-1], x)
			continue
		}
		suites[suite] = append(suites[suite], conversation{x})
	}
	return suites
}

// serve makes an endpoint over a backend.
func serve(t *testing.T, b directory.Backend) *httptest.Server {
	t.Helper()
	table := session.NewTable(session.TableOptions{Clock: session.SystemClock{}, Rand: rand.Reader})
	s := httptest.NewServer(endpoint.NewDSML(endpoint.Options{Backend: b, Table: table}))
	t.Cleanup(func() {
		s.Close()
		table.Close()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// send puts a conversation on the wire as it was recorded, but for the length
// and the administrator's credentials.
func (c conversation) send(address, admin string) ([]*http.Response, error) {
	nc, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	defer nc.Close()
	in := bufio.NewReader(nc)
	var out []*http.Response
	for _, x := range c {
		var head []string
		for line := range strings.SplitSeq(x.head, "\r\n") {
			if !strings.HasPrefix(strings.ToLower(line), "content-length:") {
				head = append(head, strings.ReplaceAll(line, "%VALIDAUTH%", base64.StdEncoding.EncodeToString([]byte(admin))))
			}
		}
		text := strings.Join(head, "\r\n") + "\r\nContent-Length: " + strconv.Itoa(len(x.body)) + "\r\n\r\n"
		if _, err := nc.Write(append([]byte(text), x.body...)); err != nil {
			return nil, err
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", x.name, err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			return nil, err
		}
		res.Body = io.NopCloser(bytes.NewReader(body))
		out = append(out, res)
	}
	return out, nil
}
