// The answer as HTTP brought it: status, headers as far as a script may see
// them, and the exact bytes.
import "./http.css";
import { fill, h } from "../dom.ts";
import { duration } from "../exchanges/format.ts";
import { download } from "../exchanges/list.ts";
import type { Exchange, Widget } from "../types.ts";
import { copyButton } from "./copy.ts";
import { size } from "./explain.ts";
import { breakLines, type Line } from "./lines.ts";
import { hexDump } from "./values.ts";
import { VirtualRows } from "./virtual.ts";

/** The hex view begins with this many bytes; the file has them all. */
const hexBytes = 1 << 20;

export class HTTPView implements Widget {
  readonly element = h("div", { class: "answer-http" });
  readonly #scroller = h("div", { class: "bytes", tabindex: 0, role: "group", "aria-label": "Body" });
  readonly #rows: VirtualRows;
  #lines: Line[] = [];
  #hex = false;
  #response: Exchange["response"];
  /** decoded once for each answer */
  #text = "";
  /** characters to a line */
  #width = 0;

  constructor() {
    this.#rows = new VirtualRows(this.#scroller, {
      rowHeight: 20,
      render: (index, row) => {
        const { number, text } = this.#lines[index]!;
        row.className = "bytes-line";
        fill(row, h("span", { class: "bytes-number" }, number), text);
      },
    });
    this.#scroller.append(this.#rows.element);
    new ResizeObserver(() => {
      if (!this.#hex && this.#text && this.#fits() !== this.#width) this.#showBody();
    }).observe(this.#scroller);
  }

  show(exchange: Exchange): void {
    const { response } = exchange;
    if (!response) {
      fill(
        this.element,
        h("dl", { class: "facts", tabindex: 0, "aria-label": "What was sent" }, exchange.endpoint ? fact("Address", exchange.endpoint) : null, fact("Sent", new Date(exchange.at).toLocaleString("en-GB")), fact("Ended after", duration(exchange.durationMs))),
        h("p", { class: "http-hint hint" }, "No answer arrived. The browser does not tell a page more than this; its developer tools (Network) may show the reason."),
      );
      return;
    }
    const headers = Object.entries(response.headers);
    fill(
      this.element,
      h(
        "dl",
        { class: "facts", tabindex: 0, "aria-label": "Status and headers" },
        fact("Status", statusLine(response.status)),
        fact("Address", exchange.endpoint),
        fact("Time", `${duration(exchange.durationMs)}, sent ${new Date(exchange.at).toLocaleString("en-GB")}`),
        fact("Sent", size(new TextEncoder().encode(exchange.request.text).length)),
        fact("Received", size(response.bytes.length)),
        headers.map(([name, value]) => fact(name, value, "header")).flat(),
      ),
      h("p", { class: "http-hint hint" }, hidden(exchange.endpoint)),
      h(
        "div",
        { class: "toolbar" },
        h("b", null, "Body"),
        this.#switch("Text", false),
        this.#switch("Hex", true),
        h("span", { class: "spacer" }),
        copyButton("Copy", () => response.text),
        h(
          "button",
          { type: "button", onclick: () => download(new Blob([response.bytes as BlobPart], { type: "application/octet-stream" }), `response-${exchange.id}.xml`) },
          "Save exact bytes",
        ),
      ),
      this.#scroller,
    );
    this.#response = response;
    this.#text = "";
    this.#showBody();
  }

  #switch(label: string, hex: boolean): HTMLElement {
    return h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-pressed": String(this.#hex === hex),
        onclick: (event: MouseEvent) => {
          this.#hex = hex;
          for (const button of this.element.querySelectorAll("[aria-pressed]")) button.setAttribute("aria-pressed", String(button === event.currentTarget));
          this.#showBody();
        },
      },
      label,
    );
  }

  #showBody(): void {
    const bytes = this.#response?.bytes ?? new Uint8Array();
    this.#scroller.classList.toggle("hex", this.#hex);
    if (this.#hex) {
      this.#lines = hexDump(bytes.subarray(0, hexBytes)).map((text) => ({ number: "", text }));
      if (bytes.length > hexBytes) this.#lines.push({ number: "", text: `${size(bytes.length - hexBytes)} more: save the exact bytes to see them` });
    } else {
      this.#text ||= this.#response?.text ?? "";
      this.#width = this.#fits();
      this.#lines = breakLines(this.#text, this.#width);
    }
    if (bytes.length === 0) this.#lines = [{ number: "", text: "(empty)" }];
    this.#rows.reset(this.#lines.length);
    this.#scroller.scrollTo(0, 0);
  }

  /** Characters that fit into a line. */
  #fits(): number {
    return Math.max(40, Math.floor((this.#scroller.clientWidth - 80) / 7.25));
  }
}

function fact(name: string, value: string, kind = ""): HTMLElement[] {
  return [h("dt", { class: kind || undefined }, name), h("dd", { class: kind ? "mono" : undefined }, value)];
}

const phrases: Record<number, string> = {
  200: "OK", 204: "No Content", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
  413: "Content Too Large", 415: "Unsupported Media Type", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
  503: "Service Unavailable", 504: "Gateway Timeout",
};

function statusLine(status: number): string {
  const phrase = phrases[status];
  return phrase ? `${status} ${phrase}` : String(status);
}

/** What a script is not shown of the headers. */
function hidden(endpoint: string): string {
  let own = true;
  try {
    own = new URL(endpoint, location.href).origin === location.origin;
  } catch {
    // An address that cannot be read is nobody's.
  }
  return own
    ? "All headers but Set-Cookie, which browsers show to no script."
    : "From another origin, browsers show only a few headers (such as Content-Type), and those that the server names in Access-Control-Expose-Headers; Set-Cookie never.";
}
