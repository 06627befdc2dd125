// The endpoint in the tab: a Service Worker that a site for static hosts brings
// along (wasm/js/tab.ts) and that answers where the host has no endpoint.

/** Kept alive by a word now and then: browsers end a worker that hears nothing for 30 seconds. */
const everySoOften = 15_000;

/** How long the worker may take to be there, in milliseconds. */
const patience = 10_000;

/** Address of the worker's script. The build names it in the document of such a site. */
const script = document.querySelector<HTMLMetaElement>("meta[name=dsmlkit-endpoint]")?.content ?? "";

/** Whether the site brings an endpoint and this browser can run it: only on https or this machine, and seldom in private windows. */
export const brought = script !== "" && "serviceWorker" in navigator;

/** The path that it answers at; "" where there is none. */
export const tabEndpoint = brought ? new URL("dsml", new URL(script, document.baseURI)).pathname : "";

/** Starts the worker; resolves to whether it answers this page. */
export async function startTab(): Promise<boolean> {
  if (!brought) return false;
  const workers = navigator.serviceWorker;
  try {
    const registration = await workers.register(script, { updateViaCache: "none" });
    // After a reload past the caches the page is not served by any worker, though there is one.
    if (!workers.controller && registration.active) return false;
    if (!workers.controller) await controlled(workers);
    setInterval(() => workers.controller?.postMessage("stay"), everySoOften);
    return true;
  } catch {
    return false;
  }
}

function controlled(workers: ServiceWorkerContainer): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("the worker does not come")), patience);
    workers.addEventListener("controllerchange", () => resolve(), { once: true });
  });
}

/** The host has an endpoint of its own by now: what an earlier visit left makes way for it. */
export async function removeTab(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration(document.baseURI);
  if (registration?.active && new URL(registration.active.scriptURL).pathname.endsWith("/endpoint.js")) await registration.unregister();
}
