package memory

import "testing"

func TestX(t *testing.T) { d := Sample(); t.Log(d.Len()) }

func BenchmarkGenerate(b *testing.B) {
	for range b.N {
		g := &generator{random: 0x6473_6d6c_6b69_7421}
		g.organisation()
		g.people()
		g.groups()
		g.devices()
		g.odds()
	}
}
func BenchmarkSample(b *testing.B) {
	for range b.N {
		Sample()
	}
}
