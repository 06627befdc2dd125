// What came back: first in words, then as table, tree, LDIF, XML and HTTP.
import "./pane.css";
import type { BatchRequest, SearchRequest, SearchResponse } from "dsmlkit";
import { eventTarget, fill, h } from "../dom.ts";
import type { ExchangeStore } from "../exchanges/store.ts";
import type { Runner } from "../net/runner.ts";
import { entries } from "../net/summary.ts";
import { Tabs } from "../tabs.ts";
import type { AsyncToolkit, Exchange, Progress, Widget } from "../types.ts";
import { type Answer, answerOf, requestOf } from "./answer.ts";
import { EntryView } from "./entry.ts";
import { explain, explainFault } from "./explain.ts";
import { explainRelay } from "./relay.ts";
import { headline } from "./headline.ts";
import { HTTPView } from "./http.ts";
import { noteOn, noteOnFailure } from "./notes.ts";
import { type Pair, pair } from "./pair.ts";
import { ResultList } from "./results.ts";
import { type Series, seriesOf } from "./series.ts";
import { EntryTable } from "./table.ts";
import { LDIFView, XMLView } from "./text.ts";
import { EntryTree } from "./tree.ts";

/** What is shown now. */
interface Shown {
  exchange: Exchange;
  request?: BatchRequest | undefined;
  answer?: Answer | undefined;
  pairs: Pair[];
  /** the search whose entries are shown */
  chosen?: Pair | undefined;
  series?: Series | undefined;
  /** all pages up to this one, not this one only */
  together: boolean;
}

/** A request that takes longer than this shows that it is under way (milliseconds). */
const patience = 500;

