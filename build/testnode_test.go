package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestNodeTest_CountsTestsAndShowsFailures(t *testing.T) {
	reporter, err := os.ReadFile("reporter.mjs")
	if err != nil {
		t.Fatal(err)
	}
	checkout := sampleTree(t, map[string]string{
		"build/reporter.mjs": string(reporter),
		"tests/one.test.ts": `
			import { test, describe } from "node:test";
			import assert from "node:assert/strict";
			const answer: number = Number(process.env.ANSWER);
			test("good", () => { console.log("chatter"); assert.equal(answer, 42); });
			describe("a suite", () => {
				test("inside", () => {});
				test("bad", () => { assert.equal(answer, 43, "the answer is another"); });
			});
			test("left out", { skip: true }, () => {});`,
		"tests/two.test.mjs": `
			import { test } from "node:test";
			test("parent", async (t) => {
				await t.test("child", () => { throw new Error("child is unwell"); });
			});`,
		"tests/helper.ts": "export {};",
	})
	var shown bytes.Buffer
	old := console
	console = &progress{out: &shown}
	defer func() { console = old }()
	got, err := checkout.nodeTest(t.Context(), "sample", "tests", "ANSWER=42")
	if err != nil {
		t.Fatal(err)
	}
	if want := (tally{passed: 2, failed: 2, skipped: 1}); got != want {
		t.Errorf("counted %v, want %v", got, want)
	}
	for _, text := range []string{"FAIL bad", "the answer is another", "FAIL child", "child is unwell", "chatter"} {
		if !strings.Contains(shown.String(), text) {
			t.Errorf("%q is not shown:\n%s", text, &shown)
		}
	}
}

func TestNodeTest_WhatDoesNotStartIsAFailure(t *testing.T) {
	reporter, err := os.ReadFile("reporter.mjs")
	if err != nil {
		t.Fatal(err)
	}
	old := console
	console = &progress{out: &bytes.Buffer{}}
	defer func() { console = old }()
	for name, files := range map[string]map[string]string{
		"no folder":        {},
		"no tests":         {"tests/helper.ts": "export {};"},
		"does not compile": {"tests/a.test.ts": "import { x } from './absent.js'; x();"},
		"empty file":       {"tests/a.test.ts": "export {};", "tests/b.test.ts": "import { test } from 'node:test'; test('one', () => {});"},
		"throws at once":   {"tests/a.test.ts": "throw new Error('at once');"},
	} {
		files["build/reporter.mjs"] = string(reporter)
		got, err := sampleTree(t, files).nodeTest(t.Context(), "sample", "tests")
		if err == nil && got.failed == 0 {
			t.Errorf("%s: counted %v and no error", name, got)
		}
	}
}
