/**
 * The same as node.mjs, in a browser of its own.
 *
 *     CHROMIUM=... node chromium.mjs ADDRESS PEER DATA
 */
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [address, peer, data] = process.argv.slice(2);
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`${address}page.html?${new URLSearchParams({ peer, data })}`);
  await page.waitForFunction(() => "perform" in globalThis);
  const perform = async (task) => {
    try {
      answer(await page.evaluate((task) => globalThis.perform(task), task));
    } catch (error) {
      answer({ error: String(error?.stack ?? error) });
    }
  };
  await perform({ do: "ready" });
  for await (const line of createInterface({ input: process.stdin })) await perform(JSON.parse(line));
} catch (error) {
  answer({ error: String(error?.stack ?? error) });
} finally {
  await browser.close();
}
