// The model of the request: nothing that somebody has written gets lost in it.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { SearchDraft } from "../request/draft.ts";
import type { Aside } from "../request/kept.ts";
import { RequestModel } from "../request/model.ts";
import type { AsyncToolkit } from "../types.ts";
import { asyncKit, openedSession } from "./kit.ts";

let kit: AsyncToolkit;

before(async () => {
  kit = await asyncKit();
});

interface Made {
  model: RequestModel;
  asides: Aside[];
  search: () => SearchDraft;
  /** types a filter into the form */
  filter: (text: string) => void;
}

async function made(): Promise<Made> {
  const model = new RequestModel(kit);
  const asides: Aside[] = [];
  model.addEventListener("aside", ({ detail }) => asides.push(detail));
  model.formChanged();
  await model.settled();
  const search = () => model.draft.requests[0] as SearchDraft;
  const filter = (text: string) => {
    search().filterText = text;
    delete search().filter;
    model.formChanged();
  };
  return { model, asides, search, filter };
}

const comment = "<!-- ticket 4711 -->";

describe("a moment of the request", () => {
  test("is what stood in the form when it was asked for, whatever was typed since", async () => {
    const { model, filter, search } = await made();
    filter("(cn=first)");
    const first = model.moment();
    filter("(cn=sec");
    const second = model.moment();
    filter("(cn=third)");
    assert.match((await first).text, />first</);
    assert.deepEqual((await first).document, await kit.dsml.parse((await first).text));
    assert.deepEqual((await second).formProblems.map(({ field }) => field), ["filter"]);
    await model.settled();
    assert.match(model.text, />third</);
    assert.equal(search().filterText, "(cn=third)");
    assert.equal((await model.moment()).text, model.text);
  });

  test("is what stood in the text, too", async () => {
    const { model } = await made();
    const text = (base: string) => model.text.replace(/dn="[^"]*"/, `dn="${base}"`);
    model.typed(text("ou=first"));
    const first = model.moment();
    model.typed("<broken");
    const second = model.moment();
    model.typed(text("ou=third").replace("<broken", ""));
    assert.match((await first).text, /ou=first/);
    assert.equal(((await first).document!.requests[0] as { dn: string }).dn, "ou=first");
    assert.equal((await second).text, "<broken");
    assert.ok((await second).textProblem);
  });
});

describe("a text by hand", () => {
  test("keeps its comments, its indentation and its session header when the form is used", async () => {
    const { model, asides, filter } = await made();
    model.setPreview(await openedSession(kit, "s-1"));
    await model.settled();
    const byHand = model.text.replace("<soap:Body>", `${comment}\n\n\n<soap:Body>`).replace("s-1", "s-x");
    model.typed(byHand);
    await model.settled();
    assert.equal(model.sessionNote, "other");
    filter("(sn=b)");
    await model.settled();
    filter("(sn=c)");
    await model.settled();
    assert.equal(model.text, byHand.replace(/<present name="objectClass"\/>/, '<equalityMatch name="sn">\n            <value>c</value>\n          </equalityMatch>'));
    assert.equal(model.sessionNote, "other");
    assert.deepEqual(asides, []);
  });

  test("of which something has to go is put aside", async () => {
    const { model, asides, filter } = await made();
    const byHand = model.text.replace("<filter>", "<filter><!-- why -->").replace(/(\s*<present)/, "$1").replace('<present name="objectClass"/>', '<and><!-- gone --><present name="a"/></and>');
    model.typed(byHand);
    await model.settled();
    filter("(sn=b)");
    await model.settled();
    assert.match(model.text, /<!-- why -->/);
    assert.equal(asides.length, 1);
    assert.equal(asides[0]!.work.text, byHand);
    model.wrapping = "1.2";
    await model.settled();
    assert.equal(asides.length, 2);
    assert.match(asides[1]!.work.text, /<!-- why -->/);
    assert.match(model.text, /2003\/05\/soap-envelope/);
  });

  test("that only looks as the form would write it is the form's", async () => {
    const { model, asides, filter } = await made();
    model.setText(model.text);
    await model.settled();
    filter("(sn=b)");
    await model.settled();
    assert.equal(model.source, "form");
    model.wrapping = "bare";
    await model.settled();
    assert.deepEqual(asides, []);
  });
});

describe("work that gives way", () => {
  test("a form that is not ready, to a text", async () => {
    const { model, asides, filter, search } = await made();
    const { text } = model;
    filter("(cn=");
    await model.settled();
    assert.equal(model.work.text, text);
    model.typed(text.replace("wholeSubtree", "baseObject"));
    await model.settled();
    assert.equal(search().scope, "baseObject");
    assert.equal(asides.length, 1);
    model.setWork(asides[0]!.work);
    await model.settled();
    assert.equal(search().filterText, "(cn=");
    assert.deepEqual(model.formProblems.map(({ field }) => field), ["filter"]);
    assert.equal(asides.length, 1);
  });

  test("a text that does not parse, to the last one that did; the form stays beside it", async () => {
    const { model, asides, filter, search } = await made();
    filter("(cn=");
    await model.settled();
    model.typed("<broken");
    await model.settled();
    assert.deepEqual([model.work.text, (model.work.form!.requests[0] as SearchDraft).filterText], ["<broken", "(cn="]);
    const work = structuredClone(model.work);
    model.restore();
    await model.settled();
    assert.deepEqual(asides.map(({ work: { text } }) => text), ["<broken"]);
    assert.equal(search().filterText, "(cn=");
    model.setWork(work);
    await model.settled();
    assert.equal(model.text, "<broken");
    assert.equal(search().filterText, "(cn=");
    assert.ok(model.textProblem);
  });

  test("what a control has typed into it and is no value keeps the request back", async () => {
    const { model, search } = await made();
    search().controls.push({ type: "sdFlags", flags: 7, typed: { flags: "seven" } });
    search().controls.push({ type: "assertion", filter: { kind: "present", name: "a" }, typed: { filter: "(b=*" } });
    search().controls.push({ type: "unknown", oid: "1.2.3", value: new Uint8Array(), typed: { value: { form: "base64", text: "@" } } });
    model.formChanged();
    await model.settled();
    assert.deepEqual(model.formProblems.map(({ field }) => field), ["controls.0.flags", "controls.1.filter", "controls.2.value"]);
    assert.equal(model.formProblems[1]!.column, 5);
    for (const control of search().controls) if (control.typed?.["filter"]) control.typed["filter"] = "(b=*)";
    delete search().controls[0]!.typed;
    delete search().controls[2]!.typed;
    model.formChanged();
    await model.settled();
    assert.deepEqual(model.formProblems, []);
    assert.deepEqual(search().controls[1], { type: "assertion", filter: { kind: "present", name: "b" } });
  });
});

test("a text without a session header stays so when it was kept so", async () => {
  const { model } = await made();
  const work = { ...model.work, ownSession: true as const };
  model.setWork(work);
  await model.settled();
  model.setPreview(await openedSession(kit, "s-1"));
  await model.settled();
  assert.equal(model.text, work.text);
  assert.equal(model.sessionNote, "missing");
  assert.equal(model.work.ownSession, true);
});
