/** The help sheet: keys, what is kept and how to wipe it, where things go. */
import { h, iconButton } from "../dom.ts";
import { brought, tabEndpoint } from "../net/tab.ts";
import type { Widget } from "../types.ts";

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const alt = mac ? "⌥" : "Alt";

const keys: readonly (readonly [string[], string])[] = [
  [[mac ? "⌘" : "Ctrl", "Enter"], "Send the request, from anywhere"],
  [[alt, "B"], "Begin a session"],
  [[alt, "E"], "End the session"],
  [[alt, "N"], "Next page"],
  [["/"], "Go to the filter"],
  [["↑", "↓"], "Move through the exchanges, or the requests of a batch"],
  [[alt, "1–3"], "Go to exchanges, request, response"],
  [["Esc"], "Give back: close what is open, leave a box, stop what is under way"],
  [["?"], "This sheet"],
];

export class HelpSheet implements Widget {
  readonly element: HTMLDialogElement;

  /** @param wipe deletes all that is kept in this browser */
  constructor(wipe: () => Promise<void>) {
    const wiped = h("span", { class: "hint", role: "status" });
    const button = h(
      "button",
      {
        type: "button",
        onclick: async () => {
          button.disabled = true;
          await wipe();
          button.disabled = false;
          wiped.textContent = "Everything kept here is gone.";
        },
      },
      "Wipe everything kept here",
    );
    this.element = h(
      "dialog",
      { class: "help", "aria-labelledby": "help-title" },
      h(
        "div",
        { class: "help-head" },
        h("h2", { id: "help-title" }, "Help"),
        iconButton("remove", "Close the help", () => this.element.close()),
      ),
      h(
        "div",
        { class: "help-body" },
        h("h3", null, "Keys"),
        h(
          "dl",
          { class: "keys" },
          keys.map(([combination, meaning]) => [
            h("dt", null, combination.flatMap((key, index) => [index > 0 ? " " : null, h("kbd", null, key)])),
            h("dd", null, meaning),
          ]).flat(),
        ),
        h("h3", null, "What is kept, and where things go"),
        h(
          "ul",
          { class: "facts" },
          h("li", null, "Nothing is sent anywhere but to the endpoint that stands in the box above. There is no account and no measuring."),
          h("li", null, "Requests and their answers, the request that is being written, open sessions, recent addresses, the width of the panes and the colours are kept in this browser only. A value that is a password, such as that of userPassword, is part of its request and is kept with it."),
          h("li", null, "Passwords live in memory and are gone with this page. Authorization headers are masked in what is kept and exported."),
          brought
            ? h(
                "li",
                null,
                `The endpoint ${tabEndpoint} is inside this browser: no server sees what is sent there. It lives while this page is open and in front. When the browser ends it, its sessions are lost, and what was changed in its directory is undone.`,
              )
            : null,
        ),
        h("div", { class: "actions" }, button, wiped),
        h("h3", null, "Sessions"),
        h(
          "p",
          null,
          "A server that knows sessions keeps one directory connection for each. Paging needs one: a page cookie works only in the session that issued it. A session that nothing was sent in for its idle time is ended by the server; what was done in it stays done.",
        ),
      ),
    );
    // A click beside the sheet closes it.
    this.element.addEventListener("click", (event) => {
      if (event.target === this.element) this.element.close();
    });
  }

  open(): void {
    if (!this.element.open) this.element.showModal();
  }
}
