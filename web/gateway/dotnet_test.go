package gateway

import (
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory/suite"
)

func TestDotNet_BeginPagedSearchEnd(t *testing.T) {
	direct := start(t)
	relayed := start(t, "--directory", direct.g.URL()+"dsml")
	for name, r := range map[string]*running{"gateway": direct, "relay": relayed} {
		t.Run(name, func(t *testing.T) {
			lose := func(string) { direct.g.endpoints[0].table.EndAll() }
			entries, pages := suite.DotNet(t, r.g.URL()+"dsml", "ou=people,dc=example,dc=org", 100, lose)
			if entries != 2001 || pages != 21 {
				t.Errorf("%d entries in %d pages", entries, pages)
			}
			if n := direct.g.endpoints[0].table.Len(); n != 0 {
				t.Errorf("%d sessions left", n)
			}
		})
	}
}
