// One message on its way: posted, its answer shown to the session's tracker and
// read, and a failure told apart.
import type { BatchRequest, Reply, SessionState } from "dsmlkit";
import { type Answer, readAnswer } from "../response/answer.ts";
import type { AsyncToolkit, Credentials, Failure, Progress, Step } from "../types.ts";
import { checkEndpoint, diagnose } from "./diagnose.ts";
import { diagnoseAnswer } from "./notdsml.ts";
import { type Plain, versionOf } from "./outside.ts";
import { type Held, noteOn } from "./sessions.ts";
import { entries } from "./summary.ts";
import { type Attempt, post } from "./transport.ts";

/** A message before it is sent. */
export interface Message {
  step: Step;
  outgoing: Plain;
  /** the session that the tracker follows it in; undefined outside of one, and for text sent as typed */
  held?: Held;
  endpoint: string;
  credentials: Credentials | undefined;
  document?: BatchRequest | undefined;
}

export interface CarryOptions {
  /** milliseconds until the head of the answer has to be there */
  timeout: number;
  answeredBefore: boolean;
  progress: (progress: Progress) => void;
}

/** What became of a message. */
export interface Carried {
  attempt: Attempt;
  answer?: Answer;
  failure?: Failure;
}

/** Sends a message and takes its answer. Never rejects for what the network or the server does. */
export async function carry(kit: AsyncToolkit, message: Message, options: CarryOptions): Promise<Carried> {
  const stop = new AbortController();
  const report = (label: string, fraction?: number) =>
    options.progress({ done: false, label, abort: () => stop.abort(), ...(fraction === undefined ? {} : { fraction }) });

  const checked = checkEndpoint(message.endpoint, location.href);
  if ("failure" in checked) {
    const { failure } = checked;
    await tellFailure(message.held, failure);
    return { attempt: { at: Date.now(), durationMs: 0, requestHeaders: message.outgoing.headers }, failure };
  }
  report("Waiting for the answer");
  const attempt = await send(message, checked.url.href, options.timeout, stop.signal, report);
  const { response, trouble } = attempt;
  if (!response || trouble) {
    const failure = diagnose({
      ...trouble,
      page: location.href,
      endpoint: message.endpoint,
      online: navigator.onLine,
      answeredBefore: options.answeredBefore,
      durationMs: attempt.durationMs,
      requestSize: message.outgoing.body.length,
      ...(response ? { partial: response.bytes.length } : {}),
    });
    await tellFailure(message.held, failure);
    return { attempt, failure };
  }
  let answer: Answer = {};
  if (message.held) {
    const reply = await tellAnswer(message.held, attempt);
    if (reply?.document) answer.document = reply.document;
    if (reply?.fault) answer.fault = reply.fault;
  }
  if (!answer.document && !answer.fault) {
    try {
      answer = await readAnswer(kit, response.bytes, { signal: stop.signal, progress: (count) => report(`Reading the answer: ${entries(count)}`) });
    } catch {
      return { attempt, failure: { code: "aborted", message: "Reading the answer was stopped.", hint: "All of it has arrived: the HTTP tab has its bytes." } };
    }
  }
  return answer.document || answer.fault ? { attempt, answer } : { attempt, answer, failure: notAnAnswer(message, response, answer) };
}

function send(message: Message, endpoint: string, timeout: number, signal: AbortSignal, report: (label: string, fraction?: number) => void): Promise<Attempt> {
  const { outgoing, credentials } = message;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  let reported = 0;
  return post({
    endpoint,
    body: outgoing.body,
    headers: outgoing.headers,
    credentials,
    timeout,
    signal,
    received: (bytes, total) => {
      if (performance.now() - reported < 100) return;
      reported = performance.now();
      report(`${megabytes(bytes)}${total ? ` of ${megabytes(total)}` : ""} received`, total ? bytes / total : undefined);
    },
  });
}

/**
 * Failures after which no server has seen the message. Of "cors" that is as
 * good as certain: the headers of a message make the browser ask first, and a
 * server that does not let pages in refuses that question.
 */
const neverSent = new Set(["wrong-url", "mixed-content", "policy", "local-network", "offline", "refused", "certificate-or-refused", "cors"]);

async function tellFailure(held: Held | undefined, { code, message }: Failure): Promise<void> {
  if (!held) return;
  await held.session.failed(message, { unsent: neverSent.has(code) });
  const after: Partial<Record<SessionState, string>> = {
    none: "No session was opened.",
    lost: "If the server has made a session all the same, nobody knows its id, and the server ends it in time.",
  };
  const more = after[held.session.state];
  noteOn(held, more ? `${message} ${more}` : message);
}

async function tellAnswer(held: Held, { response, at, durationMs }: Attempt): Promise<Reply | undefined> {
  try {
    const { status, headers, bytes } = response!;
    const reply = await held.session.receive(bytes, { status, headers, at: Math.round(at + durationMs) });
    noteOn(held, reply.explanation);
    return reply;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await held.session.failed(reason);
    noteOn(held, reason);
    return undefined;
  }
}

function notAnAnswer(message: Message, response: NonNullable<Attempt["response"]>, answer: Answer): Failure {
  return diagnoseAnswer({
    url: response.url,
    redirected: response.redirected,
    status: response.status,
    contentType: response.headers["content-type"] ?? "",
    size: response.bytes.length,
    beginning: new TextDecoder().decode(response.bytes.subarray(0, 1000)),
    requestSOAP: versionOf(message.outgoing.body) ?? "1.1",
    signedIn: message.credentials !== undefined,
    ...(answer.error ? { parseError: answer.error } : {}),
  });
}
