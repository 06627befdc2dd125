/** A response that is decoded piece by piece as it arrives. */
import { DsmlkitError } from "./errors.js";
import type { Kit } from "./kit.js";
import type { ParseOptions, ResponseItem } from "./types.js";
import { bytesOf } from "./wire.js";

/** Larger chunks are fed in pieces, so that memory does not depend on them. */
const piece = 256 << 10;

export class Decoder {
  private readonly handle: number;
  private readonly epoch: number;
  private freed = false;

  constructor(
    private readonly kit: Kit,
    options?: ParseOptions,
  ) {
    this.handle = kit.call<number>("stream.open", { options });
    this.epoch = kit.epoch;
  }

  /** Takes the next bytes and gives the items that they complete, in batches. */
  *feed(chunk: Uint8Array): Generator<ResponseItem[], void, undefined> {
    const bytes = bytesOf(chunk, () => "chunk");
    if (bytes === undefined) {
      throw new DsmlkitError({ code: "argument", message: "source must give Uint8Array chunks", detail: `a chunk is a ${typeof chunk}` });
    }
    for (let at = 0; at < bytes.length; at += piece) {
      yield this.call("stream.feed", { chunk: bytes.subarray(at, at + piece) });
    }
  }

  /** Says that no more bytes come, and gives the last items. */
  close(): ResponseItem[] {
    return this.call("stream.close", {});
  }

  free(): void {
    if (this.freed) return;
    this.freed = true;
    if (this.epoch === this.kit.epoch) this.kit.call("stream.free", { handle: this.handle });
  }

  private call(operation: string, args: Record<string, unknown>): ResponseItem[] {
    this.kit.revive();
    if (this.freed || this.epoch !== this.kit.epoch) {
      throw new DsmlkitError({
        code: "internal",
        message: "the stream was lost when the toolkit had to start afresh",
        hint: "read the response again from its beginning",
      });
    }
    return this.kit.call(operation, { handle: this.handle, ...args });
  }
}
