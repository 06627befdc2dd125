/** What is going to be sent: as a form, as XML, as HTTP. */
import "./request.css";
import "./form.css";
import "./filter.css";
import { emit, eventTarget, fill, h } from "../dom.ts";
import { Editor, type Mark } from "../editor.ts";
import { Tabs } from "../tabs.ts";
import type { AsyncToolkit, Preview, RequestPaneEvents, SendDetail, Widget } from "../types.ts";
import { Shelf } from "./aside.ts";
import { BatchForm } from "./batch.ts";
import type { FormProblem } from "./draft.ts";
import { choice, field, sentence } from "./fields.ts";
import { type HTTPTarget, HTTPView } from "./http.ts";
import type { Kept, Work } from "./kept.ts";
import { type Moment, RequestModel, type Wrapping } from "./model.ts";
import { bareNote, formProblemNote, openedNote, sessionNote, textProblemNote } from "./notes.ts";
import type { TextProblem } from "./problem.ts";

/** So many texts are known to be of no loss: they were sent, or nobody has written them. */
const mostSafe = 20;

const beforeWords = "What you were writing before is put aside.";

export class RequestPane extends eventTarget<RequestPaneEvents>() implements Widget {
  readonly element: HTMLElement;
  readonly #model: RequestModel;
  readonly #form: BatchForm;
  readonly #wrapping: HTMLSelectElement;
  readonly #formPanel: HTMLElement;
  readonly #editor = new Editor({ label: "Envelope", placeholder: "A batchRequest, in a SOAP envelope or bare" });
  readonly #http = new HTTPView();
  readonly #tabs: Tabs;
  readonly #problem = h("div", { class: "request-problem", role: "alert" });
  readonly #note = h("div", { class: "request-note" });
  readonly #words = h("span", { class: "send-words hint" });
  readonly #xmlTools: HTMLElement;
  readonly #send: HTMLButtonElement;
  readonly #anyway: HTMLButtonElement;
  readonly #trouble = h("div", { class: "request-trouble", role: "alert" });
  #target: HTTPTarget = { endpoint: "" };
  readonly #shelf = new Shelf(
    (work) => this.#swap(work),
    () => emit(this, "change"),
  );
  /** what the person was writing when an earlier request was opened */
  #before: Work | undefined;
  /** the earlier request, as it was opened */
  #opened: { text: string; words: string } | undefined;
  /** texts that need not be put aside */
  #safe: string[] = [];
  #busy = false;
  /** the problem that stands there */
  #said = "";

  constructor(kit: AsyncToolkit) {
    super();
    this.#model = new RequestModel(kit);
    this.#wrapping = choice<Wrapping>(
      "1.1",
      [
        ["1.1", "SOAP 1.1 envelope"],
        ["1.2", "SOAP 1.2 envelope"],
        ["bare", "Nothing: a bare batchRequest"],
      ],
      (wrapping) => {
        this.#model.wrapping = wrapping;
      },
    );
    this.#form = new BatchForm(kit, () => this.#formChanged(), (words) => this.#shelf.add({ work: this.#model.everything, words }), field("Wrapped in", this.#wrapping).element);
    this.#formPanel = h("div", { class: "form-panel" }, this.#form.element);
    const xmlPanel = h("div", { class: "xml-panel" }, this.#editor.element);
    const httpPanel = h("div", { class: "http-panel" }, this.#http.element);
    this.#tabs = new Tabs("Request as", [
      { id: "form", label: "Form", panel: this.#formPanel },
      { id: "xml", label: "XML", panel: xmlPanel },
      { id: "http", label: "HTTP", panel: httpPanel },
    ]);
    this.#send = h(
      "button",
      { type: "button", class: "primary", "aria-keyshortcuts": "Control+Enter Meta+Enter", title: "Ctrl+Enter", onclick: () => void this.send() },
      "Send",
    );
    this.#anyway = h("button", { type: "button", hidden: true, onclick: () => this.#post(this.#model, true) }, "Post anyway");
    const copy = h("button", { type: "button", class: "quiet", onclick: () => void this.#copy(copy) }, "Copy");
    this.#xmlTools = h(
      "span",
      { class: "xml-tools", hidden: true },
      h("button", { type: "button", class: "quiet", title: "Indents the text; changes white space where it carries no meaning, and nothing else", onclick: () => void this.#indent() }, "Indent"),
      copy,
    );
    this.element = h(
      "section",
      { class: "pane request", id: "request", "aria-label": "Request", tabindex: -1 },
      h("div", { class: "pane-head" }, h("h2", { class: "pane-title" }, "Request"), h("span", { class: "spacer" }), this.#tabs.element),
      h("div", { class: "request-panels" }, this.#formPanel, xmlPanel, httpPanel),
      h("div", { class: "send-area" }, this.#shelf.element, this.#note, this.#problem, this.#trouble, h("div", { class: "send-bar" }, this.#words, this.#xmlTools, this.#anyway, this.#send)),
    );

    this.#editor.wrapLines(true);
    this.#editor.addEventListener("change", ({ detail: text }) => {
      this.#model.typed(text);
      emit(this, "change");
    });
    this.#tabs.addEventListener("select", ({ detail }) => {
      this.#xmlTools.hidden = detail !== "xml";
      void this.#showHTTP();
    });
    this.#model.addEventListener("text", () => this.#editor.setText(this.#model.text));
    this.#model.addEventListener("draft", () => this.#form.open(this.#model.draft));
    this.#model.addEventListener("moved", ({ detail: { from, to } }) => {
      // Another session header is nobody's edit.
      if (this.#opened?.text === from) this.#opened.text = to;
      if (this.#safe.includes(from)) this.#isSafe(to);
    });
    this.#model.addEventListener("state", () => this.#refresh());
    this.#model.addEventListener("aside", ({ detail }) => this.#shelf.add(detail));
    this.#form.open(this.#model.draft);
    this.#model.formChanged();
  }

  /** What is being written, and all that was put aside. */
  get kept(): Kept {
    const now = this.#model.work;
    const before = this.#before;
    const aside = [...this.#shelf.items];
    if (!before) return { ...now, aside };
    // An earlier request that was only looked at is in the list of exchanges.
    if (now.text === this.#opened?.text && !now.form) return { ...before, aside };
    return { ...now, aside: [...aside, { work: before, words: beforeWords }] };
  }

  /** Whether something would be lost with the page: neither sent nor as it was offered. */
  get unsent(): boolean {
    return this.#worth(this.#model.work) || (this.#before !== undefined && this.#worth(this.#before)) || this.#shelf.items.length > 0;
  }

  /** Takes over what was kept of an earlier visit. */
  restore({ aside, ...work }: Kept): void {
    this.#shelf.add(...aside);
    this.#setWork(work);
  }

  /** Says what was kept and could not be read. */
  tell(words: string, about: string): void {
    this.#shelf.tell(words, about);
  }

  /** That something was changed is said at once, and again when it is known what it means. */
  #formChanged(): void {
    this.#model.formChanged();
    emit(this, "change");
  }

  #setWork(work: Work): void {
    this.#model.setWork(work);
    this.#editor.setText(work.text);
  }

  #worth({ text, form }: Work): boolean {
    return form !== undefined || !this.#safe.includes(text);
  }

  #isSafe(text: string): void {
    this.#safe = [text, ...this.#safe.filter((other) => other !== text)].slice(0, mostSafe);
  }

  #swap(work: Work): Work | undefined {
    const now = this.#model.work;
    this.#opened = undefined;
    this.#setWork(work);
    return this.#worth(now) ? now : undefined;
  }

  /** Opens an earlier request, and keeps what the person was writing: `back` gives it back. */
  async open(text: string, words: string): Promise<void> {
    await this.#model.settled();
    if (!this.#opened || this.#model.text !== this.#opened.text || this.#model.work.form) {
      this.#putBeforeAside();
      this.#before = this.#model.work;
    }
    this.#setWork({ text });
    await this.#model.settled();
    this.#opened = { text: this.#model.text, words };
    this.#isSafe(this.#model.text);
    this.#refresh();
  }

  /** Gives back what was being written before earlier requests were opened. False when there is nothing to give back. */
  back(): boolean {
    if (!this.#opened || !this.#before) return false;
    const before = this.#before;
    this.#opened = undefined;
    this.#before = undefined;
    this.#setWork(before);
    return true;
  }

  /** An earlier request was changed, so it is what the person is writing now. */
  #putBeforeAside(): void {
    this.#opened = undefined;
    const before = this.#before;
    this.#before = undefined;
    if (before && this.#worth(before)) this.#shelf.add({ work: before, words: beforeWords });
  }

  /** Why the last request could not go out at all; gone with the next change. */
  set trouble(message: string) {
    fill(this.#trouble, h("div", { class: "note bad" }, message));
  }

  setSessionPreview(preview?: Preview): void {
    this.#model.setPreview(preview);
  }

  /** Where it will go, for the HTTP view. */
  setTarget(target: HTTPTarget): void {
    this.#target = target;
    void this.#showHTTP();
  }

  /** While a request is under way another one cannot be sent. */
  set busy(busy: boolean) {
    this.#busy = busy;
    this.#setSend();
  }

  focusFilter(): void {
    this.#tabs.select("form");
    this.#form.focusFilter();
  }

  /** Nothing was kept: a first request to try, with a base where one is known. */
  async suggest(base?: string): Promise<void> {
    const [first] = this.#model.draft.requests;
    if (base !== undefined && first?.kind === "searchRequest") {
      first.dn = base;
      this.#form.open(this.#model.draft);
      this.#model.formChanged();
    }
    this.#isSafe((await this.#model.moment()).text);
  }

  /** Sends what the person sees at this moment, or shows what stands in the way. */
  async send(): Promise<void> {
    if (this.#busy) return;
    const moment = await this.#model.moment();
    if (moment.textProblem) return this.#goToText(moment.textProblem);
    const [problem] = moment.formProblems;
    if (problem) return this.#goToForm(problem);
    this.#post(moment, moment.sessionNote !== "none");
  }

  #post({ text, document }: Pick<Moment, "text" | "document">, asTyped: boolean): void {
    this.#isSafe(text);
    const detail: SendDetail = { text, asTyped, ...(document ? { document } : {}) };
    emit(this, "send", detail);
  }

  #goToText({ line, column }: TextProblem): void {
    this.#tabs.select("xml");
    this.#editor.reveal(line, column);
  }

  #goToForm(problem: FormProblem): void {
    this.#tabs.select("form");
    this.#form.reveal(problem);
  }

  #refresh(): void {
    const model = this.#model;
    fill(this.#trouble);
    this.#wrapping.value = model.wrapping;
    this.#form.show(model.formProblems);
    this.#formPanel.toggleAttribute("inert", model.textProblem !== undefined);
    this.#tabs.button("xml")?.classList.toggle("wrong", model.textProblem !== undefined);
    this.#tabs.button("form")?.classList.toggle("wrong", model.formProblems.some((problem) => !problem.missing));
    this.#editor.setMarks(this.#marks());
    this.#showProblem();
    this.#showNote();
    this.#setSend();
    const size = new TextEncoder().encode(model.text).length;
    const inSession = model.sessionID && model.sessionNote === "none";
    this.#words.textContent = model.textProblem
      ? `${bytes(size)}, as typed`
      : `${requests(model.draft.requests.length)}, ${bytes(size)}${inSession ? ", in the session" : ""}`;
    void this.#showHTTP();
    emit(this, "change");
  }

  #marks(): Mark[] {
    const { textProblem, diagnostics } = this.#model;
    const marks: Mark[] = diagnostics.map(({ severity, line, column, message, hint, statement }) => ({
      severity,
      line,
      column,
      message: statement ? `${sentence(message)} ${statement}` : sentence(message),
      ...(hint === undefined ? {} : { hint: sentence(hint) }),
    }));
    if (textProblem && !marks.some((mark) => mark.severity === "error")) marks.push({ severity: "error", ...textProblem });
    return marks;
  }

  #showProblem(): void {
    const { textProblem, formProblems } = this.#model;
    this.#anyway.hidden = !textProblem;
    // Said once, and not again with every letter; what has the focus in it stays.
    const said = JSON.stringify(textProblem ?? formProblems);
    if (said === this.#said) return;
    this.#said = said;
    if (textProblem) {
      fill(this.#problem, textProblemNote(textProblem, () => this.#goToText(textProblem), () => this.#model.restore()));
      return;
    }
    const problem = formProblems.find((found) => !found.missing) ?? formProblems[0];
    fill(this.#problem, problem ? formProblemNote(problem, this.#model.draft.requests.length, () => this.#goToForm(problem)) : null);
  }

  #showNote(): void {
    const model = this.#model;
    if (this.#opened && (model.text !== this.#opened.text || model.formProblems.length > 0)) this.#putBeforeAside();
    let note: HTMLElement | undefined;
    if (model.textProblem) note = undefined;
    else if (model.sessionNote !== "none") note = sessionNote(model.sessionNote, model.sessionID !== undefined, () => model.useSession());
    else if (model.bare) {
      note = bareNote(model.sessionID !== undefined, () => {
        model.wrapping = model.version;
      });
    } else if (this.#opened) note = openedNote(this.#opened.words, () => this.back());
    fill(this.#note, note);
  }

  #setSend(): void {
    // Pressed while something stands in the way, it leads there; it only looks less inviting.
    const blocked = this.#model.textProblem !== undefined || this.#model.formProblems.length > 0;
    this.#send.classList.toggle("primary", !blocked);
    if (this.#busy) this.#send.setAttribute("aria-disabled", "true");
    else this.#send.removeAttribute("aria-disabled");
    this.#anyway.disabled = this.#busy;
  }

  async #indent(): Promise<void> {
    const text = await this.#model.indented();
    if (text === undefined) {
      await this.#model.settled();
      return this.#model.textProblem && this.#goToText(this.#model.textProblem);
    }
    this.#editor.setText(text);
    this.#model.typed(text);
  }

  async #copy(button: HTMLButtonElement): Promise<void> {
    await navigator.clipboard.writeText(this.#model.text);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  }

  async #showHTTP(): Promise<void> {
    if (this.#tabs.selected !== "http") return;
    await this.#model.settled();
    this.#http.show(await this.#model.outgoing(), this.#target);
  }
}

function requests(count: number): string {
  if (count === 0) return "no request";
  return count === 1 ? "1 request" : `${count} requests`;
}

function bytes(count: number): string {
  if (count < 1000) return `${count} bytes`;
  if (count < 1_000_000) return `${(count / 1000).toFixed(1)} kB`;
  return `${(count / 1_000_000).toFixed(1)} MB`;
}
