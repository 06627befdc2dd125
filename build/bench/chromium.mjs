/**
 * One parser in a browser of its own.
 *
 *     CHROMIUM=... node chromium.mjs ADDRESS PEER DATA
 */
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const [address, peer, data] = process.argv.slice(2);
let browser;

await serve(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.goto(`${address}page.html?${new URLSearchParams({ peer, data })}`);
  await page.waitForFunction(() => "perform" in globalThis);
  const perform = (task) => page.evaluate((task) => globalThis.perform(task), task);
  await perform({ do: "ready" });
  return { first: perform, sample: perform };
});
await browser?.close();
