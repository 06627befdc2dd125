/** Brings a batch that was changed in the form into the text that stands there. */
import type { BatchRequest } from "dsmlkit";
import type { AsyncToolkit } from "../types.ts";
import { fromDocument, toDocument } from "./convert.ts";
import { asides, longestMerged, merge } from "./merge.ts";

/** A text, and what it says. */
export interface Parsed {
  text: string;
  document: BatchRequest;
  /** the batch alone, as the form writes it, where that is known */
  plain?: string;
}

export interface Brought {
  text: string;
  /** the batch alone, as the form writes it */
  plain?: string;
  /** it is the text by hand still; otherwise the form has written all of it */
  merged?: boolean;
  /** something of the text by hand is gone: the sentence that says so */
  lost?: string;
}

/**
 * @param document as it comes from the form
 * @param written what the form would write as a whole
 */
export async function intoText(kit: AsyncToolkit, good: Parsed, document: BatchRequest, written: string): Promise<Brought> {
  const { text: byHand } = good;
  if (byHand.length <= longestMerged) {
    const before = good.plain ?? (await plain(kit, good.document));
    const after = await kit.dsml.build(document, { indent: 2 });
    if (before === after) return { text: byHand, merged: true, plain: after };
    for (const whole of [false, true]) {
      const text = merge(byHand, before, after, whole);
      if (text === undefined || (await read(kit, text)) !== after) continue;
      // Nothing by hand in it: from here on the form writes it.
      if (text.trim() === written.trim()) return { text: written };
      const lost = whole || asides(byHand).length > asides(text).length;
      return { text, merged: true, plain: after, ...(lost ? { lost: "Comments or indentation went with what was changed in the form. The text as it was written by hand is put aside." } : {}) };
    }
  }
  return { text: written, lost: "The change could not be brought into the text as it was written by hand, so the form has written it anew. The text by hand is put aside." };
}

/** A batch from a text, as the form writes it: not all that a text can say is a difference to the form. */
async function plain(kit: AsyncToolkit, document: BatchRequest): Promise<string> {
  const again = await toDocument(await fromDocument(document, kit), kit);
  return kit.dsml.build(again.document ?? document, { indent: 2 });
}

/** The same of a text; undefined when it says nothing. */
async function read(kit: AsyncToolkit, text: string): Promise<string | undefined> {
  try {
    const document = await kit.dsml.parse(text);
    return document.kind === "batchRequest" ? await plain(kit, document) : undefined;
  } catch {
    return undefined;
  }
}
