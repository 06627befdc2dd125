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

	openldap "github.com/dsmlkit/dsmlkit/web/directory/slapd"
)

const (
	directLDAP    = "go-ldap, direct"
	gatewayRounds = 5
	gatewayTime   = 2 * time.Second // of one round with one number of clients
	fewerEntries  = "10,000 entries"
)

// gateway measures searches through the gateway beside the same searches of
// go-ldap at the same server. Both clients hold what was found in memory, as
// values that a program works with.
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
	g.server.Stop()
}

// askers are that many clients of each kind: of the gateway, and of the server
// itself.
func (g *gatewayBench) askers(count int) (ways [2][]asker, err error) {
	for range count {
		direct, err := newLDAPAsker(g.server.URL)
		if err != nil {
			return ways, err
		}
		ways[0] = append(ways[0], newGatewayAsker(g.http, g.url))
		ways[1] = append(ways[1], direct)
	}
	return ways, nil
}

func closeAll(ways [2][]asker) {
	for _, way := range ways {
		for _, a := range way {
			a.close()
		}
	}
}

// equal makes sure that both ways find the same.
func (g *gatewayBench) equal(ctx context.Context) error {
	ways, err := g.askers(1)
	if err != nil {
		return err
	}
	defer closeAll(ways)
	for _, c := range []struct {
		filter string
		want   int
	}{{teamFilter(0), teamSize}, {teamFilter(teams - 1), teamSize}, {someFilter, someTeams * teamSize}} {
		through, err := ways[0][0].ask(ctx, c.filter)
		if err != nil {
			return err
		}
		direct, err := ways[1][0].ask(ctx, c.filter)
		if err != nil {
			return err
		}
		length, same := sameEntries(through, direct)
		if !same || direct.count() != c.want {
			return fmt.Errorf("%s: %d entries through the gateway, %d directly, want %d and the same values", c.filter, through.count(), direct.count(), c.want)
		}
		g.length = length
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
	ways, err := g.askers(clients)
	if err != nil {
		return err
	}
	defer closeAll(ways)
	var rates, latencies [2][]float64
	var computed cost
	for round := range 1 + gatewayRounds {
		for i, way := range ways {
			before := g.cost()
			got, err := press(ctx, clients, gatewayTime, func(ctx context.Context, client, n int) error {
				found, err := way[client].ask(ctx, teamFilter(n*7919))
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
	g.add(figure{
		ID: fmt.Sprintf("gateway/searches-%d", clients), Unit: fmt.Sprintf("searches/s of %d entries, %d at a time", teamSize, clients),
		Ours: median(rates[0]), Against: map[string]float64{directLDAP: median(rates[1])},
		notes: computed.notes(),
	})
	for _, percent := range []int{50, 99} {
		g.add(figure{
			ID: fmt.Sprintf("gateway/latency-%d-p%d", clients, percent), Unit: "ms",
			Ours: percentile(latencies[0], percent), Against: map[string]float64{directLDAP: percentile(latencies[1], percent)},
			lessIsBetter: true,
		})
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
	ways, err := g.askers(1)
	if err != nil {
		return err
	}
	defer closeAll(ways)
	var rates [2][]float64
	for round := range 1 + gatewayRounds {
		for i, way := range ways {
			got, err := press(ctx, 1, gatewayTime, func(ctx context.Context, _, _ int) error {
				_, err := way[0].ask(ctx, someFilter)
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
	g.add(figure{
		ID: "gateway/transfer", Unit: fmt.Sprintf("MB/s of names and values, %d entries a search", someTeams*teamSize),
		Ours: median(rates[0]), Against: map[string]float64{directLDAP: median(rates[1])},
	})
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
