package main

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// The model of README.md's section on capacity. Prices are those of the Workers
// Paid plan in November 2026, in dollars for a million, above what is included.
const (
	workerRequest, workerRequests = 0.30, 10e6
	workerCPU, workerCPUs         = 0.02, 30e6 // milliseconds
	objectRequest, objectRequests = 0.15, 1e6
	gigabyteSecond, gigabyteFree  = 12.50, 400e3
	rowWritten, rowsWritten       = 1.00, 50e6
	objectGigabytes               = 0.128 // of each object, whatever it uses

	month        = 30 * 24 * 3600.0 // seconds
	wakeEvery    = 40.0             // wakeEvery of edge-object.ts, in seconds
	requestEvery = 60.0             // of a client in its session, in seconds
	routing      = 1.0              // CPU of the front Worker for a request, in milliseconds

	sessionMegabytes, isolateMegabytes = 6.0, 128.0
	mostRequests                       = 500.0 // of one coordinator in a second: half of what an object is said to bear
)

// bill is what a month with so many open sessions costs, in dollars.
type bill struct{ duration, requests, rows, worker float64 }

func monthly(sessions float64) bill {
	wakes, asked := sessions*month/wakeEvery, sessions*month/requestEvery
	above := func(n, free, price float64) float64 { return max(0, n-free) / 1e6 * price }
	return bill{
		duration: above(sessions*month*objectGigabytes, gigabyteFree, gigabyteSecond),
		// Each wake and each request is one of the session's object, and one of the
		// coordinator, which is told of it and notes it.
		requests: above(2*wakes+2*asked, objectRequests, objectRequest),
		rows:     above(2*wakes+asked, rowsWritten, rowWritten),
		worker:   above(asked, workerRequests, workerRequest) + above(asked*routing, workerCPUs, workerCPU),
	}
}

func (b bill) total() float64 { return b.duration + b.requests + b.rows + b.worker }

// coordinatorLoad is what all coordinators are asked in a second.
func coordinatorLoad(sessions float64) float64 { return sessions/wakeEvery + sessions/requestEvery }

// The table of README.md is what the model gives.
func TestCapacity_TableIsTheModel(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []float64{100, 10_000, 1_000_000} {
		b := monthly(n)
		load := coordinatorLoad(n)
		row := fmt.Sprintf("| %s | %s | %s/s, %d | $%s | $%s | $%s | $%s |", thousands(n), thousands(n*sessionMegabytes/isolateMegabytes),
			thousands(load), int(load/mostRequests)+1, thousands(b.duration), thousands(b.requests), thousands(b.rows), thousands(b.total()))
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md has no row\n%s", row)
		}
	}
}

// The model wakes as often as the objects do.
func TestCapacity_WakesAreThoseOfTheObjects(t *testing.T) {
	source, err := os.ReadFile("../js/edge-object.ts")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("const wakeEvery = %.0f_000;", wakeEvery); !strings.Contains(string(source), want) {
		t.Errorf("edge-object.ts does not say %s", want)
	}
}

// thousands writes a number without its fraction, in groups of three.
func thousands(n float64) string {
	s := fmt.Sprintf("%.0f", n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// crowd lets clients begin sessions, one after the other, until the first is
// refused, with the limits and the shards of edge-coordinator.ts. It gives how
// many were begun.
func crowd(limit, perClient, shards int, r *rand.Rand) int {
	held, own := make([]int, shards), map[uint32]int{}
	for begun := 0; ; begun++ {
		// Clients come again, up to their limit.
		client := r.Uint32N(uint32(limit))
		for own[client] >= perClient {
			client = r.Uint32N(uint32(limit))
		}
		hash := fnv.New32a()
		fmt.Fprintf(hash, "203.0.%d.%d", client>>8, client&255)
		shard := int(hash.Sum32()) % shards
		share := limit / shards
		if shard < limit%shards {
			share++
		}
		if held[shard] == share {
			return begun
		}
		own[client]++
		held[shard]++
	}
}

// What README.md says of the limit in all: never exceeded, exact with one
// coordinator, and with several the first refusal comes when it is nearly
// reached.
func TestCapacity_D_128_ShardsRefuseEarlyAndNeverLate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		limit, shards int
		least         float64 // part of the limit that is begun before the first refusal
	}{{10_000, 1, 1}, {10_000, 4, 0.93}, {1_000_000, 128, 0.93}, {100, 16, 0.2}} {
		for range 5 {
			begun := crowd(c.limit, 5, c.shards, r)
			if part := float64(begun) / float64(c.limit); part > 1 || part < c.least {
				t.Errorf("limit %d on %d shards: the first refusal after %d sessions", c.limit, c.shards, begun)
			}
		}
	}
}
