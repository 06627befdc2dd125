/**
 * Client sessions, as the package offers them.
 *
 *     node --expose-gc sessions.mjs URL-of-the-package
 */
import { serve } from "./serve.mjs";
import { watchMemory } from "./wasm-memory.mjs";

const [packageURL] = process.argv.slice(2);
const core = "urn:oasis:names:tc:DSML:2:0:core";
const envelope = (id, body) =>
  `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>` +
  `<Session xmlns="urn:schema-microsoft-com:activedirectory:dsmlv2" soap:mustUnderstand="1" SessionID="${id}"/>` +
  `</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;
const request = `<batchRequest xmlns="${core}"><delRequest dn="cn=a,dc=example,dc=com"/></batchRequest>`;
const response = `<batchResponse xmlns="${core}"><delResponse><resultCode code="0" descr="success"/></delResponse></batchResponse>`;
const page = new TextEncoder().encode(
  `<batchResponse xmlns="${core}"><searchResponse><searchResultEntry dn="cn=a,dc=example,dc=com"><attr name="cn"><value>a</value></attr>` +
    `</searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`,
);

await serve(async () => {
  const wasmMemory = watchMemory();
  const { load } = await import(packageURL);
  const kit = await load();
  const answers = Array.from({ length: 100 }, (_, i) => envelope(`session-${i}`, response));

  function begin(number) {
    const session = kit.session.dsml();
    session.begin();
    session.receive(answers[number % answers.length]);
    if (session.state !== "open") throw new Error(`a session that was begun is ${session.state}`);
    return session;
  }

  function send(session) {
    const { body } = session.send(request);
    if (!body.includes(session.id)) throw new Error("a message without the id of its session");
  }

  function receive(session, answer) {
    if (session.receive(answer).outcome !== "answered") throw new Error("an answer that answers nothing");
  }

  const open = [];

  /** What is done over and over to see whether memory grows. */
  const works = {
    parse: () => kit.dsml.parse(page),
    session: (i) => {
      const session = begin(i);
      send(session);
      receive(session, answers[i % answers.length]);
      session.end();
      session.receive(response);
      session.free();
    },
    stream: async () => {
      for await (const item of kit.dsml.stream([page.subarray(0, page.length - 80), page])) {
        if (item.dn !== "cn=a,dc=example,dc=com") throw new Error("not the entry that was sent");
        break;
      }
    },
  };

  return {
    /** Makes it so many open sessions; a number that ten divides. */
    open({ count }) {
      while (open.length > count) open.pop().free();
      while (open.length < count) open.push(begin(open.length));
    },
    /** Messages and their answers, ten sessions at a time, all taking turns. */
    exchange({ atLeast }) {
      let rounds = 0;
      let sending = 0;
      let receiving = 0;
      while (sending + receiving < atLeast) {
        const first = (rounds++ * 10) % open.length;
        const start = performance.now();
        for (let i = first; i < first + 10; i++) send(open[i]);
        const middle = performance.now();
        for (let i = first; i < first + 10; i++) receive(open[i], answers[i % answers.length]);
        sending += middle - start;
        receiving += performance.now() - middle;
      }
      return { send: (rounds * 1e4) / sending, receive: (rounds * 1e4) / receiving, both: (rounds * 1e4) / (sending + receiving) };
    },
    /** Does one of the works so many times; memory is what is left after a collection. */
    async repeat({ work, times }) {
      for (let i = 0; i < times; i++) {
        // Not everything is a promise, and waiting would be most of the work.
        const waiting = works[work](i);
        if (waiting instanceof Promise) await waiting;
        else if (i % 1000 === 0) await new Promise((done) => setImmediate(done));
      }
      await new Promise((done) => setTimeout(done, 50));
      globalThis.gc();
      globalThis.gc();
      const { rss, heapUsed, external } = process.memoryUsage();
      return { rss, heap: heapUsed + external, wasm: wasmMemory() };
    },
  };
});
