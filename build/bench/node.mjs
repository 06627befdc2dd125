/**
 * A process of its own for one parser: it pays for its own garbage and for
 * nobody else's. Reads tasks, a line of JSON each, and answers each with a line.
 *
 *     node node.mjs PEER.mjs URL-of-the-package FILE
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Sampler } from "./sampler.mjs";

const [file, packageURL, data] = process.argv.slice(2);
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const tasks = {
  /** Resident memory above what it was before the first run, in bytes. */
  memory: () => ({ bytes: process.resourceUsage().maxRSS * 1024 - before }),
};
let before;

try {
  const peer = await import(pathToFileURL(file));
  const parse = await peer.open(packageURL);
  const sampler = new Sampler(peer, parse, readFileSync(peer.input === "json" ? `${data}.json` : `${data}.xml`));
  tasks.first = () => sampler.first();
  tasks.sample = (task) => sampler.sample(task);
  before = process.resourceUsage().maxRSS * 1024;
  answer({});
} catch (error) {
  answer({ error: String(error?.stack ?? error) });
  process.exit(1);
}
for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  try {
    answer(await tasks[task.do](task));
  } catch (error) {
    answer({ error: String(error?.stack ?? error) });
  }
}
