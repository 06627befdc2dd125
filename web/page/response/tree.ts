// Entries as the tree that their DNs make.
import "./tree.css";
import type { Entry } from "dsmlkit";
import { emit, eventTarget, fill, freshID, h, icon } from "../dom.ts";
import { forest, type Node, visible } from "./forest.ts";
import { VirtualRows } from "./virtual.ts";

/** A tree with at most this many entries is shown open. */
const openAtFirst = 60;

export class EntryTree extends eventTarget<{ open: Entry | undefined }>() {
  readonly element: HTMLElement;
  readonly #rows: VirtualRows;
  #roots: Node[] = [];
  #shown: Node[] = [];
  #open = new Set<Node>();
  #active: Node | undefined;

  constructor() {
    super();
    this.element = h("div", { class: "tree", role: "tree", tabindex: 0, "aria-label": "Entries by their place in the directory" });
    this.#rows = new VirtualRows(this.element, { rowHeight: 28, render: (index, row) => this.#row(index, row) });
    this.element.append(this.#rows.element);
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.#rows.element.addEventListener("click", (event) => {
      const target = event.target as Element;
      const row = target.closest<HTMLElement>("[data-row]");
      const node = row && this.#shown[Number(row.dataset["row"])];
      if (!node) return;
      if (target.closest(".tree-twist") || !node.entry) this.#toggle(node);
      this.#choose(node);
    });
  }

  show(entries: readonly Entry[]): void {
    this.#roots = forest(entries);
    const all = entries.length <= openAtFirst;
    this.#open = new Set(all ? visible(this.#roots, () => true) : this.#roots);
    this.#active = undefined;
    this.element.scrollTo(0, 0);
    this.#arrange();
  }

  /** Opens the entry after or before the one that is open. */
  step(by: number): void {
    const at = this.#active ? this.#shown.indexOf(this.#active) : -1;
    const node = this.#shown[Math.min(Math.max(0, at + by), this.#shown.length - 1)];
    if (node) this.#choose(node);
  }

  #arrange(): void {
    this.#shown = visible(this.#roots, (node) => this.#open.has(node));
    this.#rows.reset(this.#shown.length);
  }

  #row(index: number, row: HTMLElement): void {
    const node = this.#shown[index]!;
    const { length } = node.children;
    row.className = node.entry ? "tree-row" : "tree-row absent";
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-level", String(node.depth + 1));
    row.setAttribute("aria-selected", String(node === this.#active));
    if (length > 0) row.setAttribute("aria-expanded", String(this.#open.has(node)));
    else row.removeAttribute("aria-expanded");
    row.dataset["row"] = String(index);
    row.id ||= freshID("node");
    row.title = node.entry ? node.dn : `${node.dn} (not among the answers)`;
    row.style.setProperty("--depth", String(node.depth));
    fill(
      row,
      h("span", { class: "tree-twist" }, length > 0 ? icon("chevron") : null),
      h("span", { class: "tree-name" }, node.rdn === "" ? "root DSE" : node.rdn),
      length > 0 ? h("span", { class: "hint" }, length.toLocaleString("en")) : null,
    );
    if (node === this.#active) this.element.setAttribute("aria-activedescendant", row.id);
  }

  #toggle(node: Node, open = !this.#open.has(node)): void {
    if (node.children.length === 0) return;
    if (open) this.#open.add(node);
    else this.#open.delete(node);
    this.#arrange();
  }

  #choose(node: Node): void {
    this.#active = node;
    this.#rows.refresh();
    emit(this, "open", node.entry);
    this.#rows.reveal(this.#shown.indexOf(node));
  }

  #key(event: KeyboardEvent): void {
    const at = this.#active ? this.#shown.indexOf(this.#active) : -1;
    const last = this.#shown.length - 1;
    const page = this.#rows.page;
    const node = this.#shown[at];
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, PageDown: at + page, PageUp: at - page }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      this.#choose(this.#shown[Math.min(Math.max(0, to), last)]!);
    } else if (event.key === "ArrowRight" && node) {
      event.preventDefault();
      if (this.#open.has(node) && node.children[0]) this.#choose(node.children[0]);
      else this.#toggle(node, true);
    } else if (event.key === "ArrowLeft" && node) {
      event.preventDefault();
      if (this.#open.has(node) && node.children.length > 0) this.#toggle(node, false);
      else {
        const parent = this.#shown.slice(0, at).findLast((other) => other.depth < node.depth);
        if (parent) this.#choose(parent);
      }
    } else if (event.key === "Enter" && node) {
      event.preventDefault();
      this.#toggle(node);
    } else if (event.key === "Escape" && this.#active) {
      this.#active = undefined;
      this.element.removeAttribute("aria-activedescendant");
      this.#rows.refresh();
      emit(this, "open", undefined);
    }
  }
}
