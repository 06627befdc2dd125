// What the countdown says. Pure: the time is passed in.

export interface Countdown {
  /** "9:41" */
  clock: string;
  /** share of the idle time that is left, 0 to 1 */
  left: number;
  tone: "calm" | "warm" | "over";
  /** what will happen, or has happened, a sentence */
  sentence: string;
}

/** At this share of the idle time the countdown warms. */
const warmAt = 0.2;

/**
 * The state of an idle timer. `remaining` in milliseconds, `timeout` in
 * seconds; `guessed` when the server has not said how long it waits.
 */
export function countdown(remaining: number, timeout: number, guessed: boolean): Countdown {
  const seconds = Math.max(0, Math.ceil(remaining / 1000));
  const left = timeout > 0 ? Math.min(1, Math.max(0, remaining / (timeout * 1000))) : 0;
  const clock = time(seconds);
  const waits = `${guessed ? "The server does not say how long it waits; many wait" : "The server waits"} ${inWords(timeout)}.`;
  if (seconds === 0) {
    return {
      clock,
      left: 0,
      tone: "over",
      sentence: guessed
        ? "By now the server may have ended the session; the next request will tell."
        : "The idle time is over: the server has ended the session.",
    };
  }
  if (left <= warmAt) {
    return { clock, left, tone: "warm", sentence: `${guessed ? "The server may end" : "The server ends"} the session in ${clock}, unless something is sent in it.` };
  }
  return { clock, left, tone: "calm", sentence: `The session ends when nothing is sent in it for some time. ${waits}` };
}

/** "9:41", "1:00:05" */
function time(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** "10 minutes" */
export function inWords(seconds: number): string {
  if (seconds % 60 === 0) return seconds === 60 ? "a minute" : `${seconds / 60} minutes`;
  return seconds === 1 ? "a second" : `${seconds} seconds`;
}
