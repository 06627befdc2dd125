import { fill, h, icon, type IconName } from "../dom.ts";
import type { Widget } from "../types.ts";
import { recall, remember } from "./memory.ts";

const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

const icons: Record<Theme, IconName> = { system: "system", light: "sun", dark: "moon" };

/** Light, dark, or as the system says. */
export class ThemeSwitch implements Widget {
  readonly element: HTMLButtonElement;
  #theme: Theme;

  constructor() {
    this.element = h("button", { type: "button", class: "icon-button", onclick: () => this.#next() });
    this.#theme = recall<Theme>("theme", "system", (value) => themes.includes(value as Theme));
    this.#apply();
  }

  #next(): void {
    this.#theme = themes[(themes.indexOf(this.#theme) + 1) % themes.length]!;
    remember("theme", this.#theme);
    this.#apply();
  }

  #apply(): void {
    const label = { system: "Colours as the system says", light: "Light colours", dark: "Dark colours" }[this.#theme];
    if (this.#theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.#theme;
    this.element.setAttribute("aria-label", label);
    this.element.title = label;
    fill(this.element, icon(icons[this.#theme]));
  }
}
