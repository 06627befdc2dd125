// What the tests in a browser share: the browser, servers to talk to, and the
// page by its accessible names.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test as nodeTest, type TestContext } from "node:test";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";

/** Address of the server that the tests were given. */
export const home = need("DSMLKIT_URL");

export function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests with “go run ./build test --only page”`);
  return value;
}

/** A test that fails when it hangs: it has five minutes, on a machine that may be busy. */
export function test(name: string, body: (t: TestContext) => Promise<void>): void {
  void nodeTest(name, { timeout: 300_000 }, body);
}

let launched: Promise<Browser> | undefined;

export function browser(): Promise<Browser> {
  launched ??= chromium.launch({ executablePath: need("CHROMIUM"), args: ["--no-sandbox"] });
  return launched;
}

after(async () => {
  await (await launched)?.close();
});

/** The page in a browser of its own, with nothing kept from before. */
export async function open(t: TestContext, address = home, options: BrowserContextOptions = {}): Promise<Face> {
  const context = await (await browser()).newContext({ viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"], ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const face = new Face(page, context);
  await page.goto(address);
  await face.session.waitFor();
  t.after(async () => {
    // The server that all tests share has room for a few sessions of one client only.
    const end = face.button("End session");
    if (address === home && await end.isEnabled({ timeout: 5000 }).catch(() => false)) {
      await end.click();
      await face.state("closed");
    }
    await context.close();
    assert.deepEqual(face.errors, [], "errors in the page");
  });
  return face;
}

/** The page as somebody sees it who uses it. */
export class Face {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly session: Locator;
  readonly exchanges: Locator;
  readonly request: Locator;
  readonly response: Locator;
  /** what went wrong in scripts, and what the page's policy refused */
  readonly errors: string[] = [];

  constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.context = context;
    const region = (name: string) => page.getByRole("region", { name, exact: true });
    this.session = region("Session");
    this.exchanges = region("Exchanges");
    this.request = region("Request");
    this.response = region("Response");
    page.on("pageerror", (error) => this.errors.push(String(error.stack ?? error)));
    page.on("console", (message) => {
      if (message.type() === "error" && /Content Security Policy|Uncaught/.test(message.text())) this.errors.push(message.text());
    });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  box(name: string): Locator {
    return this.page.getByRole("textbox", { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Fills in the form of a search. */
  async search(base: string, options: { filter?: string; pageSize?: number } = {}): Promise<void> {
    await this.box("Base DN").fill(base);
    if (options.filter !== undefined) await this.box("Filter").fill(options.filter);
    if (options.pageSize !== undefined) await this.box("Page size").fill(String(options.pageSize));
  }

  async setEndpoint(address: string): Promise<void> {
    await this.box("Endpoint").fill(address);
    await this.page.keyboard.press("Tab");
  }

  /** Waits until the state of the session is this word, and nothing else stands in its element. */
  async state(word: string): Promise<void> {
    await eventually(async () => assert.equal(await this.session.getByRole("status").textContent(), word), `the session is ${word}`);
  }

  /** Waits for the first line of the response. */
  async headline(expected: RegExp): Promise<void> {
    await eventually(async () => assert.match((await this.response.locator(".headline").textContent()) ?? "", expected), `the response says ${expected}`);
  }

  /** Lines of the list of exchanges, oldest first. */
  get rows(): Locator {
    return this.page.locator("[aria-label=Exchanges]").getByRole("option", { includeHidden: true });
  }

  /** Waits until so many exchanges are in the list. */
  async count(expected: number): Promise<void> {
    await eventually(async () => assert.equal(await this.rows.count(), expected), `${expected} exchanges`);
  }

  /** What an exchange says, once the list has that many. */
  async row(place: number): Promise<string> {
    // Not innerText: a row just added has none until it is drawn.
    return this.rows.nth(place).evaluate((row) => [...row.children].map((part) => part.textContent).join(" ").trim());
  }

  async view(name: "Table" | "Tree" | "LDIF" | "XML" | "HTTP"): Promise<void> {
    await this.response.getByRole("tab", { name, exact: true }).click();
  }

  async requestView(name: "Form" | "XML" | "HTTP"): Promise<void> {
    await this.request.getByRole("tab", { name, exact: true }).click();
  }

  /** The text of the envelope, as far as it is drawn: a short one is as a whole. */
  async envelope(): Promise<string> {
    await this.requestView("XML");
    return (await this.box("Envelope").locator(".cm-line").allTextContents()).join("\n");
  }

  /** Waits until the envelope has this in it. */
  async shows(like: RegExp): Promise<void> {
    await eventually(async () => assert.match(await this.envelope(), like), `the envelope has ${like}`);
  }

  /** Bodies of the POSTs from now on. */
  posted(): string[] {
    const bodies: string[] = [];
    this.page.on("request", (sent) => {
      if (sent.method() === "POST") bodies.push(sent.postData() ?? "");
    });
    return bodies;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.session.waitFor();
  }

  /** Waits until a text like this is on the clipboard: it gets there a little after the press. */
  async copied(like: RegExp): Promise<string> {
    let text = "";
    await eventually(async () => {
      text = await this.page.evaluate(() => navigator.clipboard.readText());
      assert.match(text, like);
    }, `${like} is copied`);
    return text;
  }

  /** What is put aside, above the send button. */
  get aside(): Locator {
    return this.page.locator(".request-aside");
  }

  /** Puts a text into the envelope's editor, as by pasting it over what stands there. */
  async type(text: string): Promise<void> {
    await this.requestView("XML");
    const editor = this.box("Envelope");
    await editor.click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await editor.evaluate((element, pasted) => {
      const data = new DataTransfer();
      data.setData("text/plain", pasted);
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, text);
  }
}

/** Tries again until it passes; after ten seconds its own error is the failure. */
export async function eventually(check: () => Promise<void>, what: string, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw new Error(`not in ${patience / 1000} s: ${what}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A further instance of the real server; it is stopped with the test. */
export async function serve(t: TestContext, ...args: string[]): Promise<Instance> {
  const instance = new Instance();
  await instance.start(...args);
  t.after(() => instance.stop());
  return instance;
}

export class Instance {
  address = "";
  #process: ChildProcess | undefined;

  async start(...args: string[]): Promise<void> {
    const listen = this.address ? new URL(this.address).host : "127.0.0.1:0";
    const child = spawn(need("DSMLKIT_SERVE"), ["serve", "--listen", listen, ...args], { cwd: need("DSMLKIT_ROOT"), stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    this.address = await new Promise<string>((resolve, reject) => {
      let said = "";
      const hear = (piece: Buffer) => {
        said += piece;
        const found = /http:\/\/\S+/.exec(said)?.[0];
        if (found) resolve(found);
      };
      child.stdout!.on("data", hear);
      child.stderr!.on("data", (piece: Buffer) => (said += piece));
      child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGINT");
    await gone;
  }
}

/** A server that answers as the test says, for what the real one never does. */
export async function answering(t: TestContext, listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Headers that let any page in. */
export const letIn = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Authorization, Content-Type, SOAPAction",
  "Access-Control-Allow-Methods": "POST",
};

/** An address on this machine where nothing listens. */
export async function deadEnd(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/dsml`;
}
