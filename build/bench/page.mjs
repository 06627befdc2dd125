/** The page of build/bench/chromium.mjs: one parser and one document, named in the address. */
import { Sampler } from "./sampler.mjs";

const { peer: name, data } = Object.fromEntries(new URL(location.href).searchParams);

async function start() {
  const peer = await import(new URL(`peers/${name}.js`, location.href).href);
  const parse = await peer.open(new URL("dsmlkit/index.js", location.href).href);
  const response = await fetch(peer.input === "json" ? `${data}.json` : `${data}.xml`);
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return new Sampler(peer, parse, new Uint8Array(await response.arrayBuffer()));
}

const started = start();
started.catch(() => {});
globalThis.perform = async (task) => {
  const sampler = await started;
  return task.do === "ready" ? {} : sampler[task.do](task);
};
