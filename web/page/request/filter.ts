/** The filter: text with colours and a mark where it breaks off, and a tree. Either follows the other. */
import type { Filter } from "dsmlkit";
import { fill, freshID, h, icon } from "../dom.ts";
import type { AsyncToolkit } from "../types.ts";
import type { FormProblem, SearchDraft } from "./draft.ts";
import { showProblem } from "./fields.ts";
import { onOneLine, type Piece, pieces } from "./filter-text.ts";
import { FilterTree } from "./filter-tree.ts";

export class FilterField {
  /** Whether the tree is open is a habit of the person, not a property of one search. */
  static #treeOpen = false;

  readonly element: HTMLElement;
  readonly #draft: SearchDraft;
  readonly #changed: () => void;
  readonly #kit: AsyncToolkit;
  readonly #input: HTMLTextAreaElement;
  readonly #colours = h("div", { class: "filter-colours mono", "aria-hidden": "true" });
  readonly #problem = h("div", { class: "problem", id: freshID("problem") });
  readonly #toggle: HTMLButtonElement;
  readonly #tree: FilterTree;
  #mark: number | undefined;
  #wrong = false;
  #formatting = 0;

  constructor(draft: SearchDraft, changed: () => void, kit: AsyncToolkit) {
    this.#draft = draft;
    this.#changed = changed;
    this.#kit = kit;
    this.#input = h("textarea", {
      id: freshID("filter"),
      class: "mono",
      rows: 1,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "data-key": "filter",
      prop: { value: draft.filterText },
      oninput: () => this.#typed(),
      onscroll: () => {
        this.#colours.scrollTop = this.#input.scrollTop;
      },
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
      },
      onpaste: (event: ClipboardEvent) => this.#paste(event),
    });
    this.#tree = new FilterTree((filter) => void this.#fromTree(filter), (problem) => this.#unfit(problem));
    this.#tree.element.id = freshID("tree");
    this.#toggle = h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-expanded": "false",
        "aria-controls": this.#tree.element.id,
        onclick: () => this.#open(!FilterField.#treeOpen),
      },
      icon("tree"),
      "Tree",
    );
    this.element = h(
      "div",
      { class: "field" },
      h("label", { for: this.#input.id }, "Filter"),
      h(
        "div",
        null,
        h("div", { class: "filter-row" }, h("div", { class: "filter-box" }, this.#colours, this.#input), this.#toggle),
        this.#problem,
      ),
      this.#tree.element,
    );
    this.#open(FilterField.#treeOpen);
    this.#paint();
    this.update();
  }

  /** Shows in the tree what the text was found to mean. */
  update(): void {
    if (this.#draft.filter) this.#tree.show(this.#draft.filter);
    this.#tree.stale = this.#wrong && !this.#draft.filter;
  }

  show(problem: FormProblem | undefined): void {
    showProblem(this.#input, this.#problem, problem);
    this.#wrong = problem !== undefined;
    this.#mark = problem?.column;
    this.#paint();
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #open(open: boolean): void {
    FilterField.#treeOpen = open;
    this.#toggle.setAttribute("aria-expanded", String(open));
    this.#tree.element.hidden = !open;
  }

  #typed(): void {
    this.#formatting++;
    this.#draft.filterText = this.#input.value;
    delete this.#draft.filter;
    delete this.#draft.filterProblem;
    this.#mark = undefined;
    this.#paint();
    this.#changed();
  }

  #paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text.includes("\n")) return;
    event.preventDefault();
    this.#input.setRangeText(onOneLine(text), this.#input.selectionStart, this.#input.selectionEnd, "end");
    this.#typed();
  }

  async #fromTree(filter: Filter): Promise<void> {
    const turn = ++this.#formatting;
    if (this.#wrong && !this.#draft.filter && !this.#draft.filterProblem) this.element.dispatchEvent(new Event("giveway", { bubbles: true }));
    this.#draft.filter = filter;
    delete this.#draft.filterProblem;
    // At once, not when its text is there: it may be sent before that.
    this.#changed();
    try {
      const text = await this.#kit.dsml.filter.format(filter);
      if (turn !== this.#formatting) return;
      this.#draft.filterText = text;
      this.#input.value = text;
      this.#tree.problem = undefined;
      this.#paint();
    } catch (error) {
      if (turn !== this.#formatting) return;
      this.#tree.problem = (error as Error).message;
    }
    this.#changed();
  }

  /** What stands in the tree cannot be sent, and the text beside it is not what stands there. */
  #unfit(message: string): void {
    this.#draft.filterProblem = message;
    this.#changed();
  }

  #paint(): void {
    const spans: Node[] = [];
    let at = 0;
    const mark = this.#mark === undefined ? -1 : codeUnits(this.#input.value, this.#mark - 1);
    for (const piece of pieces(this.#input.value)) {
      spans.push(...paint(piece, mark - at));
      at += piece.text.length;
    }
    // A filter that breaks off at its end is marked after it.
    if (mark >= at) spans.push(h("span", { class: "wrong end" }, "\u00a0"));
    fill(this.#colours, spans, "\u200b");
  }
}

/** Index in UTF-16 of a character counted in code points. */
function codeUnits(text: string, characters: number): number {
  return [...text].slice(0, characters).join("").length;
}

function paint({ kind, text }: Piece, mark: number): Node[] {
  if (mark < 0 || mark >= text.length) return [h("span", { class: `filter-${kind}` }, text)];
  const before = text.slice(0, mark);
  return [
    ...(before ? [h("span", { class: `filter-${kind}` }, before)] : []),
    h("span", { class: `filter-${kind} wrong` }, text.slice(mark)),
  ];
}
