/**
 * A response of any length in chunks of 64 KB, and what reading it takes. The
 * chunks are views of a document that lies in memory from the beginning: what
 * the process grows by is the reader's doing.
 *
 *     node stream.mjs dsmlkit|saxes URL-of-the-package FILE
 */
import { readFileSync } from "node:fs";
import { digest } from "./digest.mjs";
import { serve } from "./serve.mjs";
import { watchMemory } from "./wasm-memory.mjs";

const [name, packageURL, file] = process.argv.slice(2);
const chunkLength = 64 << 10;

await serve(async () => {
  const wasmMemory = watchMemory();
  const read = name === "saxes" ? await withSaxes() : await withToolkit();
  const bytes = readFileSync(file);
  const head = bytes.indexOf("<searchResultEntry");
  const tail = bytes.indexOf("<searchResultDone>");
  const entries = bytes.subarray(head, tail);

  let base = 0;
  let peak = 0;
  /** Head, the entries so many times, tail. */
  async function* source(times) {
    let chunks = 0;
    for (const part of [bytes.subarray(0, head), ...Array(times).fill(entries), bytes.subarray(tail)]) {
      for (let at = 0; at < part.length; at += chunkLength) {
        if (++chunks % 8 === 0) peak = Math.max(peak, process.memoryUsage.rss());
        yield part.subarray(at, at + chunkLength);
      }
    }
  }

  return {
    /** Reads the document once and gives the digest of its entries. */
    async check() {
      const found = [];
      await read(source(1), (entry) => found.push(entry));
      return { digest: digest(found), entries: found.length };
    },
    /**
     * Reads it so many times over; entries are counted and let go. The first time
     * the process is fresh, and what it grows by is told of that. As the parsers of
     * documents do, it warms up then, before it is read once more.
     */
    async run({ times, warmUp }) {
      const length = head + times * entries.length + bytes.length - tail;
      const once = async () => {
        let count = 0;
        const start = performance.now();
        await read(source(times), () => count++);
        return { ms: performance.now() - start, entries: count };
      };
      base = peak = process.memoryUsage.rss();
      const first = await once();
      const rise = Math.max(peak, process.memoryUsage.rss()) - base;
      const wasm = wasmMemory();
      for (let spent = first.ms; spent < warmUp; ) spent += (await once()).ms;
      return { length, first: first.ms, rise, wasm, ...(await once()) };
    },
  };
});

async function withToolkit() {
  const { load } = await import(packageURL);
  const kit = await load();
  return async (source, visit) => {
    for await (const item of kit.dsml.stream(source)) {
      if (item.kind === "searchResultEntry") visit(item);
    }
  };
}

async function withSaxes() {
  const { start } = await import("./peers/saxes.mjs");
  return async (source, visit) => {
    const { builder, parser } = start();
    const decoder = new TextDecoder();
    // The last entry of a chunk may still be growing.
    const take = (keep) => builder.entries.splice(0, builder.entries.length - keep).forEach(visit);
    for await (const chunk of source) {
      parser.write(decoder.decode(chunk, { stream: true }));
      take(1);
    }
    parser.write(decoder.decode()).close();
    take(0);
  };
}
