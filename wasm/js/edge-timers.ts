/**
 * Go's timers over one of the runtime's. Go sets the time of its next waking
 * anew with nearly every request, and to tell the runtime each time took a tenth
 * of what a request takes. Here the runtime hears of a time only when that is
 * earlier than the one it knows; one that was taken back rings in vain.
 */
export class Timers {
  private readonly waiting = new Map<number, { at: number; ring: () => void }>();
  private last = 0;
  private armed: ReturnType<typeof setTimeout> | undefined;
  private armedFor = Infinity;

  /** Has it ring after so many milliseconds; the number is for clear. */
  set(ring: () => void, ms: number): number {
    const at = performance.now() + ms;
    this.waiting.set(++this.last, { at, ring });
    this.arm(at);
    return this.last;
  }

  clear(id: number): void {
    this.waiting.delete(id);
  }

  clearAll(): void {
    this.waiting.clear();
    clearTimeout(this.armed);
    this.armed = undefined;
    this.armedFor = Infinity;
  }

  private arm(at: number): void {
    if (at >= this.armedFor) return;
    clearTimeout(this.armed);
    this.armedFor = at;
    this.armed = setTimeout(() => this.look(), Math.max(at - performance.now(), 0));
  }

  private look(): void {
    this.armed = undefined;
    this.armedFor = Infinity;
    const now = performance.now();
    for (const [id, { at, ring }] of [...this.waiting]) {
      if (at <= now && this.waiting.delete(id)) ring();
    }
    // Some clocks of runtimes run a little behind their timers.
    for (const { at } of this.waiting.values()) this.arm(Math.max(at, now + 1));
  }
}
