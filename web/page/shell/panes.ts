/** The three panes side by side with splitters between them; on a narrow screen one at a time behind tabs. */
import { freshID, h } from "../dom.ts";
import { Tabs } from "../tabs.ts";
import type { Widget } from "../types.ts";
import { recall, remember } from "./memory.ts";

export type PaneName = "exchanges" | "request" | "response";

const step = 16;
const leastExchanges = 160;
const mostExchanges = 480;

interface Widths {
  /** pixels */
  exchanges: number;
  /** part of the rest that is the request's */
  request: number;
}

function isWidths(value: unknown): value is Widths {
  const { exchanges, request } = (value ?? {}) as Partial<Record<keyof Widths, unknown>>;
  return Number.isFinite(exchanges) && Number.isFinite(request);
}

const standard: Widths = { exchanges: 232, request: 0.46 };

export class Panes implements Widget {
  readonly element: HTMLElement;
  /** For narrow screens; the style sheet shows it there only. */
  readonly tabs: HTMLElement;
  readonly #tabs: Tabs;
  readonly #panes: Record<PaneName, HTMLElement>;
  readonly #widths: Widths;
  readonly #splitters: { exchanges: HTMLElement; request: HTMLElement };

  constructor(panes: Record<PaneName, HTMLElement>) {
    for (const name of ["exchanges", "request", "response"] as const) {
      panes[name].id ||= freshID(name);
      panes[name].tabIndex = -1;
    }
    this.#panes = panes;
    this.#widths = { ...recall("widths", standard, isWidths) };
    this.#splitters = {
      exchanges: this.#splitter("exchanges", panes.exchanges, "Width of the exchanges pane"),
      request: this.#splitter("request", panes.request, "Width of the request pane"),
    };
    this.element = h(
      "div",
      { class: "panes" },
      panes.exchanges,
      this.#splitters.exchanges,
      panes.request,
      this.#splitters.request,
      panes.response,
    );
    this.#tabs = new Tabs(
      "Panes",
      [
        { id: "exchanges", label: "Exchanges", panel: panes.exchanges },
        { id: "request", label: "Request", panel: panes.request },
        { id: "response", label: "Response", panel: panes.response },
      ],
      { show: (panel, chosen) => panel.classList.toggle("chosen", chosen) },
    );
    this.tabs = this.#tabs.element;
    this.tabs.classList.add("pane-tabs");
    this.show("request");
    this.#apply();
  }

  /** Brings a pane to the front where only one has room. */
  show(name: PaneName): void {
    const focused = document.activeElement;
    this.#tabs.select(name);
    // The keyboard does not stay in what is hidden now.
    if (focused && focused !== document.body && !focused.checkVisibility()) this.#panes[name].focus({ preventScroll: true });
  }

  #splitter(side: keyof Widths, controlled: HTMLElement, label: string): HTMLElement {
    const splitter = h("div", {
      class: "splitter",
      role: "separator",
      tabindex: 0,
      "aria-orientation": "vertical",
      "aria-controls": controlled.id,
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      title: "Drag, or use the arrow keys; double click for the standard width",
      onpointerdown: (event: PointerEvent) => this.#drag(event, splitter, side),
      onkeydown: (event: KeyboardEvent) => this.#key(event, side),
      ondblclick: () => this.#set(side, standard[side]),
    });
    return splitter;
  }

  #drag(event: PointerEvent, splitter: HTMLElement, side: keyof Widths): void {
    if (event.button !== 0) return;
    event.preventDefault();
    splitter.focus();
    splitter.setPointerCapture(event.pointerId);
    splitter.classList.add("dragging");
    const move = ({ clientX }: PointerEvent) => this.#place(side, clientX);
    const done = () => {
      splitter.classList.remove("dragging");
      splitter.removeEventListener("pointermove", move);
    };
    splitter.addEventListener("pointermove", move);
    splitter.addEventListener("lostpointercapture", done, { once: true });
  }

  #key(event: KeyboardEvent, side: keyof Widths): void {
    const far = event.shiftKey ? 4 : 1;
    const at = this.#splitters[side].getBoundingClientRect().left;
    const { left, right } = this.element.getBoundingClientRect();
    const to = {
      ArrowLeft: at - step * far,
      ArrowRight: at + step * far,
      Home: left,
      End: right,
    }[event.key];
    if (event.key === "Enter") this.#set(side, standard[side]);
    else if (to !== undefined) this.#place(side, to);
    else return;
    event.preventDefault();
  }

  /** Puts a splitter at an x of the window. */
  #place(side: keyof Widths, x: number): void {
    const { left, width } = this.element.getBoundingClientRect();
    if (side === "exchanges") this.#set(side, x - left);
    else this.#set(side, (x - left - this.#widths.exchanges) / (width - this.#widths.exchanges));
  }

  #set(side: keyof Widths, value: number): void {
    this.#widths[side] = value;
    this.#apply();
    remember("widths", this.#widths);
  }

  #apply(): void {
    const widths = this.#widths;
    widths.exchanges = Math.round(Math.min(mostExchanges, Math.max(leastExchanges, widths.exchanges)));
    widths.request = Math.min(0.8, Math.max(0.2, widths.request));
    const { style } = this.element;
    style.setProperty("--exchanges", `${widths.exchanges}px`);
    style.setProperty("--request", `${widths.request}fr`);
    style.setProperty("--response", `${1 - widths.request}fr`);
    const exchanges = (widths.exchanges - leastExchanges) / (mostExchanges - leastExchanges);
    this.#splitters.exchanges.setAttribute("aria-valuenow", String(Math.round(exchanges * 100)));
    this.#splitters.request.setAttribute("aria-valuenow", String(Math.round(widths.request * 100)));
  }
}
