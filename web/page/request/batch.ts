/** The form: the requests of the batch, the one that is chosen, and the attributes of the batch. */
import { fill, h, iconButton } from "../dom.ts";
import type { AsyncToolkit } from "../types.ts";
import { ControlList } from "./controls.ts";
import { type BatchDraft, blank, type FormProblem, isBlank, type Kind, kinds, labelOf, type RequestDraft, summary } from "./draft.ts";
import { choice, field, Fold, type RequestForm, textBox } from "./fields.ts";
import { formFor } from "./forms/index.ts";
import { SearchForm } from "./forms/search.ts";

/** Rows of the list at the same time; a batch may have thousands of requests. */
const mostRows = 200;

export class BatchForm {
  readonly element: HTMLElement;
  readonly #kit: AsyncToolkit;
  readonly #changed: () => void;
  readonly #removing: (words: string) => void;
  readonly #around: HTMLElement;
  readonly #list = h("ol", { class: "requests", "aria-label": "Requests of the batch" });
  readonly #kindRow = h("div", { class: "field kind-row" });
  readonly #chosen = h("div", { class: "chosen-form" });
  readonly #more = new Fold("More");
  readonly #batch = new Fold("Batch");
  readonly #empty: HTMLElement;
  #draft: BatchDraft = { requests: [] };
  #at = 0;
  #form: RequestForm<RequestDraft> | undefined;
  #controls: ControlList | undefined;
  #problems: readonly FormProblem[] = [];
  /** what a request was before it became another operation */
  readonly #earlier = new WeakMap<RequestDraft, Map<Kind, RequestDraft>>();

