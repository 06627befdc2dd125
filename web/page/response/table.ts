// Entries as a table: rows in sight only, columns to choose, sorted by a click
// on a head, copied as tab-separated text.
import "./table.css";
import type { Entry, SearchRequest } from "dsmlkit";
import { emit, eventTarget, fill, freshID, h } from "../dom.ts";
import { popup } from "../shell/popup.ts";
import { copyText } from "./copy.ts";
import { cell, type Column, columnsOf, columnsToShow, type Order, order, sharedTail, tsv } from "./rows.ts";
import { pictureURL, valuesOf } from "./values.ts";
import { VirtualRows } from "./virtual.ts";

const rowHeight = 28;

export class EntryTable extends eventTarget<{ open: Entry | undefined }>() {
  readonly element: HTMLElement;
  readonly #grid = h("div", { class: "grid", role: "grid", tabindex: 0, "aria-label": "Entries" });
  readonly #head = h("div", { class: "grid-head", role: "row" });
  readonly #rows: VirtualRows;
  readonly #find = h("input", { type: "search", placeholder: "Find in entries", "aria-label": "Find in entries", oninput: () => this.#later() });
  readonly #found = h("span", { class: "hint", "aria-live": "polite" });
  readonly #copy = h("button", { type: "button", class: "quiet", onclick: () => void this.#copyAll() }, "Copy as TSV");
  readonly #menu = h("div", { class: "columns-menu", role: "group", "aria-label": "Columns" });
  readonly #choose = h("button", { type: "button", class: "quiet" }, "Columns");
  #entries: readonly Entry[] = [];
  #columns: Column[] = [];
  #shown: string[] = [];
  /** choices by the set of attributes they were made for, so that the next page looks like this one */
  readonly #chosen = new Map<string, string[]>();
  #order: Order | undefined;
  #places: Uint32Array = new Uint32Array();
  #active = -1;
  /** length of the end that all DNs share */
  #tail = 0;
  #delay: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.#rows = new VirtualRows(this.#grid, { rowHeight, render: (index, row) => this.#row(index, row) });
    this.#grid.append(this.#head, this.#rows.element);
    this.element = h(
      "div",
      { class: "entries" },
      h("div", { class: "toolbar" }, this.#find, this.#found, h("span", { class: "spacer" }), this.#choose, this.#copy),
      this.#grid,
      this.#menu,
    );
    this.#grid.addEventListener("keydown", (event) => this.#key(event));
    this.#rows.element.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[data-row]");
      if (row && getSelection()?.isCollapsed !== false) this.#open(Number(row.dataset["row"]));
    });
    popup(this.#choose, this.#menu, () => this.#fillMenu());
  }

  show(entries: readonly Entry[], request?: SearchRequest): void {
    this.#entries = entries;
    this.#columns = columnsOf(entries, request);
    this.#tail = sharedTail(entries);
    const chosen = this.#chosen.get(this.#signature);
    this.#shown = chosen ?? columnsToShow(this.#columns, request);
    if (this.#order && this.#order.column !== "dn" && !this.#shown.includes(this.#order.column)) this.#order = undefined;
    this.#find.value = "";
    this.#active = -1;
    this.#grid.scrollTo(0, 0);
    this.#layout();
  }

  /** Opens the entry after or before the one that is open. */
  step(by: number): void {
    if (this.#places.length > 0) this.#open(Math.min(Math.max(0, this.#active + by), this.#places.length - 1));
  }

  focus(): void {
    this.#grid.focus();
  }

  get #signature(): string {
    return this.#columns.map((column) => column.name.toLowerCase()).sort().join(" ");
  }

  get #all(): string[] {
    return ["dn", ...this.#shown];
  }

  #layout(): void {
    const widths = this.#all.map((name) => this.#width(name));
    this.#grid.style.setProperty("--columns", widths.map((width, i) => (i === widths.length - 1 ? `minmax(${width}px, 1fr)` : `${width}px`)).join(" "));
    this.#grid.style.setProperty("--width", `${widths.reduce((sum, width) => sum + width, 0)}px`);
    this.#grid.setAttribute("aria-colcount", String(widths.length));
    fill(
      this.#head,
      this.#all.map((name) => {
        const sorted = this.#order?.column === name ? (this.#order.descending ? "descending" : "ascending") : undefined;
        return h(
          "div",
          { role: "columnheader", class: "grid-cell", "aria-sort": sorted ?? "none" },
          h("button", { type: "button", tabindex: -1, title: `Sort by ${name}`, onclick: () => this.#sort(name) }, name, sorted ? h("span", { "aria-hidden": "true" }, sorted === "descending" ? " ↓" : " ↑") : null),
        );
      }),
    );
    this.#arrange();
  }

  /** By the longest of the first values, within bounds. */
  #width(name: string): number {
    let longest = name.length + 2;
    const tail = name === "dn" ? Math.max(0, this.#tail - 4) : 0;
    for (const entry of this.#entries.slice(0, 100)) longest = Math.max(longest, cell(entry, name).length - tail);
    const picture = this.#entries.slice(0, 100).some((entry) => valuesOf(entry, name).some((value) => pictureURL(value))) ? 28 : 0;
    return Math.round(Math.min(name === "dn" ? 320 : 240, Math.max(72, longest * 7 + 24 + picture)));
  }

  #arrange(): void {
    const words = this.#find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let places = order(this.#entries, this.#order);
    if (words.length > 0) {
      const names = ["dn", ...this.#columns.map((column) => column.name)];
      places = places.filter((place) => {
        const text = names.map((name) => cell(this.#entries[place]!, name)).join("\n").toLowerCase();
        return words.every((word) => text.includes(word));
      });
    }
    const open = this.#active >= 0 ? this.#places[this.#active] : undefined;
    this.#places = places;
    this.#active = open === undefined ? -1 : places.indexOf(open);
    this.#grid.setAttribute("aria-rowcount", String(places.length + 1));
    this.#found.textContent = words.length > 0 ? `${places.length.toLocaleString("en")} of ${this.#entries.length.toLocaleString("en")}` : "";
    this.#rows.reset(places.length, rowHeight);
  }

  #row(index: number, row: HTMLElement): void {
    const entry = this.#entries[this.#places[index]!]!;
    row.className = "grid-row";
    row.setAttribute("role", "row");
    row.setAttribute("aria-rowindex", String(index + 2));
    row.dataset["row"] = String(index);
    row.id ||= freshID("row");
    row.setAttribute("aria-selected", String(index === this.#active));
    fill(
      row,
      this.#all.map((name) => {
        const text = cell(entry, name);
        if (name === "dn") return this.#name(text);
        const picture = valuesOf(entry, name).map(pictureURL).find(Boolean);
        return h(
          "div",
          { role: "gridcell", class: "grid-cell", title: text.length > 12 ? text.slice(0, 1000) : undefined },
          picture ? h("img", { src: picture, alt: "", width: 20, height: 20 }) : null,
          text,
        );
      }),
    );
    if (index === this.#active) this.#grid.setAttribute("aria-activedescendant", row.id);
  }

  /** A DN whose end all entries share shows that end faintly. */
  #name(dn: string): HTMLElement {
    const own = dn.length - this.#tail;
    return h(
      "div",
      { role: "gridcell", class: "grid-cell", title: dn },
      this.#tail > 0 && own > 0 ? [dn.slice(0, own), h("span", { class: "grid-tail" }, dn.slice(own))] : dn === "" ? "root DSE" : dn,
    );
  }

  #open(index: number): void {
    this.#active = index;
    this.#rows.refresh();
    emit(this, "open", this.#entries[this.#places[index]!]);
    // Last, since what opens takes some of the room.
    this.#rows.reveal(index);
  }

  #sort(column: string): void {
    const current = this.#order?.column === column ? this.#order : undefined;
    this.#order = !current ? { column, descending: false } : current.descending ? undefined : { column, descending: true };
    this.#layout();
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#grid) return;
    const last = this.#places.length - 1;
    const page = this.#rows.page;
    const to = { ArrowDown: this.#active + 1, ArrowUp: this.#active - 1, Home: 0, End: last, PageDown: this.#active + page, PageUp: this.#active - page }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      this.#open(Math.min(Math.max(0, to), last));
    } else if (event.key === "Escape" && this.#active >= 0) {
      this.#active = -1;
      this.#grid.removeAttribute("aria-activedescendant");
      this.#rows.refresh();
      emit(this, "open", undefined);
    }
  }

  #later(): void {
    clearTimeout(this.#delay);
    this.#delay = setTimeout(() => this.#arrange(), 120);
  }

  #fillMenu(): void {
    fill(
      this.#menu,
      this.#columns.length === 0 ? h("p", { class: "hint" }, "The entries have no attributes.") : null,
      this.#columns.map((column) =>
        h(
          "label",
          { class: "check" },
          h("input", {
            type: "checkbox",
            prop: { checked: this.#shown.includes(column.name) },
            onchange: (event: Event) => this.#toggle(column.name, (event.target as HTMLInputElement).checked),
          }),
          h("span", null, column.name),
          h("span", { class: "hint" }, column.count === this.#entries.length ? "all" : column.count.toLocaleString("en")),
        ),
      ),
    );
  }

  #toggle(name: string, on: boolean): void {
    this.#shown = this.#columns.map((column) => column.name).filter((other) => (other === name ? on : this.#shown.includes(other)));
    this.#chosen.set(this.#signature, this.#shown);
    this.#layout();
  }

  async #copyAll(): Promise<void> {
    const copied = await copyText(tsv(this.#entries, this.#places, this.#all));
    this.#copy.textContent = copied ? `Copied ${this.#places.length.toLocaleString("en")} rows` : "Not allowed";
    setTimeout(() => (this.#copy.textContent = "Copy as TSV"), 2000);
  }
}
