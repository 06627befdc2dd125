import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { DsmlkitError, load } from "dsmlkit";
import { connect } from "dsmlkit/worker-client";
import { fails, rejects } from "./samples.js";

const kit = await load();

/** Values that are none of what a method wants; those that it may take are left out for it. */
const values: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  "a number": 7,
  "not a number": NaN,
  "a boolean": true,
  "a bigint": 1n,
  "a symbol": Symbol("x"),
  "a function": () => 0,
  "an array": [1],
  "an object": { a: 1 },
  "a date": new Date(0),
  "a string": "?",
};

const session = kit.session.dsml();

/** Every method, by what its first argument is called, and the kinds of value that this may be. */
const methods: [string, (x: never) => unknown, string, string[]][] = [
  ["soap.parse", (x) => kit.soap.parse(x), "input", ["a string"]],
  ["soap.build", (x) => kit.soap.build(x), "envelope", ["an object", "a date", "a function"]],
  ["soap.indent", (x) => kit.soap.indent(x), "text", ["a string"]],
  ["soap.indent", (x) => kit.soap.indent("<a/>", x), "options", ["undefined", "null", "an object", "a date"]],
  ["dsml.parse", (x) => kit.dsml.parse(x), "input", ["a string"]],
  ["dsml.parse", (x) => kit.dsml.parse("<a/>", x), "options", ["undefined", "null", "an object", "a date"]],
  ["dsml.build", (x) => kit.dsml.build(x), "document", []],
  ["dsml.build", (x) => kit.dsml.build({ kind: "batchRequest", requests: [] }, x), "options", ["undefined", "null", "an object", "a date"]],
  ["dsml.validate", (x) => kit.dsml.validate(x), "input", ["a string"]],
  ["dsml.filter.parse", (x) => kit.dsml.filter.parse(x), "text", ["a string"]],
  ["dsml.filter.format", (x) => kit.dsml.filter.format(x), "filter", []],
  ["dsml.ldif.parse", (x) => kit.dsml.ldif.parse(x), "text", ["a string"]],
  ["dsml.ldif.format", (x) => kit.dsml.ldif.format(x), "document", []],
  ["dsml.control.encode", (x) => kit.dsml.control.encode(x), "value", []],
  ["dsml.control.decode", (x) => kit.dsml.control.decode(x), "control", []],
  ["dsml.resultName", (x) => kit.dsml.resultName(x), "code", ["a number"]],
  ["sql.parse", (x) => kit.sql.parse(x), "input", ["a string"]],
  ["sql.build", (x) => kit.sql.build(x), "document", []],
  ["sql.validate", (x) => kit.sql.validate(x), "input", ["a string"]],
  ["session.dsml", (x) => kit.session.dsml(x), "options", ["undefined", "null", "an object", "a date"]],
  ["session.sql", (x) => kit.session.sql(x), "options", ["undefined", "null", "an object", "a date"]],
  ["session.restore", (x) => kit.session.restore(x), "snapshot", []],
  ["session.begin", (x) => session.begin(x), "body", ["undefined", "null", "a string"]],
  ["session.send", (x) => session.send(x), "body", ["undefined", "null", "a string"]],
  ["session.receive", (x) => session.receive(x), "response", ["a string"]],
  ["session.receive", (x) => session.receive("", x), "meta", ["undefined", "null", "an object", "a date"]],
  ["session.addEventListener", (x) => session.addEventListener("change", x), "listener", ["a function"]],
  ["client", (x) => kit.client(x), "options", []],
];

test("wrong arguments are refused with the argument's name, whatever they are", () => {
  const wrong: string[] = [];
  for (const [method, call, argument, allowed] of methods) {
    for (const [what, value] of Object.entries(values)) {
      if (allowed.includes(what)) continue;
      try {
        call(value as never);
        wrong.push(`${method}(${argument}: ${what}) is taken`);
      } catch (error) {
        if (!(error instanceof DsmlkitError) || error.code !== "argument" || !new RegExp(`^(the value of |the buffer of )?${argument}\\b`).test(error.message)) {
          wrong.push(`${method}(${argument}: ${what}): ${error instanceof DsmlkitError ? error.code : "no DsmlkitError"}: ${String(error)}`);
        }
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.equal(kit.dsml.resultName(0), "success");
});

test("the same over a worker", async () => {
  const remote = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))) as never);
  try {
    for (const value of [undefined, null, 7, true, [1], { a: 1 }]) {
      assert.match((await rejects("argument", remote.dsml.parse(value as never))).message, /^input must be/);
      assert.match((await rejects("argument", remote.dsml.build(value as never))).message, /^document/);
    }
    // What cannot cross at all.
    for (const value of [Symbol("x"), () => 0]) await rejects("argument", remote.dsml.parse(value as never));
    assert.match((await rejects("argument", (async () => (await remote.session.dsml()).receive("", 7 as never))())).message, /^meta must be/);
  } finally {
    remote.close();
  }
});

test("a stream says what its source must be", async () => {
  for (const [what, value] of Object.entries(values)) {
    if (what === "an array") continue;
    const error = await rejects("argument", (async () => { for await (const item of kit.dsml.stream(value as never)) assert.fail(item.kind); })());
    assert.match(error.message, /^source must/, what);
  }
});

test("a stream refuses a signal that is none, and a source that was read", async () => {
  const remote = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))));
  try {
    for (const toolkit of [kit, remote]) {
      for (const { stream } of [toolkit.dsml, toolkit.sql]) {
        const { body } = new Response("<a/>");
        assert.match(fails("argument", () => stream(body!, { signal: 5 as never })).message, /^options\.signal must be/);
        assert.equal(body!.locked, false);
        body!.getReader();
        assert.match(fails("argument", () => stream(body!)).message, /^source is being read/);
      }
    }
  } finally {
    remote.close();
  }
});

test("load says what it can take", async () => {
  for (const options of ["dsmlkit.wasm", 7, true, [], new URL("file:///x"), new Uint8Array(8)]) {
    assert.match((await rejects("argument", load(options as never))).message, /^options must be an object/);
  }
  for (const value of [7, true, {}, [], Symbol("x"), () => 0]) {
    assert.match((await rejects("argument", load({ wasm: value as never }))).message, /^options\.wasm must be/);
  }
});
