/**
 * A process of its own for one parser: it pays for its own garbage and for
 * nobody else's.
 *
 *     node node.mjs PEER.mjs URL-of-the-package DATA
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Sampler } from "./sampler.mjs";
import { serve } from "./serve.mjs";

const [file, packageURL, data] = process.argv.slice(2);
const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
const peak = () => process.resourceUsage().maxRSS * 1024;

await serve(async () => {
  const peer = await import(pathToFileURL(file));
  const parse = await peer.open(packageURL);
  const sampler = new Sampler(peer, parse, readFileSync(peer.input === "json" ? `${data}.json` : `${data}.xml`), processorTime);
  const before = peak();
  return {
    first: () => sampler.first(),
    sample: (task) => sampler.sample(task),
    /** Resident memory above what it was before the first run. */
    memory: () => ({ bytes: peak() - before }),
  };
});
