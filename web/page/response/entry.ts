// One entry with all that it holds.
import "./entry.css";
import type { Entry, Value } from "dsmlkit";
import { emit, eventTarget, fill, h, iconButton } from "../dom.ts";
import { download } from "../exchanges/list.ts";
import { copyButton, copyIcon } from "./copy.ts";
import { size } from "./explain.ts";
import { display, exact, hexDump, kindOf, pictureURL } from "./values.ts";

/** Values of one attribute shown before the rest is asked for. */
const valuesAtFirst = 50;

export class EntryView extends eventTarget<{ close: undefined; step: number }>() {
  readonly element = h("section", { class: "entry", "aria-label": "Entry", hidden: true });

  /** Without an entry the view is closed; the detail of an event without one is null. */
  show(entry: Entry | undefined | null): void {
    this.element.hidden = !entry;
    if (!entry) {
      fill(this.element);
      return;
    }
    fill(
      this.element,
      h(
        "div",
        { class: "entry-head" },
        h("h3", { class: "entry-dn", title: entry.dn }, entry.dn === "" ? "root DSE" : entry.dn),
        copyIcon("Copy DN", () => entry.dn),
        iconButton("up", "Entry above", () => emit(this, "step", -1), { class: "icon-button small" }),
        iconButton("down", "Entry below", () => emit(this, "step", 1), { class: "icon-button small" }),
        iconButton("remove", "Close entry", () => emit(this, "close"), { class: "icon-button small" }),
      ),
      h(
        "dl",
        { class: "entry-attributes" },
        Object.entries(entry.attrs).flatMap(([name, values]) => [
          h("dt", null, name, values.length > 1 ? h("span", { class: "hint" }, ` ${values.length}`) : null),
          h("dd", null, this.#values(name, values)),
        ]),
        Object.keys(entry.attrs).length === 0 ? h("p", { class: "hint" }, "It came without attributes.") : null,
      ),
    );
    this.element.scrollTop = 0;
  }

  #values(name: string, values: Value[]): HTMLElement {
    const list = h("ul", null, values.slice(0, valuesAtFirst).map((value) => item(name, value)));
    if (values.length > valuesAtFirst) {
      const more = h("button", { type: "button", class: "quiet" }, `${values.length - valuesAtFirst} more`);
      more.onclick = () => {
        more.parentElement!.remove();
        list.append(...values.slice(valuesAtFirst).map((value) => item(name, value)));
      };
      list.append(h("li", null, more));
    }
    return values.length === 0 ? h("span", { class: "hint" }, "no values") : list;
  }
}

function item(name: string, value: Value): HTMLElement {
  if (!(value instanceof Uint8Array)) {
    if (value === "") return h("li", { class: "hint" }, "empty");
    return h("li", null, display(value, name), typeof value === "string" ? null : h("span", { class: "hint" }, " reference (anyURI), not fetched"));
  }
  const picture = pictureURL(value);
  const bytes = h("pre", { class: "entry-hex", hidden: true });
  const shown = display(value, name);
  return h(
    "li",
    null,
    picture ? h("img", { src: picture, alt: `${name}, ${shown}`, class: "entry-picture" }) : null,
    h("span", null, shown),
    h(
      "span",
      { class: "entry-tools" },
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          "aria-expanded": "false",
          onclick: (event: MouseEvent) => {
            bytes.hidden = !bytes.hidden;
            (event.currentTarget as HTMLElement).setAttribute("aria-expanded", String(!bytes.hidden));
            if (!bytes.hidden) bytes.textContent = hexDump(value.subarray(0, 1024)).join("\n") + (value.length > 1024 ? `\nand ${size(value.length - 1024)} more` : "");
          },
        },
        "Bytes",
      ),
      copyButton("Copy base64", () => exact(value)),
      h(
        "button",
        { type: "button", class: "quiet", onclick: () => download(new Blob([value as BlobPart]), `${name}.${kindOf(value)?.name.toLowerCase() ?? "bin"}`) },
        "Save",
      ),
    ),
    bytes,
  );
}
