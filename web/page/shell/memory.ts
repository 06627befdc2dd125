/** Small habits, kept in localStorage under one prefix so that the help can wipe them all. Never a password. */

const prefix = "dsmlkit.";

export function recall<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    // Storage may be forbidden, or hold what an older page wrote: the page works without.
    return otherwise;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Full or forbidden: then it is not remembered.
  }
}

/** Forgets it all, and the open sessions that the page would find again after a reload. */
export function forgetAll(): void {
  try {
    for (const storage of [localStorage, sessionStorage]) {
      for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
    }
  } catch {
    // Nothing could be stored either.
  }
}
