// The answer as HTTP brought it: status, headers as far as a script may see
// them, and the exact bytes.
import "./http.css";
import { fill, h } from "../dom.ts";
import { duration } from "../exchanges/format.ts";
import { download } from "../exchanges/list.ts";
import type { Exchange, Widget } from "../types.ts";
import { size } from "./explain.ts";
import { hexDump } from "./values.ts";
import { VirtualRows } from "./virtual.ts";

/** Lines of text longer than this are broken for the view, not in the bytes. */
const longLine = 4000;

/** The hex view begins with this many bytes; the file has them all. */
const hexBytes = 1 << 20;

export class HTTPView implements Widget {
  readonly element = h("div", { class: "answer-http" });
  readonly #scroller = h("div", { class: "bytes", tabindex: 0, role: "group", "aria-label": "Body" });
  readonly #rows: VirtualRows;
  #lines: string[] = [];
  #hex = false;

  constructor() {
    this.#rows = new VirtualRows(this.#scroller, {
      rowHeight: 20,
      render: (index, row) => {
        row.className = "bytes-line";
        row.textContent = this.#lines[index] ?? "";
      },
    });
    this.#scroller.append(this.#rows.element);
  }

  show(exchange: Exchange): void {
    const { response } = exchange;
    if (!response) {
      fill(
        this.element,
        h("dl", { class: "facts" }, exchange.endpoint ? fact("Address", exchange.endpoint) : null, fact("Sent", new Date(exchange.at).toLocaleString("en-GB")), fact("Ended after", duration(exchange.durationMs))),
        h("p", { class: "http-hint hint" }, "No answer arrived. The browser does not tell a page more than this; its developer tools (Network) may show the reason."),
      );
      return;
    }
    const headers = Object.entries(response.headers);
    fill(
      this.element,
      h(
        "dl",
        { class: "facts" },
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
        this.#switch("Text", false, response),
        this.#switch("Hex", true, response),
        h("span", { class: "spacer" }),
        h("button", { type: "button", class: "quiet", onclick: () => void navigator.clipboard.writeText(response.text) }, "Copy"),
        h(
          "button",
          { type: "button", onclick: () => download(new Blob([response.bytes as BlobPart], { type: "application/octet-stream" }), `response-${exchange.id}.xml`) },
          "Save exact bytes",
        ),
      ),
      this.#scroller,
    );
    this.#showBody(response);
  }

  #switch(label: string, hex: boolean, response: NonNullable<Exchange["response"]>): HTMLElement {
    return h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-pressed": String(this.#hex === hex),
        onclick: (event: MouseEvent) => {
          this.#hex = hex;
          for (const button of this.element.querySelectorAll("[aria-pressed]")) button.setAttribute("aria-pressed", String(button === event.currentTarget));
          this.#showBody(response);
        },
      },
      label,
    );
  }

  #showBody(response: NonNullable<Exchange["response"]>): void {
    const { bytes } = response;
    if (bytes.length === 0) this.#lines = ["(empty)"];
    else if (this.#hex) {
      this.#lines = hexDump(bytes.subarray(0, hexBytes));
      if (bytes.length > hexBytes) this.#lines.push(`${size(bytes.length - hexBytes)} more: save the exact bytes to see them`);
    } else this.#lines = breakLines(response.text);
    this.#rows.reset(this.#lines.length);
    this.#scroller.scrollTo(0, 0);
  }
}

/** Lines as they are; very long ones in pieces, because no browser draws a line of a megabyte. */
export function breakLines(text: string, limit = longLine): string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.length <= limit) lines.push(line);
    else for (let at = 0; at < line.length; at += limit) lines.push(line.slice(at, at + limit));
  }
  return lines;
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
