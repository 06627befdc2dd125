/**
 * How long a page waits for a parser, in a context of its own each time, so
 * that nothing is cached.
 *
 *     CHROMIUM=... node chromium-load.mjs ADDRESS
 */
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

const [address] = process.argv.slice(2);
let browser;

await serve(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
  return {
    async load({ peer }) {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(`${address}empty.html`);
        return await page.evaluate(async (peer) => {
          const start = performance.now();
          const { open } = await import(new URL(`peers/${peer}.js`, location.href).href);
          await open(new URL("dsmlkit/index.js", location.href).href);
          return { ms: performance.now() - start };
        }, peer);
      } finally {
        await context.close();
      }
    },
  };
});
await browser?.close();
