/**
 * The endpoint in the tab: a Service Worker that answers POST to `dsml` in the
 * folder of a static site, with the Go of wasm/edge over the sample directory.
 * There is nothing behind it: no server sees a request, and what is in the
 * directory and its sessions ends with the worker. A browser ends a worker that
 * nobody speaks to for half a minute; the next one knows no session, and says so
 * with the fault for an unknown SessionID.
 *
 * It keeps one instance of Go for all requests, as a Durable Object does. The
 * browser runtime of github.com/syumai/workers makes one for every request, so
 * that no session could outlive the request that began it.
 */
import { EdgeInstance } from "./edge-go.js";

/** What is used of a FetchEvent and an ExtendableEvent. */
interface WorkerEvent extends Event {
  request: Request;
  respondWith(response: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

const scope = globalThis as unknown as EventTarget & {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
};

/** The script's own folder is that of the site, and the scope of the worker. */
const address = new URL("dsml", scope.location.href).href;
const moduleAddress = new URL("endpoint.wasm", scope.location.href).href;

let running: Promise<EdgeInstance> | undefined;

/** The instance, begun by the first request and again by the first after its end. */
function instance(): Promise<EdgeInstance> {
  running ??= start();
  return running;
}

async function start(): Promise<EdgeInstance> {
  const gone = (): void => {
    running = undefined;
  };
  try {
    const response = await fetch(moduleAddress);
    if (!response.ok) throw new Error(`${moduleAddress}: ${response.status}`);
    // Not compileStreaming: static hosts are found that give WebAssembly any type.
    const go = await EdgeInstance.start(await WebAssembly.compile(await response.arrayBuffer()));
    void go.ended.then(gone);
    return go;
  } catch (error) {
    gone();
    throw error;
  }
}

async function answer(request: Request): Promise<Response> {
  let go: EdgeInstance;
  try {
    go = await instance();
  } catch (error) {
    return broken(`The endpoint in this tab did not start: ${String(error)}`);
  }
  try {
    // Some browsers give the requests of a worker no body to be read as a stream.
    const body = request.body ?? new Response(await request.arrayBuffer()).body;
    const { method, url, headers, signal } = request;
    return await go.fetch({ method, url, headers, signal, body } as Request, "");
  } catch (error) {
    return broken(`The endpoint in this tab broke off: ${String(error)}. Sessions that were open may be lost; begin a new one.`);
  }
}

const broken = (why: string): Response => new Response(`${why}\n`, { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } });

scope.addEventListener("fetch", (event) => {
  const { request, respondWith } = event as WorkerEvent;
  // Everything else goes past the worker: the files of the site, and the
  // question (OPTIONS) whether the host has an endpoint of its own by now.
  if (request.method === "POST" && request.url === address) respondWith.call(event, answer(request));
});

// A page need not be loaded again to be served, nor be left for a newer worker.
scope.addEventListener("install", (event) => (event as WorkerEvent).waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => (event as WorkerEvent).waitUntil(scope.clients.claim()));
// A page that is open says something every now and then (web/page/net/tab.ts):
// what is spoken to goes on living.
scope.addEventListener("message", () => {});