  /**
   * @param removing is told, in a sentence, before something is taken away that somebody has filled in
   * @param around fields about what is around the batch
   */
  constructor(kit: AsyncToolkit, changed: () => void, removing: (words: string) => void, around: HTMLElement) {
    this.#kit = kit;
    this.#removing = removing;
    this.#around = around;
    this.#changed = () => {
      this.#summarize();
      changed();
    };
    this.#empty = h(
      "div",
      { class: "note", hidden: true },
      "The batch has no request. That is allowed: the server answers with an empty response, which makes it a ping.",
      h("div", { class: "actions" }, h("button", { type: "button", onclick: () => this.#add() }, "Add a request")),
    );
    // The page size field and the list of controls tell each other of the one control they share.
    this.#chosen.addEventListener("controls", () => this.#controls?.render());
    this.#chosen.addEventListener("giveway", () => removing("The filter text that did not parse is put aside."));
    this.#chosen.addEventListener("pagesize", () => {
      if (this.#form instanceof SearchForm) this.#form.refreshPageSize();
    });
    this.element = h("div", { class: "batch" }, this.#list, this.#kindRow, this.#empty, this.#chosen, this.#batch.element);
  }

  /** Shows another draft; the same position in the batch stays chosen. */
  open(draft: BatchDraft): void {
    this.#draft = draft;
    this.#at = Math.min(this.#at, Math.max(0, draft.requests.length - 1));
    this.#renderBatch();
    this.#renderChosen();
  }

  show(problems: readonly FormProblem[]): void {
    this.#problems = problems;
    const own = problems.filter((problem) => problem.request === this.#at);
    this.#form?.show(own);
    this.#controls?.show(own);
    this.#more.element.open ||= own.some((problem) => this.#form?.extraFields.includes(problem.field));
    for (const row of this.#list.querySelectorAll<HTMLElement>("li.request")) {
      const index = Number(row.dataset["index"]);
      row.classList.toggle("wrong", problems.some((problem) => problem.request === index && !problem.missing));
    }
  }

  /** Brings the request that a problem is about to the front. */
  reveal(problem: FormProblem): void {
    if (problem.request !== this.#at) this.#choose(problem.request);
    this.element.querySelector<HTMLElement>("[aria-invalid=true], [aria-describedby^=problem]")?.focus();
  }

  focusFilter(): void {
    if (!(this.#form instanceof SearchForm)) {
      const search = this.#draft.requests.findIndex((request) => request.kind === "searchRequest");
      if (search >= 0) this.#choose(search);
    }
    if (this.#form instanceof SearchForm) this.#form.focusFilter();
  }

  #choose(index: number): void {
    this.#at = index;
    this.#renderChosen();
    this.show(this.#problems);
  }

  #renderChosen(): void {
    const request = this.#draft.requests[this.#at];
    this.#renderList();
    this.#empty.hidden = request !== undefined;
    this.#kindRow.hidden = request === undefined;
    this.#form = undefined;
    this.#controls = undefined;
    if (!request) {
      fill(this.#chosen);
      return;
    }
    const kind = choice(
      request.kind,
      kinds.map(({ kind: value, label }) => [value, label] as const),
      (chosen) => this.#change(chosen),
    );
    kind.id = "operation";
    fill(
      this.#kindRow,
      h("label", { for: kind.id }, "Operation"),
      h("div", { class: "kind-controls" }, kind, h("button", { type: "button", class: "quiet", onclick: () => this.#add() }, "+ Add to batch")),
    );
    this.#form = formFor(request, this.#changed, this.#kit);
    this.#controls = new ControlList(request, this.#changed, this.#kit);
    const id = textBox(request.requestID ?? "", (value) => {
      if (value === "") delete request.requestID;
      else request.requestID = value;
      this.#changed();
    });
    fill(this.#more.element.querySelector(".fold-body")!, this.#form.extras, field("Request ID", id).element);
    fill(this.#chosen, this.#form.element, h("div", { class: "folds" }, this.#more.element, this.#controls.element));
    this.#words();
  }

  #renderList(): void {
    const { requests } = this.#draft;
    this.#list.hidden = requests.length < 2;
    const first = Math.max(0, Math.min(this.#at - mostRows / 2, requests.length - mostRows));
    const last = Math.min(requests.length, first + mostRows);
    const more = (count: number, where: string) => (count > 0 ? h("li", { class: "hint" }, `${count.toLocaleString("en")} more ${where}`) : null);
    fill(
      this.#list,
      more(first, "above"),
      requests.slice(first, last).map((request, place) => {
        const index = first + place;
        const name = `request ${index + 1}`;
        return h(
          "li",
          { class: index === this.#at ? "request chosen-request" : "request", "data-index": index },
          h(
            "button",
            {
              type: "button",
              class: "request-choose",
              "aria-current": index === this.#at ? "true" : undefined,
              onclick: () => this.#choose(index),
              onkeydown: (event: KeyboardEvent) => this.#key(event, index),
            },
            h("span", { class: "ordinal" }, index + 1),
            h("span", { class: "request-kind" }, labelOf(request.kind)),
            h("span", { class: "request-summary mono" }, summary(request)),
          ),
          h(
            "div",
            { class: "request-tools" },
            iconButton("up", `Move ${name} up`, () => this.#move(index, index - 1), { class: "icon-button small", disabled: index === 0 }),
            iconButton("down", `Move ${name} down`, () => this.#move(index, index + 1), {
              class: "icon-button small",
              disabled: index === requests.length - 1,
            }),
            iconButton("copy", `Duplicate ${name}`, () => this.#duplicate(index), { class: "icon-button small" }),
            iconButton("remove", `Remove ${name}`, () => this.#remove(index), { class: "icon-button small" }),
          ),
        );
      }),
      more(requests.length - last, "below"),
    );
    const chosen = this.#list.querySelector<HTMLElement>(".chosen-request");
    if (chosen) this.#list.scrollTop = chosen.offsetTop - this.#list.offsetTop - 96;
    this.#words();
  }

  /** What the list and the folds say follows the typing, without making them anew. */
  #summarize(): void {
    const request = this.#draft.requests[this.#at];
    const words = this.#list.querySelector(".chosen-request .request-summary");
    if (request && words) words.textContent = summary(request);
    this.#words();
  }

  #words(): void {
    const chosen = this.#draft.requests[this.#at];
    this.#more.words = [...(this.#form?.extraWords() ?? []), chosen?.requestID ? `ID ${chosen.requestID}` : ""].filter(Boolean).join(", ");
    const { requestID, processing, responseOrder, onError } = this.#draft;
    this.#batch.words = [
      requestID && `ID ${requestID}`,
      processing === "parallel" && "parallel",
      responseOrder === "unordered" && "unordered",
      onError === "resume" && "resume on errors",
    ]
      .filter(Boolean)
      .join(", ");
  }

  #renderBatch(): void {
    const draft = this.#draft;
    const set = <K extends "requestID" | "processing" | "responseOrder" | "onError">(key: K, value: BatchDraft[K], standard: string) => {
      if (value === standard) delete draft[key];
      else draft[key] = value;
      this.#changed();
    };
    fill(
      this.#batch.element.querySelector(".fold-body")!,
      field("Batch ID", textBox(draft.requestID ?? "", (value) => set("requestID", value, ""))).element,
      field(
        "Processing",
        choice(
          draft.processing ?? "sequential",
          [
            ["sequential", "Sequential: one after the other"],
            ["parallel", "Parallel: in any order, or at once"],
          ],
          (value) => set("processing", value, "sequential"),
        ),
      ).element,
      field(
        "Responses",
        choice(
          draft.responseOrder ?? "sequential",
          [
            ["sequential", "Sequential: in the order of the requests"],
            ["unordered", "Unordered: as they come"],
          ],
          (value) => set("responseOrder", value, "sequential"),
        ),
      ).element,
      field(
        "On error",
        choice(
          draft.onError ?? "exit",
          [
            ["exit", "Exit: the rest is not attempted"],
            ["resume", "Resume: go on with the rest"],
          ],
          (value) => set("onError", value, "exit"),
        ),
      ).element,
      this.#around,
    );
  }

  #key(event: KeyboardEvent, index: number): void {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = index + step;
    if (to < 0 || to >= this.#draft.requests.length) return;
    if (event.altKey) this.#move(index, to);
    else this.#choose(to);
    this.#focusRow(to);
  }

  #focusRow(index: number): void {
    this.#list.querySelector<HTMLElement>(`[data-index="${index}"] .request-choose`)?.focus();
  }

  #change(kind: Kind): void {
    const { requests } = this.#draft;
    const old = requests[this.#at]!;
    const earlier = this.#earlier.get(old) ?? new Map<Kind, RequestDraft>();
    earlier.set(old.kind, old);
    const made = blank(kind, old);
    const again = earlier.get(kind);
    // What the operations share is as it was changed last.
    if (again && "dn" in made && "dn" in old && "dn" in again) again.dn = old.dn;
    requests[this.#at] = again ?? made;
    this.#earlier.set(requests[this.#at]!, earlier);
    this.#renderChosen();
    this.element.querySelector<HTMLElement>("#operation")?.focus();
    this.#changed();
  }

  #add(): void {
    const { requests } = this.#draft;
    requests.splice(this.#at + 1, 0, blank("searchRequest", requests[this.#at]));
    delete requests[Math.min(this.#at + 1, requests.length - 1)]?.requestID;
    this.#choose(Math.min(this.#at + 1, requests.length - 1));
    this.element.querySelector<HTMLElement>("#operation")?.focus();
    this.#changed();
  }

  #duplicate(index: number): void {
    this.#draft.requests.splice(index + 1, 0, structuredClone(this.#draft.requests[index]!));
    this.#choose(index + 1);
    this.#focusRow(index + 1);
    this.#changed();
  }

  #remove(index: number): void {
    const { requests } = this.#draft;
    if (!isBlank(requests[index]!)) this.#removing(`Request ${index + 1} (${labelOf(requests[index]!.kind).toLowerCase()}) was removed.`);
    requests.splice(index, 1);
    const next = index < this.#at ? this.#at - 1 : this.#at;
    this.#choose(Math.max(0, Math.min(next, requests.length - 1)));
    // A list of one is not shown.
    if (requests.length > 1) this.#focusRow(this.#at);
    else this.element.querySelector<HTMLElement>(requests.length === 1 ? "#operation" : ".note button")?.focus();
    this.#changed();
  }

  #move(from: number, to: number): void {
    const { requests } = this.#draft;
    const [moved] = requests.splice(from, 1);
    requests.splice(to, 0, moved!);
    if (this.#at === from) this.#at = to;
    else if (this.#at === to) this.#at = from;
    this.#renderChosen();
    this.show(this.#problems);
    this.#focusRow(to);
    this.#changed();
  }
}
