/** What all parts of one toolkit share: the module and its running instance. */
import { DsmlkitError } from "./errors.js";
import { Instance } from "./instance.js";

export class Kit {
  /** Changes when a fresh instance has taken the place of a dead one; handles of the old one are void. */
  epoch = 0;

  private constructor(
    private readonly module: WebAssembly.Module,
    private instance: Instance,
  ) {}

  static async start(module: WebAssembly.Module): Promise<Kit> {
    return new Kit(module, await Instance.startAsync(module));
  }

  /** Runs an operation; after a defect, on a fresh instance. */
  call<T>(operation: string, args: Record<string, unknown>): T {
    this.revive();
    return this.instance.call(operation, args) as T;
  }

  /** Has a stream read bytes. */
  feed<T>(stream: number, bytes: Uint8Array, flags: number): T {
    this.revive();
    return this.instance.feed(stream, bytes, flags) as T;
  }

  /** Has stream 0 read as much of a text as fits. */
  feedText(text: string, most: number, flags: number, last: number): { read: number; value: unknown } {
    this.revive();
    return this.instance.feedText(text, most, flags, last);
  }

  /** Sees to it that the instance is alive, and so that `epoch` is current. */
  revive(): void {
    if (!this.instance.dead) return;
    try {
      this.instance = Instance.start(this.module);
    } catch (error) {
      throw new DsmlkitError({
        code: "internal",
        message: "the toolkit had failed, and a fresh instance could not be started",
        detail: String(error),
        hint: "make another toolkit with load()",
      });
    }
    this.epoch++;
  }
}
