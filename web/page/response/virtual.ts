import { h } from "../dom.ts";

export interface VirtualOptions {
  /** pixels; every row has the same height */
  rowHeight: number;
  /** fills a row element for the row of that number; the element may have shown another before */
  render: (index: number, row: HTMLElement) => void;
}

/**
 * Rows of which only those in sight exist. The element goes into a container
 * that scrolls; whatever stands above it there (a sticky head) is `above` pixels
 * high.
 */
export class VirtualRows {
  readonly element: HTMLElement;
  readonly #scroller: HTMLElement;
  readonly #options: VirtualOptions;
  readonly #rows = new Map<number, HTMLElement>();
  #spare: HTMLElement[] = [];
  #count = 0;
  #above = 0;
  #frame = 0;

  constructor(scroller: HTMLElement, options: VirtualOptions) {
    this.#scroller = scroller;
    this.#options = options;
    this.element = h("div", { class: "virtual", role: "presentation" });
    scroller.addEventListener("scroll", () => this.#later(), { passive: true });
    new ResizeObserver(() => this.#later()).observe(scroller);
  }

  /** Shows another list of rows, all drawn anew. */
  reset(count: number, above = 0): void {
    this.#count = count;
    this.#above = above;
    this.element.style.setProperty("height", `${count * this.#options.rowHeight}px`);
    for (const row of this.#rows.values()) this.#retire(row);
    this.#rows.clear();
    this.#draw();
  }

  /** The element of a row that is in sight. */
  row(index: number): HTMLElement | undefined {
    return this.#rows.get(index);
  }

  /** Scrolls as little as it takes to bring a row into sight, and draws it. */
  reveal(index: number): void {
    const { rowHeight } = this.#options;
    const top = index * rowHeight;
    const room = this.#scroller.clientHeight - this.#above;
    if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = top;
    else if (top + rowHeight > this.#scroller.scrollTop + room) this.#scroller.scrollTop = top + rowHeight - room;
    this.#draw();
  }

  /** Rows that fit. */
  get page(): number {
    return Math.max(1, Math.floor((this.#scroller.clientHeight - this.#above) / this.#options.rowHeight) - 1);
  }

  /** Draws the rows in sight anew. */
  refresh(): void {
    for (const [index, row] of this.#rows) this.#options.render(index, row);
  }

  #later(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { rowHeight } = this.#options;
    const spare = 8;
    const from = Math.max(0, Math.floor(this.#scroller.scrollTop / rowHeight) - spare);
    const to = Math.min(this.#count, Math.ceil((this.#scroller.scrollTop + this.#scroller.clientHeight) / rowHeight) + spare);
    for (const [index, row] of this.#rows) {
      if (index >= from && index < to) continue;
      this.#rows.delete(index);
      this.#retire(row);
    }
    // In the document they stand in the order of the list, for those who hear the page.
    let next = this.element.firstElementChild;
    for (let index = from; index < to; index++) {
      let row = this.#rows.get(index);
      if (!row) {
        row = this.#spare.pop() ?? h("div");
        row.style.setProperty("transform", `translateY(${index * rowHeight}px)`);
        this.#options.render(index, row);
        this.#rows.set(index, row);
      }
      if (row === next) next = next.nextElementSibling;
      else this.element.insertBefore(row, next);
    }
    this.#spare = [];
  }

  #retire(row: HTMLElement): void {
    row.remove();
    this.#spare.push(row);
  }
}