export class ResponsePane extends eventTarget<Record<never, never>>() implements Widget {
  readonly element: HTMLElement;
  readonly #kit: Promise<AsyncToolkit>;
  readonly #store: ExchangeStore;
  readonly #runner: Runner;
  readonly #headline = h("p", { class: "headline", "aria-live": "polite" });
  readonly #notes = h("div", { class: "notes" });
  readonly #pages = h("div", { class: "pages" });
  readonly #waiting = h("div", { class: "waiting-bar", hidden: true });
  readonly #empty = h("div", { class: "response-empty" });
  readonly #content: HTMLElement;
  readonly #results = new ResultList();
  readonly #table = new EntryTable();
  readonly #tree = new EntryTree();
  readonly #entry = new EntryView();
  readonly #nothing = h("p", { class: "no-entries hint" });
  readonly #http = new HTTPView();
  readonly #panels = {
    table: h("div", { class: "panel table-panel" }),
    tree: h("div", { class: "panel tree-panel" }),
    ldif: h("div", { class: "panel" }),
    xml: h("div", { class: "panel" }),
    http: h("div", { class: "panel" }, this.#http.element),
  };
  readonly #tabs = new Tabs("Views of the response", [
    { id: "table", label: "Table", panel: this.#panels.table },
    { id: "tree", label: "Tree", panel: this.#panels.tree },
    { id: "ldif", label: "LDIF", panel: this.#panels.ldif },
    { id: "xml", label: "XML", panel: this.#panels.xml },
    { id: "http", label: "HTTP", panel: this.#panels.http },
  ]);
  #xml: XMLView | undefined;
  #ldif: LDIFView | undefined;
  #shown: Shown | undefined;
  #ticket = 0;
  /** the exchange that each entry view was filled for, so that switching tabs costs nothing */
  #filled = new Set<string>();
  #patience: ReturnType<typeof setTimeout> | undefined;
  /** the view that was chosen, to come back to after an answer that only HTTP can show */
  #preferred = "table";

  constructor(kit: AsyncToolkit | Promise<AsyncToolkit>, store: ExchangeStore, runner: Runner) {
    super();
    this.#kit = Promise.resolve(kit);
    this.#store = store;
    this.#runner = runner;
    this.#content = h("div", { class: "response-content", hidden: true }, this.#headline, this.#notes, this.#pages, ...Object.values(this.#panels), this.#entry.element);
    this.element = h(
      "section",
      { class: "pane response", "aria-label": "Response" },
      h("div", { class: "pane-head" }, h("h2", { class: "pane-title" }, "Response"), h("span", { class: "spacer" }), this.#tabs.element),
      h("div", { class: "response-body" }, this.#waiting, this.#empty, this.#content),
    );
    fill(
      this.#empty,
      h("p", null, "The answer will stand here."),
      h("p", { class: "hint" }, "First in words, then as a table, a tree, LDIF, XML, and as the exact bytes that came. Choose an exchange to see its answer again."),
    );
    this.#tabs.element.addEventListener("click", () => (this.#preferred = this.#tabs.selected));
    this.#tabs.element.addEventListener("keyup", () => (this.#preferred = this.#tabs.selected));
    this.#tabs.addEventListener("select", () => {
      this.#entry.show(undefined);
      this.#fillTab();
    });
    this.#results.addEventListener("choose", ({ detail }) => this.#choose(detail));
    this.#table.addEventListener("open", ({ detail }) => this.#entry.show(detail));
    this.#tree.addEventListener("open", ({ detail }) => this.#entry.show(detail));
    this.#entry.addEventListener("close", () => {
      this.#entry.show(undefined);
      this.#table.focus();
    });
    this.#entry.addEventListener("step", ({ detail }) => (this.#tabs.selected === "tree" ? this.#tree.step(detail) : this.#table.step(detail)));
    runner.addEventListener("progress", ({ detail }) => this.#progressed(detail));
  }

  /** Shows the answer of an exchange; without one, says what will stand here. */
  async show(exchange: Exchange | undefined): Promise<void> {
    const ticket = ++this.#ticket;
    if (!exchange) {
      this.#shown = undefined;
      this.#content.hidden = true;
      this.#empty.hidden = false;
      return;
    }
    // Asked now: by the time the answer is read, paging may be over.
    const together = this.#runner.paging;
    const kit = await this.#kit;
    const [answer, request] = await Promise.all([answerOf(kit, exchange), requestOf(kit, exchange.request.text)]);
    const pairs = answer?.document ? pair(request, answer.document) : [];
    const chosen = pairs.find(({ response }) => response?.kind === "searchResponse" && response.entries.length > 0) ?? pairs.find(({ response }) => response?.kind === "searchResponse");
    const series = pairs.length === 1 && chosen ? await seriesOf(kit, this.#store, exchange, request) : undefined;
    if (ticket !== this.#ticket) return;
    this.#shown = { exchange, request, answer, pairs, chosen, series, together: together && series !== undefined };
    this.#empty.hidden = true;
    this.#content.hidden = false;
    this.#render();
  }

  focus(): void {
    this.#tabs.button(this.#tabs.selected)?.focus();
  }

  #render(): void {
    const { exchange, answer, pairs, series, together } = this.#shown!;
    const line = headline(exchange, { pairs, fault: answer?.fault, series: together ? series : undefined });
    this.#headline.className = `headline ${line.tone}`;
    const { text } = line;
    if (this.#headline.textContent !== text) this.#headline.textContent = text;
    this.#renderNotes(text);
    this.#renderPages();
    // Where nothing can be shown as entries, the text is what there is to see.
    this.#tabs.select(answer?.document ? this.#preferred : answer?.fault ? (this.#preferred === "http" ? "http" : "xml") : "http");
    this.#fillEntries();
  }

  #renderNotes(text: string): void {
    const { exchange, answer, pairs, chosen } = this.#shown!;
    const notes: HTMLElement[] = [];
    if (exchange.failure) notes.push(noteOnFailure(exchange.failure));
    const relayed = explainRelay(exchange.response?.headers);
    if (relayed) notes.push(noteOn(relayed, text));
    if (answer?.fault) notes.push(noteOn(explainFault(answer.fault, exchange.step), text));
    if (pairs.length === 1) {
      const explanation = explain(pairs[0]!, exchange.step);
      if (explanation.tone !== "good" || explanation.quote) notes.push(noteOn(explanation, text, this.#actFor(explanation.needsSession)));
    }
    const references = searchOf(chosen)?.references?.flatMap((reference) => reference.refs) ?? [];
    if (references.length > 0) {
const count = references.length;
      notes.push(
        h(
          "details",
          { class: "references" },
          h("summary", null, count === 1 ? "A part of the tree lies on another server and was not searched" : `${count} parts of the tree lie on other servers and were not searched`),
          h("ul", { class: "mono" }, references.slice(0, 100).map((uri) => h("li", null, uri))),
        ),
      );
    }
    fill(this.#notes, notes);
  }

  /** A paged search that was sent outside of a session can be sent in one. */
  #actFor(needsSession: boolean | undefined): { label: string; run: () => void } | undefined {
    const { exchange } = this.#shown!;
    if (!needsSession || this.#runner.session.state === "open") return undefined;
    return {
      label: "Begin one and search again",
      run: () => {
        void (async () => {
          const begun = await this.#runner.begin();
          if (!begun.failure && this.#runner.session.state === "open") await this.#runner.send(exchange.request.text);
        })().catch(() => undefined); // what failed is an exchange, and stands in the list
      },
    };
  }

  #renderPages(): void {
    const { series, together, chosen } = this.#shown!;
    if (!series) {
      fill(this.#pages);
      return;
    }
    const one = searchOf(chosen)?.entries.length ?? 0;
    const choice = (label: string, value: boolean) =>
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-pressed": String(together === value),
          onclick: () => {
            this.#shown!.together = value;
            this.#render();
          },
        },
        label,
      );
    const whole = series.last ? `All ${series.pages} pages` : `Pages 1 to ${series.pages}`;
    fill(this.#pages, choice(`Page ${series.pages}: ${entries(one)}`, false), choice(`${whole}: ${entries(series.entries.length)}`, true));
  }

  #choose(chosen: Pair): void {
    this.#shown!.chosen = chosen;
    this.#fillEntries();
  }

  #fillEntries(): void {
    this.#filled.clear();
    this.#entry.show(undefined);
    this.#fillTab();
  }

  /** Fills the view that is seen; the others wait until somebody looks. */
  #fillTab(): void {
    const shown = this.#shown;
    const tab = this.#tabs.selected;
    if (!shown || this.#filled.has(tab)) return;
    this.#filled.add(tab);
    const { exchange, answer, pairs, chosen, series, together } = shown;
    const search = searchOf(chosen);
    const found = together && series ? series.entries : (search?.entries ?? []);
    if (tab === "table" || tab === "tree") {
      const view = tab === "table" ? this.#table : this.#tree;
      const results = pairs.length > 1 ? this.#results.element : null;
      if (results) this.#results.show(pairs, exchange.step, chosen);
      this.#nothing.textContent = noEntries(exchange, answer, search);
      fill(this.#panels[tab], results, found.length > 0 ? view.element : this.#nothing);
      if (tab === "table") this.#table.show(found, chosen?.request?.kind === "searchRequest" ? (chosen.request as SearchRequest) : undefined);
      else this.#tree.show(found);
    } else if (tab === "http") {
      this.#http.show(exchange);
    } else {
      void this.#kit.then((kit) => {
        if (tab === "xml") {
          this.#xml ??= new XMLView(kit);
          fill(this.#panels.xml, this.#xml.element);
          return this.#xml.show(exchange);
        }
        this.#ldif ??= new LDIFView(kit);
        fill(this.#panels.ldif, this.#ldif.element);
        return this.#ldif.show(found);
      });
    }
  }

  #progressed(progress: Progress): void {
    if (progress.done) {
      clearTimeout(this.#patience);
      this.#patience = undefined;
      this.#waiting.hidden = true;
      return;
    }
    this.#patience ??= setTimeout(() => (this.#waiting.hidden = false), patience);
    this.#waiting.classList.toggle("unknown", progress.fraction === undefined);
    this.#waiting.style.setProperty("--part", String(progress.fraction ?? 0.3));
    fill(this.#waiting, h("span", null, progress.label));
  }
}

function searchOf(chosen: Pair | undefined): SearchResponse | undefined {
  return chosen?.response?.kind === "searchResponse" ? chosen.response : undefined;
}

function noEntries(exchange: Exchange, answer: Answer | undefined, search: SearchResponse | undefined): string {
  if (!exchange.response) return "No answer came.";
  if (!answer?.document) return "There are no entries in this answer. XML and HTTP show what came.";
  if (exchange.step === "begin" && !search) return "What is sent now goes out in the session. A search with a page size comes page by page.";
  if (exchange.step === "end" && !search) return "What is sent now stands alone, until a session is begun again.";
  if (search) return search.done.resultCode.code === 0 ? "The search found no entries. A wider scope, another base or a looser filter may." : "The search brought no entries.";
  return "This answer has no entries: only a search brings some.";
}
