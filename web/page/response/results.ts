// The answers of a batch, one line each, in the order of the requests.
import "./results.css";
import type { Control, Response } from "dsmlkit";
import { emit, eventTarget, fill, h } from "../dom.ts";
import { entries, summarizeRequest } from "../net/summary.ts";
import type { Step, Widget } from "../types.ts";
import { explain } from "./explain.ts";
import type { Pair } from "./pair.ts";

export class ResultList extends eventTarget<{ choose: Pair }>() implements Widget {
  readonly element = h("div", { class: "results" });

  /** `chosen` is the one whose entries are shown below. */
  show(pairs: readonly Pair[], step: Step, chosen?: Pair): void {
    fill(
      this.element,
      h("ol", { "aria-label": "Results" }, pairs.map((pair) => this.#line(pair, step, pair === chosen))),
    );
  }

  #line(pair: Pair, step: Step, chosen: boolean): HTMLElement {
    const { request, response, index } = pair;
    const { title, tone, sentence, quote, tries } = explain(pair, step);
    const search = response?.kind === "searchResponse" ? response : undefined;
    const count = search ? [entries(search.entries.length), plural(search.references?.length ?? 0, "reference")].filter(Boolean).join(", ") : "";
    const id = response?.requestID ?? request?.requestID;
    const controls = controlsOf(response);
    return h(
      "li",
      { class: `result ${tone}` },
      h("span", { class: "result-number", "aria-hidden": "true" }, index >= 0 ? `${index + 1}` : "·"),
      h(
        "div",
        { class: "result-text" },
        h(
          "div",
          { class: "result-first" },
          h("span", { class: "result-what" }, request ? summarizeRequest("none", { kind: "batchRequest", requests: [request] }) : (response?.kind ?? "")),
          id !== undefined ? h("code", { class: "hint", title: "requestID" }, id) : null,
          h("span", { class: `result-code ${tone}` }, title),
          count && search!.entries.length > 0
            ? h("button", { type: "button", class: "quiet", "aria-pressed": String(chosen), onclick: () => emit(this, "choose", pair) }, count)
            : count
              ? h("span", { class: "hint" }, count)
              : null,
        ),
        tone === "good" && !quote ? null : h("p", null, sentence),
        quote ? h("p", { class: "result-quote" }, `“${quote}”`) : null,
        tone === "bad" && tries[0] ? h("p", { class: "hint" }, tries[0]) : null,
        response?.kind === "extendedResponse" && (response.responseName || response.response !== undefined)
          ? h("p", { class: "mono" }, [response.responseName, typeof response.response === "string" ? response.response : response.response ? "binary value, see XML" : ""].filter(Boolean).join(": "))
          : null,
        controls.length > 0 ? h("p", { class: "hint" }, `with control ${controls.map((control) => control.type).join(", ")}`) : null,
      ),
    );
  }
}

function plural(count: number, word: string): string {
  return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** A search has its controls at its end. */
function controlsOf(response: Response | undefined): Control[] {
  if (!response || response.kind === "errorResponse") return [];
  return (response.kind === "searchResponse" ? response.done.controls : response.controls) ?? [];
}
