import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { connect, type SqlBatch, type SqlBatchResponse, type SqlItem } from "dsmlkit/worker-client";
import { rejects } from "./samples.js";

const batch: SqlBatch = { kind: "sqlBatch", headers: { sqlSession: { initiate: true } }, commands: "SELECT @a", parameters: [{ name: "a", sqlDbType: "Image", value: Uint8Array.of(1, 2) }] };
const answer: SqlBatchResponse = {
  kind: "sqlBatchResponse",
  headers: { sqlSession: { sessionId: "AAEC" } },
  results: [{ kind: "rowSet", columns: [{ name: "a", type: "binary" }], rows: [[Uint8Array.of(1)], [null]] }],
};

test("SQL in a worker: the same documents, errors, items and sessions", async () => {
  const kit = await connect(new Worker(new URL(import.meta.resolve("dsmlkit/worker"))) as never);
  try {
    const text = await kit.sql.build(answer);
    assert.deepEqual(await kit.sql.parse(text), answer);
    assert.deepEqual(await kit.sql.parse(await kit.sql.build(batch, { indent: 2 })), batch);
    assert.deepEqual(await kit.sql.validate(text), []);
    const error = await rejects("sql-session-id", kit.sql.build({ ...batch, headers: { sqlSession: { terminate: true } } }));
    assert.equal(error.statement, "S-50");

    const items: SqlItem[] = [];
    for await (const item of kit.sql.stream(new Response(text).body!)) items.push(item);
    assert.deepEqual(items, [
      { kind: "head", document: "sqlBatchResponse", headers: answer.headers },
      { kind: "rowSet", columns: [{ name: "a", type: "binary" }] },
      { kind: "row", values: [Uint8Array.of(1)] },
      { kind: "row", values: [null] },
    ]);

    // Rows in front of an error come first, however long the chunk is.
    const rows = Array.from({ length: 2000 }, () => [Uint8Array.of(1)]);
    const long = await kit.sql.build({ ...answer, results: [{ kind: "rowSet", columns: [{ name: "a", type: "binary" }], rows }] });
    const cut = long.lastIndexOf("</row>") + "</row>".length;
    let count = 0;
    await rejects("xml-syntax", (async () => {
      const broken = new Blob([long.slice(0, cut), "</nothing>", " ".repeat(40_000)]).stream();
      for await (const item of kit.sql.stream(broken)) count += item.kind === "row" ? 1 : 0;
    })());
    assert.equal(count, 2000);

    const session = await kit.session.sql();
    assert.match((await session.begin({ kind: "sqlBatch", commands: "SELECT 1" })).body, /initiate="true"/);
    assert.deepEqual((await session.receive(text)).sql, answer);
    assert.equal(session.id, "AAEC");
  } finally {
    kit.close();
  }
});
