import type { Reply } from "./types.js";

/**
 * The one error class of the toolkit. `code` is stable and fit for a program
 * to branch on; `message` and `hint` are for people and may be reworded.
 */
export class DsmlkitError extends Error {
  /** one of `errorCodes`, which says what each means */
  declare readonly code: string;
  /** what exactly was found: the text, the argument, the underlying error */
  declare readonly detail?: string;
  /** what to do about it */
  declare readonly hint?: string;
  /** 1-based line in the text that was given */
  declare readonly line?: number;
  /** 1-based column, in characters */
  declare readonly column?: number;
  /** 0-based offset in bytes of the text as given (of its UTF-8 form when it was a string) */
  declare readonly offset?: number;
  /** number of the protocol statement that is broken, such as "D-40" */
  declare readonly statement?: string;
  /** status of HTTP, where the failure is an answer that a client got */
  declare readonly status?: number;
  /** what could be read of that answer; not enumerable, so that it stays out of JSON and logs */
  declare readonly reply?: Reply;

  /** For who makes toolkits of his own; the codes are those of `errorCodes`. */
  constructor(init: DsmlkitErrorInit) {
    super(init.message);
    for (const key of ["code", "detail", "hint", "line", "column", "offset", "statement", "status"] as const) {
      const value = init[key];
      if (value !== undefined) {
        Object.defineProperty(this, key, { value, enumerable: true, configurable: true });
      }
    }
    if (init.reply !== undefined) Object.defineProperty(this, "reply", { value: init.reply, configurable: true });
  }

  static {
    Object.defineProperty(this.prototype, "name", { value: "DsmlkitError", configurable: true, writable: true });
  }
}

/** What an error is made of; the properties are those of `DsmlkitError`. */
export interface DsmlkitErrorInit {
  code: string;
  message: string;
  detail?: string;
  hint?: string;
  line?: number;
  column?: number;
  offset?: number;
  statement?: string;
  status?: number;
  reply?: Reply;
}
