/** Makes elements. Nothing here sets markup from text, so nothing typed or received can become markup. */
import type { Events } from "./types.ts";

type Child = Node | string | number | false | null | undefined;
export type Children = (Child | Child[])[];

/**
 * - `class`, `id`, `aria-*`, `data-*`, ...: attributes; `true` sets an empty one, `false` and `undefined` leave it out
 * - `onclick`, `oninput`, ...: listeners
 * - `style`: custom properties and styles, set through the CSSOM as the page's CSP asks
 * - `prop`: properties such as `value` or `checked`
 */
export interface Props {
  [name: string]: unknown;
  class?: string;
  style?: Record<string, string>;
  prop?: Record<string, unknown>;
}

/** `h("button", { class: "quiet", onclick: run }, "Run")` */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props?: Props | null,
  ...children: Children
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, props);
  append(element, children);
  return element;
}

/** The same for SVG. */
export function svg(tag: string, props?: Props | null, ...children: SVGElement[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(element, props);
  element.append(...children);
  return element;
}

/** Replaces the children of an element. */
export function fill<E extends Element>(element: E, ...children: Children): E {
  element.replaceChildren();
  append(element, children);
  return element;
}

function append(element: Element, children: Children): void {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === "number" ? String(child) : child);
  }
}

function apply(element: HTMLElement | SVGElement, props?: Props | null): void {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "style") {
      for (const [key, text] of Object.entries(value as Record<string, string>)) element.style.setProperty(key, text);
    } else if (name === "prop") {
      Object.assign(element, value);
    } else if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), value as EventListener);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

let ids = 0;
/** An id that no other element of the page has. */
export function freshID(stem: string): string {
  return `${stem}-${++ids}`;
}

/** The class to extend: an EventTarget whose listeners know the details of its events. */
export function eventTarget<Map>(): Events<Map> {
  return EventTarget as unknown as Events<Map>;
}

/** Dispatches a CustomEvent. */
export function emit(target: { dispatchEvent(event: Event): boolean }, type: string, detail?: unknown): void {
  target.dispatchEvent(new CustomEvent(type, { detail }));
}

const paths = {
  add: "M8 3v10M3 8h10",
  remove: "M4 4l8 8M12 4l-8 8",
  up: "M8 13V3.5M4 7l4-4 4 4",
  down: "M8 3v9.5M4 9l4 4 4-4",
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  chevron: "M4.5 6.5L8 10l3.5-3.5",
  check: "M3 8.5l3.5 3.5L13 4.5",
  sun: "M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  moon: "M13 9.5A5.5 5.5 0 016.5 3 5.5 5.5 0 1013 9.5z",
  system: "M2 3h12v8H2zM5.5 13.5h5",
  key: "M9.5 6.5a3 3 0 103-3 3 3 0 00-3 3zM9.9 8L3 14v-2.5",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  tree: "M3 2v10.5h4M3 6.5h4M9 4.5h5v4H9zM9 10.5h5v4H9z",
  help: "M6 6a2 2 0 114 0c0 1.5-2 1.6-2 3.2M8 12.2v.4",
  play: "M5 3l8 5-8 5z",
  stop: "M4 4h8v8H4z",
} as const;

export type IconName = keyof typeof paths;

/** A 16-pixel line icon. It says nothing to a screen reader: the button around it has a name. */
export function icon(name: IconName): SVGElement {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: paths[name] }),
  );
}

/** A square button with an icon; `label` is its accessible name and its tooltip. */
export function iconButton(name: IconName, label: string, onclick: (event: MouseEvent) => void, props?: Props): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}
