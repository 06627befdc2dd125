/** Small habits, kept in localStorage under one prefix so that the help can wipe them all. Never a password. */

export const prefix = "dsmlkit.";

/** What was remembered, if it `fits`: another version of the page may have written it, or something may have damaged it. */
export function recall<T>(key: string, otherwise: T, fits: (value: unknown) => boolean): T {
  try {
    const text = localStorage.getItem(prefix + key);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return fits(value) ? (value as T) : otherwise;
  } catch {
    // Storage may be forbidden, or hold no JSON: the page works without.
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
