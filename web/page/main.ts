/**
 * The controller: it makes the widgets, joins their events, and owns the keys
 * that work everywhere. What a widget does is the widget's own affair.
 */
import "./app.css";
import "./controls.css";
import "./layout.css";
import "./shell/shell.css";
import { connect } from "dsmlkit/worker-client";
import { fill, h, icon } from "./dom.ts";
import { ExchangeList } from "./exchanges/list.ts";
import { ExchangeStore } from "./exchanges/store.ts";
import { brought } from "./net/tab.ts";
import { Runner } from "./net/runner.ts";
import { sentence } from "./request/fields.ts";
import { RequestPane } from "./request/pane.ts";
import { ResponsePane } from "./response/pane.ts";
import { SessionStrip } from "./session/strip.ts";
import { DraftKeeper, recallDraft } from "./shell/draft.ts";
import { EndpointBox } from "./shell/endpoint.ts";
import { HelpSheet } from "./shell/help.ts";
import { forgetAll } from "./shell/memory.ts";
import { type PaneName, Panes } from "./shell/panes.ts";
import { SignIn } from "./shell/signin.ts";
import { ThemeSwitch } from "./shell/theme.ts";
import type { AsyncToolkit, Exchange, Progress } from "./types.ts";

/** Where the sample directory of the embedded endpoint begins. */
const sampleBase = "dc=example,dc=org";

const top = document.querySelector<HTMLElement>("header.top")!;
const main = document.querySelector<HTMLElement>("main")!;

const endpoint = new EndpointBox();
const signIn = new SignIn();
const theme = new ThemeSwitch();
const store = new ExchangeStore();
let keeper: DraftKeeper | undefined;
const help = new HelpSheet(async () => {
  await store.clear();
  keeper?.forget();
  forgetAll();
});

top.append(
  endpoint.element,
  h(
    "div",
    { class: "top-tools" },
    signIn.element,
    theme.element,
    h("button", { type: "button", class: "icon-button", "aria-label": "Help", title: "Help (?)", onclick: () => help.open() }, icon("help")),
  ),
);
document.body.append(help.element);

try {
  const [kit, embedded] = await Promise.all([loadToolkit(), Promise.race([endpoint.embedded, patience()])]);
  run(kit, embedded);
} catch (error) {
  showFailure(error);
}

/** The page does not wait longer than this for the word on what is at the endpoint; one that has to start in the tab takes a little. */
async function patience(): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, brought ? 5000 : 500));
  return false;
}

async function loadToolkit(): Promise<AsyncToolkit> {
  const wasm = new URL("./dsmlkit.wasm", import.meta.url);
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "dsmlkit" });
  return connect(worker, { wasm });
}

function showFailure(error: unknown): void {
  fill(
    main,
    h(
      "div",
      { class: "loading", role: "alert" },
      h("p", null, "The toolkit could not be loaded. Is the server of this page still there?"),
      h("p", { class: "hint" }, sentence(error instanceof Error ? error.message : String(error))),
      h("div", null, h("button", { type: "button", class: "primary", onclick: () => location.reload() }, "Try again")),
    ),
  );
}

