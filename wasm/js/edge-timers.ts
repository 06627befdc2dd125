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

  /** `now` gives the milliseconds that have passed; see elapsed. */
  constructor(private readonly now: () => number) {}

  /** Has it ring after so many milliseconds; the number is for clear. */
  set(ring: () => void, ms: number): number {
    const at = this.now() + ms;
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
    const now = this.now();
    // What is overdue although the runtime knows of it, a clock that was set forward has left behind.
    if (at >= this.armedFor && this.armedFor > now) return;
    clearTimeout(this.armed);
    this.armedFor = Math.min(at, this.armedFor);
    this.armed = setTimeout(() => this.look(), Math.max(this.armedFor - now, 0));
  }

  private look(): void {
    this.armed = undefined;
    this.armedFor = Infinity;
    const now = this.now();
    const due = [...this.waiting].filter(([, { at }]) => at <= now).sort(([, a], [, b]) => a.at - b.at);
    // One that rings may take another back.
    for (const [id, { ring }] of due) if (this.waiting.delete(id)) ring();
    // Some clocks of runtimes run a little behind their timers.
    for (const { at } of this.waiting.values()) this.arm(Math.max(at, now + 1));
  }
}

/**
 * Milliseconds that have passed, which never become less. What the runtime
 * calls performance.now goes with the clock of the machine: when that is set
 * back, Go's idle times would last longer by as much.
 */
export function elapsed(): () => number {
  let last = globalThis.performance.now();
  let total = 0;
  return () => {
    const now = globalThis.performance.now();
    total += Math.max(now - last, 0);
    last = now;
    return total;
  };
}
