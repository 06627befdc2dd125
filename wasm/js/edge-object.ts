/**
 * The Durable Object in which the sessions live: one instance of Go from its
 * first request to its end.
 */
import module from "./edge.wasm";
import { EdgeInstance } from "./edge-go.js";

/** What an object needs of its DurableObjectState. */
export interface ObjectState {
  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T>;
  abort(reason?: string): void;
}

/** Names the client between the front Worker and the object; nobody else reaches the object. */
export const clientHeader = "dsmlkit-client";

export class Sessions {
  private go: EdgeInstance | undefined;

  constructor(state: ObjectState) {
    void state.blockConcurrencyWhile(async () => {
      this.go = await EdgeInstance.start(module);
      // An object without Go is of no use: the next request makes a fresh one,
      // which knows none of the sessions and says so.
      void this.go.ended.then(() => state.abort("the endpoint has come to an end"));
    });
  }

  async fetch(request: Request): Promise<Response> {
    if (this.go === undefined) throw new Error("the endpoint has not started");
    return this.go.fetch(request, request.headers.get(clientHeader) ?? "");
  }
}
