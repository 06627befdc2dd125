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
    this.place = -1; // in bytes, of what changes before each run
  }

  /** One run, and the digest of what came of it. */
  first() {
    const ms = this.time(1);
    const entries = this.peer.complete?.(this.kept) ?? this.kept;
    this.kept = undefined;
    return { ms, digest: digest(entries), entries: entries.length };
  }

  /** Runs until `atLeast` has gone by; `ms` is that of one run, and `processor` its processor time, or null. */
  sample({ atLeast, vary }) {
    this.place = vary ? placeOfID(this.bytes) : -1;
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

  /** What a run makes is let go of before the next one, as a server does: two results at a time are another thing to measure. */
  time(runs) {
    const start = performance.now();
    for (let i = 0; i < runs; i++) {
      // One document is not the other: that of the run before has another requestID.
      if (this.place >= 0) this.bytes[this.place] ^= 1;
      this.kept = undefined;
      this.kept = this.parse(this.bytes);
    }
    return performance.now() - start;
  }
}

/** Where the value of the first requestID begins, in XML; -1 in JSON, which has none. */
function placeOfID(bytes) {
  const name = 'requestID="';
  const at = new TextDecoder("latin1").decode(bytes.subarray(0, 1024)).indexOf(name);
  return at < 0 ? -1 : at + name.length;
}
