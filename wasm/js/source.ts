/** What is refused of a source before it is read. */
import { DsmlkitError } from "./errors.js";
import { checkSignal, own } from "./transport.js";
import type { StreamOptions } from "./types.js";

/** Refuses a signal that is none, and a stream that somebody else reads. Gives the options without what they inherit. */
export function checkSource(source: unknown, given: StreamOptions | undefined): StreamOptions | undefined {
  // What is no object is refused by name where the stream is opened.
  const options = typeof given === "object" && given !== null && !Array.isArray(given) ? own<StreamOptions>(given, "options") : given;
  checkSignal(options?.signal ?? undefined, "options.signal");
  const { locked, getReader } = (source ?? {}) as Partial<ReadableStream>;
  if (locked === true && typeof getReader === "function") {
    throw new DsmlkitError({ code: "argument", message: "source is being read by somebody else, or was read before", hint: "the body of a response can be read once; clone() makes another" });
  }
  return options;
}
