/** Runs one parser on one document, in Node and in browsers. Times are milliseconds. */
import { digest } from "./digest.mjs";

export class Sampler {
  /** `processorTime` tells that of the process, in all its threads, where it can be known. */
  constructor(peer, parse, bytes, processorTime = () => NaN) {
    this.processorTime = processorTime;
    this.peer = peer;
    this.parse = parse;
    this.bytes = bytes;
    this.kept = undefined;
  }

  /** One run, and the digest of what came of it. */
  first() {
    const ms = this.time(1);
    const entries = this.peer.complete?.(this.kept) ?? this.kept;
    this.kept = undefined;
    return { ms, digest: digest(entries), entries: entries.length };
  }

  /** Runs until `atLeast` has gone by; `ms` is that of one run, and `processor` its processor time, or null. */
  sample({ atLeast }) {
    const before = this.processorTime();
    let runs = 0;
    let spent = 0;
    for (let next = 1; spent < atLeast; ) {
      spent += this.time(next);
      runs += next;
      // The clock of a browser is coarse: it is looked at every few milliseconds.
      next = Math.max(1, Math.min(1e6, Math.ceil((5 / (spent / runs || 1e-3)))));
    }
    this.kept = undefined;
    return { ms: spent / runs, runs, processor: (this.processorTime() - before) / runs };
  }

  time(runs) {
    const start = performance.now();
    for (let i = 0; i < runs; i++) this.kept = this.parse(this.bytes);
    return performance.now() - start;
  }
}
