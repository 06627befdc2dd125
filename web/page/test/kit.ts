// The real toolkit for tests without a browser; its functions give promises, as they do through the worker.
import { load } from "dsmlkit";
import type { AsyncToolkit, Preview } from "../types.ts";

function later(target: object): unknown {
  return new Proxy(target, {
    get(inner, key) {
      const value = Reflect.get(inner, key) as unknown;
      if (typeof value === "function") return async (...args: unknown[]) => Reflect.apply(value, inner, args) as unknown;
      return typeof value === "object" && value !== null ? later(value) : value;
    },
  });
}

export async function asyncKit(): Promise<AsyncToolkit> {
  return later(await load()) as AsyncToolkit;
}

/** What a Runner shows of an open session. */
export async function openedSession(kit: AsyncToolkit, id: string): Promise<Preview> {
  const session = await kit.session.dsml();
  const inner = session as unknown as { begin(): Promise<unknown>; receive(text: string): Promise<unknown>; toJSON(): Promise<string> };
  await inner.begin();
  await inner.receive(
    `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header><ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="${id}"/></soap:Header><soap:Body><batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"/></soap:Body></soap:Envelope>`,
  );
  const snapshot = await inner.toJSON();
  return { sessionID: id, outgoing: async (text: string) => (await kit.session.restore(snapshot)).send(text) };
}
