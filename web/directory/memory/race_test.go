package memory

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// TestManyAtOnce changes and reads one directory from many sides; the race
// detector and the counts at the end tell whether they got in each other's way.
func TestManyAtOnce(t *testing.T) {
	d := Sample()
	before := d.Len()
	var wg sync.WaitGroup
	shared := connect(t, d)
	for i := range 4 {
		own := connect(t, d)
		wg.Go(func() {
			for j := range 20 {
				dn := fmt.Sprintf("cn=n%d-%d,%s", i, j, people)
				own.want(dsml.Success, own.do(addRequest(dn, "objectClass=device")))
				own.want(dsml.Success, own.do(&dsml.ModifyRequest{DN: dn, Modifications: []dsml.Modification{{Name: "serialNumber", Values: []dsml.Value{{Data: "1"}}}}}))
				own.want(dsml.Success, own.do(&dsml.ModDNRequest{DN: dn, NewRDN: fmt.Sprintf("cn=m%d-%d", i, j), NewSuperior: dsml.Some("ou=devices," + base)}))
				own.want(dsml.Success, own.do(&dsml.DelRequest{DN: fmt.Sprintf("cn=m%d-%d,ou=devices,%s", i, j, base)}))
			}
		})
		wg.Go(func() {
			for _, p := range pages(shared, searchRequest(t, base, dsml.WholeSubtree, "(|(objectClass=inetOrgPerson)(numSubordinates>=1))", "*", "+"), 300) {
				shared.want(dsml.Success, p.LDAPResult)
			}
		})
	}
	wg.Wait()
	if d.Len() != before {
		t.Errorf("%d entries, want %d", d.Len(), before)
	}
}

// TestSlowReader holds that somebody who takes his time with a search does not
// hold up a change.
func TestSlowReader(t *testing.T) {
	d := Sample()
	reader, writer := connect(t, d), connect(t, d)
	changed := false
	_, err := reader.conn.Do(context.Background(), searchRequest(t, people, dsml.SingleLevel, "(uid=*)", "1.1"), func(directory.SearchItem) error {
		if !changed { // with a lock held here, this would never end
			writer.want(dsml.Success, writer.do(addRequest("cn=new,"+people, "objectClass=device")))
			changed = true
		}
		return nil
	})
	if err != nil || !changed {
		t.Error(err)
	}
}

func BenchmarkSearch(b *testing.B) {
	d := Sample()
	c := connect(b, d)
	for name, filter := range map[string]string{
		"all": "(objectClass=*)", "one": "(uid=olga.ivanova)", "substrings": "(&(objectClass=person)(|(cn=*sch*)(mail=*@example.org*)))",
		"undefined": "(nonsense=*)", "not": "(!(l=Lisbon))",
	} {
		req := searchRequest(b, base, dsml.WholeSubtree, filter)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.conn.Do(context.Background(), req, func(directory.SearchItem) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
