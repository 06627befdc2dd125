/**
 * The worker of `dsmlkit/worker-client`: run it as a module worker and pass it
 * to `connect`.
 */
import type { Port } from "./worker-protocol.js";
import { serve } from "./worker-server.js";

const scope = globalThis as unknown as Port & { process?: { getBuiltinModule?: (name: string) => unknown } };

if (typeof scope.postMessage === "function") {
  serve(scope);
} else {
  // A worker thread of Node has its port elsewhere.
  const threads = scope.process?.getBuiltinModule?.("node:worker_threads") as { parentPort?: Port } | undefined;
  if (threads?.parentPort) serve(threads.parentPort);
}
