// What the gateway's relay says when it answers in place of the other endpoint:
// its Dsmlkit-Error header names the reason in one word. Pure.
import type { Explanation } from "./explain.ts";

const reasons: Readonly<Record<string, { sentence: string; tries: string[] }>> = {
  "upstream-unreachable": {
    sentence: "The gateway relays to another endpoint, and that one could not be reached, or hung up.",
    tries: ["Its operator knows whether it is running. If its certificate is not trusted, the gateway's operator can name its authority (--relay-ca)."],
  },
  "upstream-blocked": {
    sentence: "The gateway may not connect to the other endpoint: its name leads into a network that the gateway has not been allowed to reach. Nothing was sent.",
    tries: ["If it is meant to, the gateway's operator lists the network (--relay-network)."],
  },
  "upstream-timeout": {
    sentence: "The other endpoint did not answer in time. Whether it did anything is not known.",
    tries: ["Narrow the search, or read the entries before a change is sent again.", "The gateway's operator can give it more time (--batch-timeout)."],
  },
  "upstream-redirect": {
    sentence: "The other endpoint wants the message to go to another address, and the gateway goes only where it was told to go. Nothing was done.",
    tries: ["If the new address is right, the gateway's operator puts it into the configuration."],
  },
  "upstream-too-long": {
    sentence: "The answer of the other endpoint is longer than the gateway passes on. What was asked was done.",
    tries: ["Ask for less at a time: begin a session and set a page size.", "The gateway's operator can raise the limit (--relay-max-answer)."],
  },
  "upstream-encoded": {
    sentence: "The other endpoint compressed its answer without having been asked to, so the gateway does not pass it on. What was asked was done.",
    tries: ["Compression has to be switched off at the other endpoint, or at a proxy in front of it."],
  },
  "relay-loop": {
    sentence: "The gateway relays to an endpoint that leads back to the gateway itself. Nothing was done.",
    tries: ["Its operator has to name another address for this endpoint."],
  },
  "relay-refused": {
    sentence: "The gateway did not pass the message on: it is above one of its limits, or signs in by another way than Basic or Bearer. Nothing was done.",
    tries: ["Split the batch, or sign in with a name and password."],
  },
  "session-refused": {
    sentence: "The gateway's own rules for sessions refused the message: there are too many sessions, or this one belongs to another address or user. Nothing was sent.",
    tries: ["End a session that is not needed, or begin one of your own."],
  },
};

/** Says why the relay answered by itself; undefined where it did not. `headers` have small letters. */
export function explainRelay(headers: Readonly<Record<string, string>> | undefined): Explanation | undefined {
  const code = headers?.["dsmlkit-error"];
  if (code === undefined) return undefined;
  const reason = reasons[code] ?? { sentence: "The gateway answered in place of the other endpoint.", tries: ["The message, if there is one, says more."] };
  return { tone: "bad", title: code, ...reason };
}