/** @param embedded the sample directory is there to be searched */
function run(kit: AsyncToolkit, embedded: boolean): void {
  const runner = new Runner(kit, store, endpoint.value);
  const strip = new SessionStrip(runner, store);
  const list = new ExchangeList(store);
  const request = new RequestPane(kit);
  const response = new ResponsePane(kit, store, runner);
  const panes = new Panes({ exchanges: list.element, request: request.element, response: response.element });
  let abort: (() => void) | undefined;

  fill(main, strip.element, panes.tabs, panes.element);
  const { kept, damaged } = recallDraft();
  if (kept) request.restore(kept);
  else void request.suggest(embedded ? sampleBase : undefined);
  if (damaged !== undefined) {
    request.tell(
      kept
        ? "A part of what you were writing could not be read: another version of this page has kept it, or it was damaged. The rest stands here."
        : "What you were writing could not be read: another version of this page has kept it, or it was damaged.",
      damaged,
    );
  }
  keeper = new DraftKeeper(request);
  aim();
  request.setSessionPreview(runner.preview);

  endpoint.addEventListener("change", ({ detail }) => {
    runner.endpoint = detail;
    aim();
  });
  signIn.addEventListener("change", ({ detail }) => {
    if (detail) runner.credentials = detail;
    else delete runner.credentials;
    aim();
  });
  request.addEventListener("send", ({ detail: { text, document, asTyped } }) => {
    attempt(runner.send(text, document, { asTyped }));
  });
  request.addEventListener("change", () => keeper?.changed());
  runner.addEventListener("exchange", ({ detail }) => {
    void response.show(detail);
    list.select(detail.id);
    if (detail.response) endpoint.used(detail.endpoint);
    if (detail.step !== "begin" && detail.step !== "end") panes.show("response");
  });
  runner.addEventListener("session", () => request.setSessionPreview(runner.preview));
  runner.addEventListener("progress", ({ detail }: CustomEvent<Progress>) => {
    request.busy = !detail.done;
    abort = detail.done ? undefined : detail.abort;
  });
  // Without an exchange the detail of the event is null.
  list.addEventListener("open", ({ detail }) => look(detail ?? undefined));
  strip.addEventListener("open", ({ detail }) => {
    list.select(detail.id);
    look(detail);
    panes.show("response");
  });
  list.addEventListener("replay", ({ detail }) => attempt(runner.replay(detail)));

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || help.element.open) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault();
      // A chip or a change that ends with the field is finished first.
      finishTyping();
      void request.send();
    } else if (event.altKey && !event.ctrlKey && !event.metaKey) {
      // By the key's place: with Alt some keyboards write another character.
      const act = {
        KeyB: () => void strip.begin(),
        KeyE: () => void strip.end(),
        KeyN: () => void strip.next(),
        Digit1: () => goTo("exchanges"),
        Digit2: () => goTo("request"),
        Digit3: () => goTo("response"),
      }[event.code];
      if (!act) return;
      event.preventDefault();
      act();
    } else if (event.key === "Escape") {
      giveBack(event);
    } else if (!event.ctrlKey && !event.metaKey && !isTyping(event)) {
      if (event.key === "/") {
        event.preventDefault();
        panes.show("request");
        request.focusFilter();
      } else if (event.key === "?") {
        event.preventDefault();
        help.open();
      }
    }
  });

  function look(exchange: Exchange | undefined): void {
    void response.show(exchange);
    if (exchange) void request.open(exchange.request.text, `Sent at ${time(exchange)}`);
    else request.back();
  }

  function aim(): void {
    signIn.address = endpoint.value;
    const user = signIn.credentials?.user;
    request.setTarget({ endpoint: endpoint.value, ...(user === undefined ? {} : { user }) });
  }

  function attempt(task: Promise<unknown>): void {
    task.catch((error: unknown) => {
      request.trouble = error instanceof Error ? error.message : String(error);
      panes.show("request");
    });
  }

  function goTo(name: PaneName): void {
    panes.show(name);
    if (name === "exchanges") list.focus();
    else if (name === "response") response.focus();
    else request.element.focus();
  }

  /** One step back for each press: out of a box, then what is under way, then the earlier request. */
  function giveBack(event: KeyboardEvent): void {
    if (event.defaultPrevented || document.querySelector(":popover-open")) return;
    if (isTyping(event)) (document.activeElement as HTMLElement).blur();
    else if (abort) strip.stop();
    else request.back();
  }
}

/** Leaves the field that has the keyboard, and comes back to it. */
function finishTyping(): void {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (!(focused instanceof HTMLElement)) return;
  focused.blur();
  focused.focus({ preventScroll: true });
}

/** Whether a key means a character in the place where the keyboard is. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== "checkbox";
}

function time({ at }: Exchange): string {
  return new Date(at).toLocaleTimeString("en-GB");
}
