import { emit, eventTarget, freshID, h } from "./dom.ts";

export interface Tab {
  id: string;
  label: string;
  panel: HTMLElement;
}

export interface TabsOptions {
  /** default: `hidden` is set on all panels but the chosen one, and they get the role of a tab panel */
  show?: (panel: HTMLElement, chosen: boolean) => void;
}

/** A row of tabs. Arrow keys, Home and End choose; only the chosen one is a tab stop. */
export class Tabs extends eventTarget<{ select: string }>() {
  readonly element: HTMLElement;
  readonly #tabs: readonly Tab[];
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #show: (panel: HTMLElement, chosen: boolean) => void;
  #selected = "";

  constructor(label: string, tabs: readonly Tab[], options: TabsOptions = {}) {
    super();
    this.#tabs = tabs;
    this.#show = options.show ?? ((panel, chosen) => panel.toggleAttribute("hidden", !chosen));
    this.element = h("div", { class: "tabs", role: "tablist", "aria-label": label });
    for (const { id, label: text, panel } of tabs) {
      panel.id ||= freshID("panel");
      const button = h(
        "button",
        {
          type: "button",
          class: "tab",
          role: "tab",
          id: freshID("tab"),
          "aria-controls": panel.id,
          onclick: () => this.select(id),
          onkeydown: (event: KeyboardEvent) => this.#key(event),
        },
        h("span", { "data-text": text }, text),
      );
      this.#buttons.set(id, button);
      this.element.append(button);
      if (!options.show) {
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", button.id);
      }
    }
    this.#choose(tabs[0]?.id ?? "");
  }

  get selected(): string {
    return this.#selected;
  }

  select(id: string): void {
    if (id === this.#selected || !this.#buttons.has(id)) return;
    this.#choose(id);
    emit(this, "select", id);
  }

  /** The button of a tab, to put a mark on it. */
  button(id: string): HTMLButtonElement | undefined {
    return this.#buttons.get(id);
  }

  #choose(id: string): void {
    this.#selected = id;
    for (const tab of this.#tabs) {
      const chosen = tab.id === id;
      const button = this.#buttons.get(tab.id)!;
      button.setAttribute("aria-selected", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      this.#show(tab.panel, chosen);
    }
  }

  #key(event: KeyboardEvent): void {
    const at = this.#tabs.findIndex((tab) => tab.id === this.#selected);
    const last = this.#tabs.length - 1;
    const to = { ArrowLeft: at === 0 ? last : at - 1, ArrowRight: at === last ? 0 : at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const { id } = this.#tabs[to]!;
    this.select(id);
    this.#buttons.get(id)!.focus();
  }
}
