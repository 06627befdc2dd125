package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/ldap"
	openldap "github.com/dsmlkit/dsmlkit/web/directory/slapd"
)

const (
	directLDAP    = "go-ldap, direct"
	directOwn     = "own client, direct"
	gatewayRounds = 5
	gatewayTime   = 1500 * time.Millisecond // of one round with one number of clients
	fewerEntries  = "10,000 entries"
)

// gateway measures searches through the gateway beside the same searches of
// go-ldap at the same server. Every client holds what was found in memory, as
// values that a program works with. go-ldap takes long for that: how much the
// gateway itself costs is seen beside its own LDAP client, which has no target.
func (b *bench) gateway(ctx context.Context) error {
	if err := b.need(ctx, slapd); err != nil {
		return err
	}
	var g *gatewayBench
	err := console.step("gateway, slapd", func() (note string, err error) {
		g, err = b.startGateway(ctx)
		return fmt.Sprintf("started, with %d entries", teams*teamSize), err
	})
	if err != nil {
		return err
	}
	defer g.stop()
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"equal", g.equal}, {"searches", g.searches}, {"transfer", g.transfer}, {"stream-memory", g.streamMemory}} {
		err := console.step("gateway/"+part.name, func() (string, error) { return "measured", part.run(ctx) })
		if err != nil {
			return err
		}
	}
	return nil
}

// gatewayBench is a server, a gateway before it, and their clients.
type gatewayBench struct {
	*bench
	server  *openldap.Server
	own     directory.Backend
	program *exec.Cmd
	url     string // of the gateway's endpoint
	http    *http.Client
	length  int // bytes of names and values that someFilter finds
}

func (b *bench) startGateway(ctx context.Context) (g *gatewayBench, err error) {
	folder := b.path(b.scratch + "/slapd")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	g = &gatewayBench{bench: b, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}}}
	g.server, err = openldap.Run(folder, openldap.Options{
		Suffixes: []string{directorySuffix}, LDIF: directoryLDIF(teams),
		Database: "access to * by * read\nindex departmentNumber,employeeType eq\n",
	})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			g.stop()
		}
	}()
	if g.own, err = ldap.New(ldap.Options{URL: g.server.URL}); err != nil {
		return nil, err
	}
	program := filepath.Join(b.path(b.scratch), "gateway")
	if err := b.tool("go", "build", "-o", program, "./"+programFolder).run(ctx); err != nil {
		return nil, err
	}
	// A process of its own, as operators run it, with its defaults.
	cmd := b.tool(program, "--listen", "127.0.0.1:0", "--directory", g.server.URL).command(ctx)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	g.program = cmd
	greeting, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the gateway does not start: %w\n%s", err, &complaints)
	}
	g.url, err = endpointIn(greeting)
	return g, err
}

// endpointIn finds the address in what the gateway says first.
func endpointIn(greeting string) (string, error) {
	for _, word := range strings.Fields(greeting) {
		if strings.HasPrefix(word, "http://") {
			return word + "dsml", nil
		}
	}
	return "", fmt.Errorf("the gateway does not say where it is: %q", greeting)
}

func (g *gatewayBench) stop() {
	g.http.CloseIdleConnections()
	if g.program != nil {
		_ = g.program.Process.Kill() // it has nothing to lose
		_ = g.program.Wait()         // tells of the signal
	}
	if g.own != nil {
		_ = g.own.Close() // its clients have closed theirs
	}
	g.server.Stop()
}

// way is how clients come to what they look for.
type way struct {
	name   string // "" for ours: through the gateway
	askers []asker
}

// ways gives that many clients for each way, ours first.
func (g *gatewayBench) ways(ctx context.Context, clients int) ([]way, error) {
	ways := []way{{name: ""}, {name: directLDAP}, {name: directOwn}}
	for range clients {
		direct, err := newLDAPAsker(g.server.URL)
		if err != nil {
			return ways, err
		}
		ways[1].askers = append(ways[1].askers, direct)
		own, err := newOwnAsker(ctx, g.own)
		if err != nil {
			return ways, err
		}
		ways[2].askers = append(ways[2].askers, own)
		ways[0].askers = append(ways[0].askers, newGatewayAsker(g.http, g.url))
	}
	return ways, nil
}

func closeAll(ways []way) {
	for _, w := range ways {
		for _, a := range w.askers {
			a.close()
		}
	}
}

// compared is a figure of what was measured for each way.
func compared(id, unit string, ways []way, value func(way int) float64) figure {
	f := figure{ID: id, Unit: unit, Ours: value(0), Against: map[string]float64{}}
	for i, w := range ways[1:] {
		f.Against[w.name] = value(1 + i)
	}
	return f
}

// equal makes sure that both ways find the same.
func (g *gatewayBench) equal(ctx context.Context) error {
	ways, err := g.ways(ctx, 1)
	defer closeAll(ways)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		filter string
		want   int
	}{{teamFilter(0), teamSize}, {teamFilter(teams - 1), teamSize}, {someFilter, someTeams * teamSize}} {
		through, err := ways[0].askers[0].ask(ctx, c.filter)
		if err != nil {
			return err
		}
		for _, w := range ways[1:] {
			direct, err := w.askers[0].ask(ctx, c.filter)
			if err != nil {
				return err
			}
			length, same := sameEntries(through, direct)
			if !same || direct.count() != c.want {
				return fmt.Errorf("%s: %d entries through the gateway, %d with %s, want %d and the same values", c.filter, through.count(), direct.count(), w.name, c.want)
			}
			g.length = length
		}
	}
	return nil
}

