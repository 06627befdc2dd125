//go:build workerd

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// worker is the built Worker in the runtime that it has at Cloudflare.
type worker struct {
	address string // http://127.0.0.1:port
	process *os.Process
	output  output
}

// output is what a process said so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (w *worker) said() string {
	w.output.mu.Lock()
	defer w.output.mu.Unlock()
	return w.output.text.String()
}

// breakable lets a test do from outside what a defect in Go, the runtime or the
// machine would do. "Break" says what happens to the object that the request is
// for, or has the memory cleared of what nothing refers to. "Clock" sets the
// clock of the machine wrong from now on, by that many milliseconds, for
// everything that asks what time it is. "Coordinator" has the coordinators hang
// or fail from now on.
const breakable = `import worker, { Coordinator as Counting, Endpoint as Whole } from "./worker.js";
let coordinator = "";
const trouble = async () => {
  if (coordinator === "fail") throw new Error("the test says so");
  if (coordinator === "hang") await new Promise((resolve) => setTimeout(resolve, 3_600_000));
};
export class Coordinator extends Counting {
  async reserve(...what) { await trouble(); return super.reserve(...what); }
  async renew(...what) { await trouble(); return super.renew(...what); }
  async release(...what) { await trouble(); return super.release(...what); }
}
const RealDate = Date;
let wrong = 0;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + wrong);
    else super(...given);
  }
  static now() { return RealDate.now() + wrong; }
};
// In this runtime it goes with the clock of the machine.
Object.defineProperty(performance, "now", { value: () => Date.now() - performance.timeOrigin });
export default {
  fetch(request, env, context) {
    if (request.headers.has("Clock")) wrong = Number(request.headers.get("Clock"));
    if (request.headers.has("Coordinator")) coordinator = request.headers.get("Coordinator");
    if (request.headers.get("Break") === "memory") gc();
    return worker.fetch(request, env, context);
  },
};
export class Endpoint extends Whole {
  constructor(state, env) {
    const { storage } = state;
    const setAlarm = storage.setAlarm.bind(storage);
    storage.setAlarm = (at) => setAlarm(at - wrong);
    super(state, env);
  }
  async fetch(request) {
    switch (request.headers.get("Break")) {
      case "go": (await this.go)?.bridge.serve(); break;
      case "object": this.state.abort("the test says so");
    }
    return super.fetch(request);
  }
}
`

const workerConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "disk", disk = (path = "storage", writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", http = (), service = "main")],
  v8Flags = ["--expose-gc"],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "main.js", esModule = embed "main.js"),
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "edge.wasm", wasm = embed "edge.wasm"),
    (name = "tab.wasm", wasm = embed "tab.wasm"),
    (name = "dsmlkit.wasm", wasm = embed "dsmlkit.wasm"),
  ],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["enable_request_signal", "request_signal_passthrough"],
  durableObjectNamespaces = [
    (className = "Endpoint", uniqueKey = "%[1]s-endpoint", enableSql = true),
    (className = "Coordinator", uniqueKey = "%[1]s-coordinator", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    (name = "ENDPOINT", durableObjectNamespace = "Endpoint"),
    (name = "COORDINATOR", durableObjectNamespace = "Coordinator"),
%[2]s  ],
);
`

// startWorker runs it with the settings until the test ends.
func startWorker(t *testing.T, settings map[string]string) *worker {
	t.Helper()
	built, program := os.Getenv("DSMLKIT_EDGE"), os.Getenv("DSMLKIT_WORKERD")
	if built == "" || program == "" {
		t.Fatal("DSMLKIT_EDGE and DSMLKIT_WORKERD name the built Worker and its runtime: go run ./build test --only wasm sets them")
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "storage"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"worker.js", "edge.wasm", "tab.wasm", "dsmlkit.wasm"} {
		if err := os.Symlink(filepath.Join(built, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	var bindings strings.Builder
	for name, value := range settings {
		fmt.Fprintf(&bindings, "    (name = %s, text = %s),\n", strconv.Quote(name), strconv.Quote(value))
	}
	for name, text := range map[string]string{"main.js": breakable, "config.capnp": fmt.Sprintf(workerConfig, rand.Text(), bindings.String())} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := &worker{address: "http://" + listener.Addr().String()}
	ctx, cancel := context.WithCancel(context.Background())
	// The socket is given to it: a free port is somebody else's by the time that
	// it is asked for.
	cmd := exec.CommandContext(ctx, program, "serve", "--socket-fd=http=3", filepath.Join(dir, "config.capnp"))
	cmd.Dir, cmd.ExtraFiles = dir, []*os.File{socket}
	cmd.Stdout, cmd.Stderr = &w.output, &w.output
	err = cmd.Start()
	// From here on it is only the runtime's, so that it is gone when that is.
	listener.Close()
	socket.Close()
	if err != nil {
		t.Fatal(err)
	}
	w.process = cmd.Process
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("workerd said:\n%s", w.said())
		}
	})
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if res, err := (&http.Client{Timeout: time.Minute}).Get(w.address + "/healthz"); err == nil {
			res.Body.Close()
			return w
		}
		if time.Now().After(end) {
			t.Fatal("workerd does not answer")
		}
	}
}

// ask has the runtime do what the header says.
func (w *worker) ask(t *testing.T, name, value string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, w.address+"/healthz", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set(name, value)
	res, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}

// answer is what a client learns.
type answer struct {
	status int
	body   string
	id     string // SessionID
}

// client is one address, administrator of the directory.
type client struct {
	t        *testing.T
	w        *worker
	address  string
	name     string
	password string
}

const sessionHeader = `<ad:%s xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2"%s s:mustUnderstand="1"/>`

func header(kind, id string) string {
	if id != "" {
		id = ` ad:SessionID="` + id + `"`
	}
	return fmt.Sprintf(sessionHeader, kind, id)
}

// post sends a batch and takes the whole answer; headers come in pairs.
func (c client) post(header, requests string, headers ...string) answer {
	c.t.Helper()
	return c.postBody(header, batch(requests), headers...)
}

func batch(requests string) string {
	return `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">` + requests + `</batchRequest>`
}

// postBody sends what has that in its Body.
func (c client) postBody(header, content string, headers ...string) answer {
	c.t.Helper()
	res, err := c.sendBody(header, content, headers...)
	if err != nil {
		c.t.Error(err)
		return answer{}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Error(err)
	}
	_, rest, _ := strings.Cut(string(body), `SessionID="`)
	id, _, _ := strings.Cut(rest, `"`)
	return answer{res.StatusCode, string(body), id}
}

// send sends a batch and leaves the answer to be read.
func (c client) send(header, requests string, headers ...string) (*http.Response, error) {
	c.t.Helper()
	return c.sendBody(header, batch(requests), headers...)
}

func (c client) sendBody(header, content string, headers ...string) (*http.Response, error) {
	c.t.Helper()
	text := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>` + header + `</s:Header><s:Body>` + content + `</s:Body></s:Envelope>`
	r, err := http.NewRequest(http.MethodPost, c.w.address+"/dsml", strings.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", `"#batchRequest"`)
	r.Header.Set("CF-Connecting-IP", c.address)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if c.name != "" {
		r.SetBasicAuth(c.name, c.password)
	}
	return (&http.Client{Timeout: time.Minute}).Do(r)
}

func (c client) begin() string {
	c.t.Helper()
	a := c.post(header("BeginSession", ""), "")
	if a.status != 200 || a.id == "" {
		c.t.Fatalf("no session: status %d\n%s", a.status, a.body)
	}
	return a.id
}

// badSession is the detail of the fault for a session that cannot be used
// (D-141).
const badSession = "<detail>Bad Session Request</detail>"

func (a answer) refused() bool { return a.status == 500 && strings.Contains(a.body, badSession) }

// percentile of durations, for logs.
func percentile(all []time.Duration, p int) time.Duration {
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all[(len(all)-1)*p/100]
}
