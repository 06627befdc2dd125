/**
 * From nothing to a toolkit that is ready, in a fresh process: the import of
 * the module and all that it does before it can parse.
 *
 *     node load.mjs PEER.mjs URL-of-the-package
 */
import { pathToFileURL } from "node:url";

const [file, packageURL] = process.argv.slice(2);

const start = performance.now();
const peer = await import(pathToFileURL(file));
await peer.open(packageURL);
process.stdout.write(JSON.stringify({ ms: performance.now() - start }));
