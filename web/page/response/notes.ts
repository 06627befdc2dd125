// Notes above the answer: what went wrong, what it means, what to try.
import "./notes.css";
import { h } from "../dom.ts";
import { corsSnippets } from "../net/cors.ts";
import type { Failure } from "../types.ts";
import { copyButton } from "./copy.ts";
import type { Explanation } from "./explain.ts";

/** A note on a response that has something to say beside its headline. */
export function noteOn(explanation: Explanation, headline: string, act?: { label: string; run: () => void }): HTMLElement {
  const { tone, title, sentence, quote, tries, statement } = explanation;
  return h(
    "div",
    { class: `note ${tone === "bad" ? "bad" : tone === "warn" ? "warn" : ""}` },
    headline.startsWith(title) && !statement ? null : h("p", { class: "note-title" }, h("b", null, title), statement ? h("span", { class: "hint", title: "Number of the protocol statement" }, ` ${statement}`) : null),
    headline.includes(sentence) ? null : h("p", null, sentence),
    quote ? h("p", null, "The server says: ", h("q", null, quote)) : null,
    tries.length === 1 ? h("p", null, tries[0]) : tries.length > 1 ? h("ul", { class: "note-tries" }, tries.map((text) => h("li", null, text))) : null,
    act ? h("div", { class: "actions" }, h("button", { type: "button", onclick: act.run }, act.label)) : null,
  );
}

/** A note on an exchange that brought no answer. */
export function noteOnFailure(failure: Failure): HTMLElement {
  return h(
    "div",
    { class: failure.code === "aborted" ? "note" : "note bad" },
    failure.hint ? h("p", null, failure.hint) : null,
    failure.code === "cors" ? snippets() : null,
  );
}

/** Settings that would let this page in, for the server that one has. */
function snippets(): HTMLElement {
  const all = corsSnippets(location.origin);
  const text = h("pre", { class: "snippet", tabindex: 0 });
  let chosen = all[0]!;
  const show = () => {
    text.textContent = chosen.text;
  };
  show();
  return h(
    "div",
    { class: "snippets" },
    h(
      "div",
      { class: "toolbar" },
      h(
        "select",
        {
          "aria-label": "Server",
          onchange: (event: Event) => {
            chosen = all[(event.target as HTMLSelectElement).selectedIndex]!;
            show();
          },
        },
        all.map(({ server }) => h("option", null, server)),
      ),
      h("span", { class: "spacer" }),
      copyButton("Copy", () => chosen.text),
    ),
    text,
  );
}
