/** The message as HTTP: request line, headers, body. */
import { Editor } from "../editor.ts";
import { fill, h } from "../dom.ts";
import type { Wire } from "../types.ts";

export interface HTTPTarget {
  endpoint: string;
  /** a name is signed in with; its password is never shown */
  user?: string;
}

export class HTTPView {
  readonly element: HTMLElement;
  readonly #head = h("pre", { class: "http-head mono", tabindex: 0, "aria-label": "Request line and headers" });
  readonly #body = new Editor({ label: "Body as it will go out", readOnly: true });

  constructor() {
    this.#body.wrapLines(true);
    this.element = h("div", { class: "http" }, this.#head, this.#body.element);
  }

  show({ body, headers }: Wire, { endpoint, user }: HTTPTarget): void {
    const length = new TextEncoder().encode(body).length;
    let url: URL | undefined;
    try {
      url = new URL(endpoint, location.href);
    } catch {
      // The endpoint box says what is wrong with the address.
    }
    const lines: [string, string][] = [
      ...(url ? [["Host", url.host] as [string, string]] : []),
      ...Object.entries(headers),
      ...(user === undefined ? [] : [["Authorization", "Basic ••••••••"] as [string, string]]),
      ["Content-Length", String(length)],
    ];
    fill(
      this.#head,
      h("span", { class: "http-method" }, "POST"),
      ` ${url ? url.pathname + url.search : endpoint} HTTP/1.1\n`,
      lines.map(([name, value]) => h("span", { class: "http-line" }, h("span", { class: "http-name" }, name), `: ${value}\n`)),
      h("span", { class: "http-aside" }, "… and what the browser adds by itself: Origin, User-Agent, Accept-Encoding"),
    );
    this.#body.setText(body);
  }
}
