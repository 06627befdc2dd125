/**
 * Keeps what is being written over a reload: for this tab, and for the next one
 * that is opened. Two tabs do not write over each other's.
 */
import { type Kept, readKept, writeKept } from "../request/kept.ts";
import { prefix } from "./memory.ts";

const key = `${prefix}draft`;

/** How long after a change it is kept, in milliseconds; when the page goes, it is kept at once. */
const patience = 500;

interface Source {
  readonly kept: Kept;
  /** something would be lost with the page */
  readonly unsent: boolean;
}

/** What was kept, and as it was stored what could not be read of it. */
export function recallDraft(): { kept?: Kept; damaged?: string } {
  try {
    const stored = sessionStorage.getItem(key) ?? localStorage.getItem(key);
    if (stored === null) return {};
    const { kept, damaged } = readKept(stored);
    return { ...(kept ? { kept } : {}), ...(damaged ? { damaged: stored } : {}) };
  } catch {
    // Storage is forbidden: nothing was kept.
    return {};
  }
}

export class DraftKeeper {
  readonly #source: Source;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** what stands on the page is stored, or will be */
  #stored = true;

  constructor(source: Source) {
    this.#source = source;
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#now();
    });
    // What is too long to be kept is lost with the page: then the browser asks.
    addEventListener("beforeunload", (event) => {
      this.#leave();
      if (!this.#stored && this.#source.unsent) event.preventDefault();
    });
  }

  changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), patience);
  }

  /** Nothing is kept until the next change. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #leave(): void {
    // What is only finished when its field is left.
    (document.activeElement as HTMLElement | null)?.blur?.();
    this.#now();
  }

  #now(): void {
    if (this.#timer !== undefined) this.#save();
  }

  #save(): void {
    this.forget();
    const text = writeKept(this.#source.kept);
    // As long as one of them takes it, a reload finds it.
    const stored = [() => sessionStorage, () => localStorage].map((storage) => store(storage, text));
    this.#stored = text !== undefined && stored.includes(true);
  }
}

/** Storage may be forbidden, and even asking for it an error. */
function store(storage: () => Storage, text: string | undefined): boolean {
  try {
    if (text === undefined) storage().removeItem(key);
    else storage().setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