// searches are of 100 entries each, by several numbers of clients.
func (g *gatewayBench) searches(ctx context.Context) error {
	for _, clients := range []int{1, 16, 128} {
		if err := g.searchesOf(ctx, clients); err != nil {
			return err
		}
	}
	return nil
}

func (g *gatewayBench) searchesOf(ctx context.Context, clients int) error {
	ways, err := g.ways(ctx, clients)
	defer closeAll(ways)
	if err != nil {
		return err
	}
	rates, latencies := make([][]float64, len(ways)), make([][]float64, len(ways))
	var computed cost
	for round := range 1 + gatewayRounds {
		for i, way := range ways {
			before := g.cost()
			got, err := press(ctx, clients, gatewayTime, func(ctx context.Context, client, n int) error {
				found, err := way.askers[client].ask(ctx, teamFilter(n*7919))
				if err == nil && found.count() != teamSize {
					err = fmt.Errorf("a search finds %d entries, not %d", found.count(), teamSize)
				}
				return err
			})
			if err != nil {
				return err
			}
			if round == 0 {
				continue // it warms up
			}
			rates[i] = append(rates[i], got.perSecond())
			latencies[i] = append(latencies[i], got.latencies...)
			if i == 0 {
				computed.add(g.cost(), before, len(got.latencies))
			}
		}
	}
	f := compared(fmt.Sprintf("gateway/searches-%d", clients), fmt.Sprintf("searches/s of %d entries, %d at a time", teamSize, clients),
		ways, func(i int) float64 { return median(rates[i]) })
	f.notes = computed.notes()
	g.add(f)
	for _, percent := range []int{50, 99} {
		f := compared(fmt.Sprintf("gateway/latency-%d-p%d", clients, percent), "ms",
			ways, func(i int) float64 { return percentile(latencies[i], percent) })
		f.lessIsBetter = true
		g.add(f)
	}
	return nil
}

// cost is time that processes have computed, in seconds.
type cost struct {
	gateway, server, client float64
	searches                int
}

func (g *gatewayBench) cost() cost {
	return cost{gateway: busy(g.program.Process.Pid), server: busy(g.server.PID()), client: busy(os.Getpid())}
}

func (c *cost) add(after, before cost, searches int) {
	c.gateway += after.gateway - before.gateway
	c.server += after.server - before.server
	c.client += after.client - before.client
	c.searches += searches
}

func (c *cost) notes() []string {
	if c.gateway == 0 {
		return nil // the system does not tell
	}
	each := func(seconds float64) string { return amount(seconds*1e3/float64(c.searches)) + " ms" }
	return []string{"computing for a search: gateway " + each(c.gateway) + ", slapd " + each(c.server) + ", client " + each(c.client)}
}

// transfer is large results, one after another.
func (g *gatewayBench) transfer(ctx context.Context) error {
	ways, err := g.ways(ctx, 1)
	defer closeAll(ways)
	if err != nil {
		return err
	}
	rates := make([][]float64, len(ways))
	for round := range 1 + gatewayRounds {
		for i, way := range ways {
			got, err := press(ctx, 1, gatewayTime, func(ctx context.Context, _, _ int) error {
				_, err := way.askers[0].ask(ctx, someFilter)
				return err
			})
			if err != nil {
				return err
			}
			if round > 0 {
				rates[i] = append(rates[i], got.perSecond()*float64(g.length)/1e6)
			}
		}
	}
	g.add(compared("gateway/transfer", fmt.Sprintf("MB/s of names and values, %d entries a search", someTeams*teamSize),
		ways, func(i int) float64 { return median(rates[i]) }))
	return nil
}

// streamMemory is the memory of the gateway while all entries go through it,
// beside that for a tenth of them.
func (g *gatewayBench) streamMemory(ctx context.Context) error {
	pid := g.program.Process.Pid
	if _, err := resident(pid); err != nil {
		console.printf("gateway/stream-memory is left out: only Linux tells the memory of another process\n")
		return nil
	}
	one := &gatewayAsker{http: g.http, url: g.url}
	var tops [2][]float64
	for range gatewayRounds {
		for i, c := range []struct {
			filter string
			want   int
		}{{allFilter, teams * teamSize}, {someFilter, someTeams * teamSize}} {
			top, err := highest(20*time.Millisecond, func() (float64, error) { return resident(pid) }, func() error {
				entries := &occurrences{of: "<searchResultEntry "}
				if err := one.post(ctx, c.filter, entries); err != nil {
					return err
				}
				if entries.count != c.want {
					return fmt.Errorf("%d entries of %s go through the gateway, not %d", entries.count, c.filter, c.want)
				}
				return nil
			})
			if err != nil {
				return err
			}
			tops[i] = append(tops[i], top/1e6)
		}
	}
	g.add(figure{
		ID: "gateway/stream-memory", Unit: fmt.Sprintf("MB of the gateway at the most while %d entries go through it", teams*teamSize),
		Ours: median(tops[0]), Against: map[string]float64{fewerEntries: median(tops[1])}, lessIsBetter: true,
	})
	return nil
}
