// What is being written, over a reload: nothing is lost, and nothing strange gets in.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { blankControl, controlNames, type RequestControl } from "../request/control-fields.ts";
import { type BatchDraft, blank, kinds, type SearchDraft } from "../request/draft.ts";
import { type Kept, longestKept, readKept, writeKept } from "../request/kept.ts";

/** A form with everything in it that is not ready. */
function unready(): BatchDraft {
  const search = {
    ...(blank("searchRequest") as SearchDraft),
    sizeLimit: "many",
    pageSize: "-",
    filterText: "(cn=",
    controls: (Object.keys(controlNames) as RequestControl[]).map((type) => ({ ...blankControl(type), criticality: true, typed: { flags: "x", value: { form: "base64" as const, text: "@" } } })),
  };
  const tree: SearchDraft = {
    ...(blank("searchRequest") as SearchDraft),
    filter: {
      kind: "and",
      filters: [
        { kind: "not", filter: { kind: "substrings", name: "cn", initial: new Uint8Array([0, 255]), any: ["a"] } },
        { kind: "extensibleMatch", dnAttributes: true, value: { anyURI: "urn:x" } },
        { kind: "greaterOrEqual", name: "", value: "" },
      ],
    },
    filterProblem: "This is not base64.",
    attributes: ["cn", "*"],
  };
  const others = kinds.filter(({ kind }) => kind !== "searchRequest").map(({ kind }, index) => ({ ...blank(kind), requestID: String(index) }));
  return { requestID: "b", onError: "resume", requests: [search, tree, ...others] };
}

describe("what is being written", () => {
  test("comes back as it was: every kind of request, every control, bytes", () => {
    const kept: Kept = { text: "<a/>\r\n\u2028", form: unready(), ownSession: true, aside: [{ words: "Because.", work: { text: "é", form: { requests: [] } } }] };
    assert.deepEqual(readKept(writeKept(kept)!), { kept, damaged: false });
    const plain: Kept = { text: "", aside: [] };
    assert.deepEqual(readKept(writeKept(plain)!), { kept: plain, damaged: false });
  });

  test("an earlier version of the page kept the text alone", () => {
    assert.deepEqual(readKept('"<a/>"'), { kept: { text: "<a/>", aside: [] }, damaged: false });
    assert.deepEqual(readKept('""'), { damaged: false });
  });

  test("what is damaged is told, and nothing of it gets in", () => {
    for (const stored of ["", "{", "null", "7", "[]", "{}", '{"text":7,"aside":[]}']) assert.deepEqual(readKept(stored), { damaged: true }, stored);
    assert.deepEqual(readKept('{"text":"a"}'), { kept: { text: "a", aside: [] }, damaged: true });
    assert.deepEqual(readKept('{"text":"a","aside":[{"work":{"text":"b"},"words":"W."},{"work":{}},null]}'), {
      kept: { text: "a", aside: [{ work: { text: "b" }, words: "W." }] },
      damaged: true,
    });
  });

  test("a form with one strange part is left out as a whole, and the text stays", () => {
    const good = JSON.parse(writeKept({ text: "t", form: unready(), aside: [] })!) as { form: BatchDraft };
    let tried = 0;
    // Each value that there is, replaced by what it cannot be.
    const places = (part: unknown, path: (string | number)[]): (string | number)[][] =>
      typeof part === "object" && part !== null ? [path, ...Object.entries(part).flatMap(([key, inner]) => places(inner, [...path, key]))] : [path];
    for (const path of places(good.form, [])) {
      // Nothing is expected of the name under which a field was typed into.
      if (path.length === 0) continue;
      const copy = structuredClone(good) as unknown as { form: Record<string | number, unknown> };
      let holder = copy.form;
      for (const step of path.slice(0, -1)) holder = holder[step] as typeof holder;
      holder[path.at(-1)!] = null;
      const read = readKept(JSON.stringify({ ...copy, aside: [] }));
      assert.deepEqual(read, { kept: { text: "t", aside: [] }, damaged: true }, path.join("."));
      tried++;
    }
    assert.ok(tried > 200, `${tried} places`);
  });

  test("names that every object has are no kinds", () => {
    for (const form of [{ requests: [{ kind: "constructor", controls: [] }] }, { requests: [{ ...blank("delRequest"), controls: [{ type: "toString" }] }] }, { requests: [{ ...blank("searchRequest"), filter: { kind: "valueOf" } }] }]) {
      assert.deepEqual(readKept(JSON.stringify({ text: "t", form, aside: [] })), { kept: { text: "t", aside: [] }, damaged: true });
    }
  });

  test("what is too long: the oldest of what was put aside goes first, then it is told that nothing fits", () => {
    const aside = (text: string) => ({ words: "W.", work: { text } });
    const long = "x".repeat(longestKept / 2);
    assert.deepEqual(readKept(writeKept({ text: "t", aside: [aside(long), aside(long), aside("c")] })!).kept!.aside.map(({ work }) => work.text.length), [longestKept / 2, 1]);
    assert.deepEqual(readKept(writeKept({ text: long, aside: [aside(long)] })!).kept!.aside, []);
    assert.equal(writeKept({ text: long + long, aside: [] }), undefined);
  });
});
