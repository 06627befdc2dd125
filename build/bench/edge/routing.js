/** The front Worker before objects that do nothing: what its own work takes, and the way to an object. */
import { DurableObject } from "cloudflare:workers";
export { default, Coordinator } from "./worker.js";

export class Endpoint extends DurableObject {
  /** Tells its id, which is that of the session. */
  fetch() {
    return new Response(this.ctx.id.toString());
  }
}
