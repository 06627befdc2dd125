import assert from "node:assert/strict";
import { test } from "node:test";
import { DsmlkitError, load, type Toolkit } from "dsmlkit";
import { answer, dsmlNamespace, emptyAnswer, rejects } from "./samples.js";

const text = `<batchRequest xmlns="${dsmlNamespace}">` + '<delRequest dn="a=b"/>'.repeat(50) + "</batchRequest>";

/**
 * Kills the running instance for real: the clock that Go's runtime asks now
 * and then throws, which ends the WebAssembly in the middle of its work.
 */
function kill(kit: Toolkit): DsmlkitError {
  Object.defineProperty(performance, "now", {
    configurable: true,
    value: () => {
      throw new Error("the clock stands still");
    },
  });
  try {
    for (let i = 0; i < 1000; i++) kit.dsml.parse(text);
  } catch (error) {
    assert.ok(error instanceof DsmlkitError, String(error));
    assert.equal(error.code, "internal");
    return error;
  } finally {
    delete (performance as { now?: unknown }).now;
  }
  assert.fail("the instance did not die");
}

test("after a defect the next call runs on a fresh instance, and sessions live on", async () => {
  const kit = await load();
  const session = kit.session.dsml();
  session.begin();
  session.receive(answer(emptyAnswer, "id-1"));
  const error = kill(kit);
  assert.match(error.hint!, /report/);
  assert.match(error.detail!, /the clock stands still/);
  assert.equal(kit.dsml.parse(text).kind, "batchRequest");
  assert.equal(session.state, "open");
  assert.equal(kit.soap.parse(session.send("").body).session!.id, "id-1");
  session.free();
});

test("a stream that was under way says that it was lost", async () => {
  const kit = await load();
  const source = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`<batchResponse xmlns="${dsmlNamespace}"><delResponse><resultCode code="0"/></delResponse>`);
      kill(kit);
      yield new TextEncoder().encode("</batchResponse>");
    },
  };
  const seen: string[] = [];
  const error = await rejects(
    "internal",
    (async () => {
      for await (const item of kit.dsml.stream(source)) seen.push(item.kind);
    })(),
  );
  assert.deepEqual(seen, ["delResponse"]);
  assert.match(error.message, /lost/);
  assert.equal(kit.dsml.resultName(0), "success");
});

test("a stack with hardly any room left does no lasting harm", async () => {
  const kit = await load();
  let calls = 0;
  const dive = (): void => {
    try {
      dive();
    } catch {
      // No room yet; a little more in each frame on the way up.
      try {
        if (calls < 200) kit.dsml.parse(text);
        calls++;
      } catch {
        // Whatever it was, the next call has to work when there is room.
      }
    }
  };
  dive();
  assert.equal(kit.dsml.parse(text).kind, "batchRequest");
});
