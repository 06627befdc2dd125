package main

import (
	"os"
	"strings"
	"testing"
)

const (
	answerHead = `<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResponse><searchResultEntry dn="cn=a"><attr name="cn"><value>`
	answerTail = `</value></attr></searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`
)

func TestSameAnswers(t *testing.T) {
	one := []byte(answerHead + "a" + answerTail)
	if err := sameAnswers(one, one); err != nil {
		t.Error(err)
	}
	for _, other := range []string{
		answerHead + "b" + answerTail,
		strings.Replace(string(one), "</searchResultEntry>", `</searchResultEntry><searchResultEntry dn="cn=b"/>`, 1),
		`<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"/>`,
		"an error",
	} {
		if sameAnswers(one, []byte(other)) == nil {
			t.Errorf("the same as %s", other)
		}
	}
	if !foundOne(one) || foundOne([]byte("an error")) || foundOne([]byte(strings.Replace(string(one), `code="0"`, `code="32"`, 1))) {
		t.Error("foundOne is wrong about success")
	}
}

// Every Worker that is measured has its place in the configuration.
func TestEdgeConfig_NamesTheWorkers(t *testing.T) {
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(checkout.path("build/bench/edge/config.capnp"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append([]string{"date", "directory", "flags"}, edgeWorkers...) {
		if !strings.Contains(string(text), "$"+name) {
			t.Errorf("nothing of the configuration is %s", name)
		}
	}
	described, err := checkout.readWrangler()
	if err != nil {
		t.Fatal(err)
	}
	// The Workers of the bench have the objects of the one that is deployed.
	for _, o := range described.DurableObjects.Bindings {
		if strings.Count(string(text), `(name = "`+o.Name+`", durableObjectNamespace = "`+o.ClassName+`")`) != len(keptWorkers)+1 {
			t.Errorf("the configuration does not bind %s to %s for every Worker that has them", o.Name, o.ClassName)
		}
	}
}
