// The page in its main states, light and dark, wide and narrow: nothing runs
// over, and all text has the contrast of WCAG 2.2 AA. A picture of each is left
// in the scratch folder, under screens/, to be looked at.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { answering, eventually, type Face, need, open, test } from "./browser.ts";

const base = "dc=example,dc=org";

async function paged(face: Face): Promise<void> {
  await face.search(`ou=people,${base}`, { filter: "(&(objectClass=inetOrgPerson)(|(cn=a*)(cn=m*)))", pageSize: 50 });
  await face.press("Begin session");
  await face.state("open");
  await face.press("Send");
  await face.headline(/^50 entries/);
  await face.press("Next page");
  await eventually(async () => assert.match(await face.session.innerText(), /100 of about/), "the second page came");
}

async function timeLine(face: Face): Promise<void> {
  await face.press("Time line");
  await paged(face);
  await eventually(async () => assert.match(await face.session.innerText(), /page 2, 100 of about/), "the cookie is shown");
}

const wide: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
const narrow: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
const dark: BrowserContextOptions = { colorScheme: "dark" };

const screens: [name: string, options: BrowserContextOptions, prepare: (face: Face, elsewhere: string) => Promise<void>][] = [
  ["empty", wide, async () => undefined],
  ["empty-dark", { ...wide, ...dark }, async () => undefined],
  ["empty-narrow", narrow, async () => undefined],
  ["paging", wide, paged],
  [
    "paging-dark",
    { ...wide, ...dark },
    async (face) => {
      await paged(face);
      await face.response.getByRole("grid").getByRole("row").nth(3).click();
    },
  ],
  ["paging-narrow", { ...narrow, ...dark }, paged],
  ["timeline", wide, timeLine],
  ["timeline-dark", { ...wide, ...dark }, timeLine],
  ["timeline-narrow", narrow, timeLine],
  [
    "tree",
    wide,
    async (face) => {
      await face.search(base, { filter: "(|(objectClass=organizationalUnit)(objectClass=groupOfNames))" });
      await face.press("Send");
      await face.headline(/entries, success/);
      await face.view("Tree");
      await face.response.getByRole("treeitem").nth(2).click();
    },
  ],
  [
    "xml",
    { ...wide, ...dark },
    async (face) => {
      await face.search(base, { filter: "(objectClass=organization)" });
      await face.press("Send");
      await face.headline(/^1 entry/);
      await face.requestView("XML");
      await face.view("XML");
      await eventually(async () => assert.match(await face.response.getByRole("textbox", { name: "XML of the answer" }).innerText(), /searchResultEntry/), "XML is shown");
    },
  ],
  [
    "batch",
    wide,
    async (face) => {
      const search = (dn: string) => `<searchRequest dn="${dn}" scope="singleLevel" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`;
      await face.type(`<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" onError="exit">${search(base)}<addRequest dn="ou=people,${base}"><attr name="objectClass"><value>organizationalUnit</value></attr></addRequest><delRequest dn="uid=nobody,${base}"/></batchRequest>`);
      await face.press("Send");
      await face.headline(/entryAlreadyExists/);
    },
  ],
  [
    "error-dark",
    { ...wide, ...dark },
    async (face) => {
      await face.search(`ou=nowhere,${base}`);
      await face.press("Send");
      await face.headline(/^noSuchObject/);
    },
  ],
  [
    "blocked",
    wide,
    async (face, elsewhere) => {
      await face.setEndpoint(`${elsewhere}/dsml`);
      await face.press("Send");
      await face.headline(/CORS/);
    },
  ],
  [
    "expired",
    wide,
    async (face) => {
      await paged(face);
      await face.page.clock.install({ time: Date.now() });
      await face.page.clock.fastForward("10:05");
      await face.state("expired");
    },
  ],
];

test("screens", async (t) => {
  const folder = join(need("DSMLKIT_TMP"), "screens");
  await mkdir(folder, { recursive: true });
  const elsewhere = await answering(t, (_, response) => response.end("hello"));
  for (const [name, options, prepare] of screens) {
    await t.test(name, async (t) => {
      const face = await open(t, undefined, { reducedMotion: "reduce", ...options });
      await prepare(face, elsewhere);
      await face.page.mouse.move(0, 0);
      await face.page.screenshot({ path: join(folder, `${name}.png`) });
      assert.ok(await face.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
      assert.deepEqual(await face.page.evaluate(weakText), [], "text that is hard to read");
    });
  }
});

/** Texts in sight with less contrast than 4.5:1, or 3:1 where they are large. Runs in the page. */
function weakText(): string[] {
  type Colour = [number, number, number, number];
  const parse = (text: string): Colour => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = (front: Colour, back: Colour): Colour => {
    const mix = (i: 0 | 1 | 2) => front[i] * front[3] + back[i] * (1 - front[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const luminance = (colour: Colour): number => {
    const part = (value: number) => (value <= 10.3 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(colour[0]) + 0.7152 * part(colour[1]) + 0.0722 * part(colour[2]);
  };
  const behind = (element: Element | null): Colour => {
    if (!element) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement ?? ((element.getRootNode() as ShadowRoot).host as Element | undefined) ?? null));
  };
  const weak: string[] = [];
  const look = (root: Document | ShadowRoot) => {
    for (const element of root.querySelectorAll<HTMLElement>("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim()).map((node) => node.textContent).join("");
      // What cannot be pressed may be faint.
      if (!text || element.closest("script, style, option, :disabled, .visually-hidden, .skip") || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const style = getComputedStyle(element);
      const back = behind(element);
      const [light, dim] = [luminance(over(parse(style.color), back)), luminance(back)].sort((a, b) => b - a) as [number, number];
      const ratio = (light + 0.05) / (dim + 0.05);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && Number(style.fontWeight) >= 700);
      if (ratio < (large ? 3 : 4.5)) weak.push(`${ratio.toFixed(2)}: ${text.slice(0, 40)}`);
    }
  };
  look(document);
  return weak;
}
