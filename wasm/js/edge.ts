/**
 * The Worker that stands in front: it finds the object that a request belongs
 * to. In this version one object holds all sessions.
 */
import { clientHeader, Sessions } from "./edge-object.js";

export { Sessions };

/** What wrangler.jsonc or a workerd configuration binds. */
export interface Environment {
  SESSIONS: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

export default {
  async fetch(request: Request, env: Environment): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname !== "/dsml") {
      return new Response(`There is nothing at ${pathname}; the DSMLv2 endpoint is at /dsml.\n`, { status: 404 });
    }
    const inner = new Request(request);
    // Cloudflare sets CF-Connecting-IP and lets no client set it.
    inner.headers.set(clientHeader, request.headers.get("CF-Connecting-IP") ?? "");
    try {
      return await env.SESSIONS.get(env.SESSIONS.idFromName("all")).fetch(inner);
    } catch (error) {
      // The request may have been run: it is not sent a second time.
      console.error(`the object did not answer: ${String(error)}`);
      return new Response("The endpoint broke off before it answered. Sessions that were open may be lost; begin a new one.\n", { status: 503 });
    }
  },
};
