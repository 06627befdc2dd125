// The XML of an answer, formatted for reading; and its entries as LDIF.
import "./text.css";
import type { Entry } from "dsmlkit";
import { fill, h } from "../dom.ts";
import { Editor } from "../editor.ts";
import { download } from "../exchanges/list.ts";
import type { AsyncToolkit, Exchange, Widget } from "../types.ts";
import { copyButton } from "./copy.ts";
import { size } from "./explain.ts";
import { VirtualRows } from "./virtual.ts";

/** Up to here an answer is formatted at once; above, it is asked for. */
const formattedAtOnce = 2_000_000;

/** Above this no editor is opened on it. */
const mostFormatted = 25_000_000;

export class XMLView implements Widget {
  readonly element = h("div", { class: "text-view" });
  readonly #kit: AsyncToolkit;
  readonly #bar = h("div", { class: "toolbar" });
  readonly #editor = new Editor({ label: "XML of the answer", readOnly: true });
  #shown: Exchange | undefined;

  constructor(kit: AsyncToolkit) {
    this.#kit = kit;
    this.#editor.wrapLines(true);
    this.element.append(this.#bar, this.#editor.element);
  }

  async show(exchange: Exchange, whole = false): Promise<void> {
    if (this.#shown === exchange && !whole) return;
    this.#shown = exchange;
    const { response } = exchange;
    const bytes = response?.bytes ?? new Uint8Array();
    if (bytes.length > formattedAtOnce && !whole) {
      this.#editor.setText(response!.text.slice(0, 200_000));
      fill(
        this.#bar,
        h("span", null, `The first 200 KB of ${size(bytes.length)}, as received.`),
        h("span", { class: "spacer" }),
        bytes.length <= mostFormatted
          ? h("button", { type: "button", onclick: () => void this.show(exchange, true) }, "Format all of it")
          : h("span", { class: "hint" }, "Too large to format here; the HTTP tab saves the exact bytes."),
      );
      return;
    }
    let note = "Formatted: only white space without meaning differs from what was received.";
    let text: string;
    try {
      text = await this.#kit.soap.indent(bytes, { indent: 2 });
    } catch (error) {
      text = response?.text ?? "";
      note = `As received: it is not well-formed XML (${error instanceof Error ? error.message : String(error)}).`;
    }
    if (this.#shown !== exchange) return;
    this.#editor.setText(text);
    fill(
      this.#bar,
      h("span", { class: "hint" }, note),
      h("span", { class: "spacer" }),
      copyButton("Copy", () => text),
    );
  }
}

export class LDIFView implements Widget {
  readonly element = h("div", { class: "text-view" });
  readonly #kit: AsyncToolkit;
  readonly #bar = h("div", { class: "toolbar" });
  readonly #scroller = h("div", { class: "bytes", tabindex: 0, role: "group", "aria-label": "LDIF" });
  readonly #rows: VirtualRows;
  #lines: string[] = [];
  #shown: readonly Entry[] | undefined;

  constructor(kit: AsyncToolkit) {
    this.#kit = kit;
    this.#rows = new VirtualRows(this.#scroller, {
      rowHeight: 20,
      render: (index, row) => {
        const line = this.#lines[index] ?? "";
        const colon = /^[^ #:][^:]*:[:<]?/.exec(line)?.[0];
        row.className = "bytes-line";
        if (colon) fill(row, h("span", { class: "ldif-name" }, colon), line.slice(colon.length));
        else row.textContent = line;
      },
    });
    this.#scroller.append(this.#rows.element);
    this.element.append(this.#bar, this.#scroller);
  }

  async show(entries: readonly Entry[]): Promise<void> {
    if (this.#shown === entries) return;
    this.#shown = entries;
    if (entries.length === 0) {
      this.#lines = [];
      this.#rows.reset(0);
      fill(this.#bar, h("span", { class: "hint" }, "There are no entries to write as LDIF."));
      return;
    }
    fill(this.#bar, h("span", { class: "hint" }, `Writing ${entries.length.toLocaleString("en")} entries as LDIF`));
    let text: string;
    try {
      text = await this.#kit.dsml.ldif.format([...entries]);
    } catch (error) {
      text = "";
      if (this.#shown === entries) fill(this.#bar, h("span", { class: "problem" }, error instanceof Error ? error.message : String(error)));
    }
    if (this.#shown !== entries) return;
    this.#lines = text.split("\n");
    this.#rows.reset(this.#lines.length);
    this.#scroller.scrollTo(0, 0);
    if (text === "") return;
    fill(
      this.#bar,
      h("span", { class: "hint" }, `${entries.length.toLocaleString("en")} ${entries.length === 1 ? "entry" : "entries"}, ${size(text.length)}`),
      h("span", { class: "spacer" }),
      copyButton("Copy", () => text),
      h("button", { type: "button", class: "quiet", onclick: () => download(new Blob([text], { type: "text/plain" }), "entries.ldif") }, "Save"),
    );
  }
}
