/** What is said above the send button: what stands in the way, and what is unusual about the request. */
import { h } from "../dom.ts";
import type { FormProblem } from "./draft.ts";
import { sentence } from "./fields.ts";
import type { TextProblem } from "./problem.ts";
import type { SessionNote } from "./session-header.ts";

export function textProblemNote({ line, column, message, hint, statement }: TextProblem, show: () => void, restore: () => void): HTMLElement {
  return h(
    "div",
    { class: "note bad" },
    h("div", null, h("strong", null, `Line ${line}, column ${column}: `), sentence(message), statement ? h("span", { class: "statement" }, ` ${statement}`) : null),
    hint ? h("div", { class: "note-hint" }, sentence(hint)) : null,
    h("div", { class: "note-hint" }, "The text stays as typed; the form shows the last one that parsed."),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", onclick: show }, "Show the place"),
      h("button", { type: "button", onclick: restore }, "Restore the last text that parsed"),
    ),
  );
}

/** @param requests in the batch */
export function formProblemNote({ request, message, missing }: FormProblem, requests: number, show: () => void): HTMLElement {
  return h(
    "button",
    { type: "button", class: missing ? "form-problem missing" : "form-problem", onclick: show },
    h("span", null, h("strong", null, requests > 1 ? `Request ${request + 1}: ` : "Not ready: "), sentence(message)),
  );
}

/** @param open a session is */
export function sessionNote(note: SessionNote, open: boolean, use: () => void): HTMLElement {
  const words =
    note === "missing"
      ? "The text has no Session header: it goes out as typed, outside of the open session."
      : open
        ? "The session header is not that of the open session: it goes out as typed."
        : "The text carries a session header of its own: it goes out as typed.";
  return warning(words, open ? "Use the open session" : "Take the header out", use);
}

export function bareNote(open: boolean, wrap: () => void): HTMLElement {
  const words = open
    ? "There is no SOAP envelope around the batchRequest: in the session it gets one, for the session header."
    : "There is no SOAP envelope around the batchRequest. Most servers refuse that.";
  return warning(words, "Put it in an envelope", wrap);
}

export function openedNote(words: string, back: () => void): HTMLElement {
  return h(
    "div",
    { class: "opened" },
    h("span", { class: "hint" }, words),
    h("button", { type: "button", class: "quiet", onclick: back }, "Back to what I was writing"),
  );
}

function warning(words: string, button: string, onclick: () => void): HTMLElement {
  return h("div", { class: "note warn" }, words, h("div", { class: "actions" }, h("button", { type: "button", onclick }, button)));
}
