// Why an exchange failed, told apart as far as the platform allows. A browser
// tells a page little: a refused connection, a bad certificate, a name that
// does not exist and a missing CORS header all look the same to fetch. What is
// known beside it (the two addresses, a probe without CORS, how long it took)
// narrows it down. Pure: everything it goes by is passed in.
import type { Failure } from "../types.ts";
import { addressSpace, trustworthy } from "./address.ts";

/** What a request without CORS to the same address came to. */
export type Probe = "answered" | "silent" | "not tried";

/** What is known about a request that got no (whole) response. */
export interface Circumstances {
  /** address of the page */
  page: string;
  /** as typed */
  endpoint: string;
  error?: { name: string; message: string };
  /** who ended it, if it was ended from this side */
  stopped?: "person" | "timeout";
  probe?: Probe;
  /** of the local network, where the browser asks for it */
  permission?: PermissionState | undefined;
  /** the page's own content security policy forbade it */
  blockedByPolicy?: boolean;
  /** what the browser thinks of its connection */
  online?: boolean;
  /** this endpoint has answered this page before */
  answeredBefore?: boolean;
  durationMs: number;
  /** bytes of the request's body */
  requestSize: number;
  /** bytes of the response that had come, when its head had come */
  partial?: number;
}

/** Makes an absolute URL of what was typed, or says why it cannot. */
export function checkEndpoint(typed: string, page: string): { url: URL } | { failure: Failure } {
  const text = typed.trim();
  const wrong = (message: string, hint: string): { failure: Failure } => ({ failure: { code: "wrong-url", message, hint } });
  if (text === "") return wrong("There is no endpoint address.", "Type the address of a DSML endpoint, such as /dsml or https://directory.example/dsml.");
  if (/\s/.test(text)) return wrong("The endpoint address has a space in it.", "Write a space as %20, or remove it.");
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === "ldap" || scheme === "ldaps") {
    return wrong(`A browser cannot speak ${scheme.toUpperCase()}; DSML travels over HTTP.`, "Type the http or https address of a DSML gateway in front of that directory.");
  }
  // "host:8080/dsml" reads as a URL with the scheme "host".
  if (scheme && scheme !== "http" && scheme !== "https") {
    return /^[a-z0-9.-]+:\d+(\/|$)/i.test(text)
      ? wrong("The endpoint address has no scheme.", `Write http://${text} or https://${text}.`)
      : wrong(`“${scheme}:” is not an address that DSML is sent to.`, "The address has to begin with http:// or https://, or with / for this server.");
  }
  let url: URL;
  try {
    url = new URL(text, page);
  } catch {
    return wrong("The endpoint address cannot be read.", "It should look like https://directory.example/dsml.");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return wrong("This page was not opened from a web server, so an address without a host leads nowhere.", "Type a whole address, beginning with http:// or https://.");
  }
  if (url.username || url.password) {
    return wrong("The endpoint address has a name or password in it, which browsers refuse to send.", "Take it out of the address and use Sign in.");
  }
  return { url };
}

/** Why there is no response, or only a part of one. */
export function diagnose(c: Circumstances): Failure {
  const url = new URL(c.endpoint, c.page);
  const page = new URL(c.page);
  const host = url.host;
  const sameOrigin = url.origin === page.origin;
  const space = addressSpace(url.hostname);
  const seconds = Math.max(1, Math.round(c.durationMs / 1000));

  if (c.stopped === "person") {
    return {
      code: "aborted",
      message: c.partial === undefined ? "Stopped before an answer came." : `Stopped after ${size(c.partial)} of the answer.`,
      hint: "The server may have done what was asked all the same.",
    };
  }
  if (c.stopped === "timeout") {
    return {
      code: "timeout",
      message: `No answer from ${host} within ${seconds} seconds.`,
      hint: "The server, or a firewall on the way, takes the request and stays silent. Try a narrower search; if even an empty batch gets no answer, the address or port is wrong, or blocked.",
    };
  }
  if (c.partial !== undefined) {
    return {
      code: "cut-short",
      message: `The connection broke after ${size(c.partial)} of the answer.`,
      hint: "The server, or something between, closed it early. Send it again, or ask for less at a time with a page size.",
    };
  }
  if (c.blockedByPolicy) {
    return {
      code: "policy",
      message: `The content security policy that this page was served with does not let it reach ${host}.`,
      hint: `Whoever serves the page has to add ${url.origin} to connect-src.`,
    };
  }
  if (page.protocol === "https:" && url.protocol === "http:" && !trustworthy(url.hostname) && c.permission !== "granted") {
    return {
      code: "mixed-content",
      message: "This page came over https, and browsers do not let such a page reach a plain http address.",
      hint: `Use the https address of the endpoint, or open this page over http, for instance from the machine that runs dsmlkit.${space === "local" ? " For a device in your own network, the browser may ask for permission to reach it; allow it." : ""}`,
    };
  }
  if (c.permission === "denied") {
    return {
      code: "local-network",
      message: `This browser does not let this page reach ${space === "loopback" ? "services on this computer" : "devices in your local network"}, and ${host} is one.`,
      hint: "Open the site settings (the icon left of the address bar), allow access to the local network for this page, and send it again.",
    };
  }
  if (c.online === false && space !== "loopback") {
    return { code: "offline", message: "This computer has no network connection.", hint: "Connect it and send it again." };
  }
  if (c.probe === "answered" || (sameOrigin && c.answeredBefore && c.requestSize > bigBody)) {
    if (c.requestSize > bigBody && (sameOrigin || c.answeredBefore)) {
      return {
        code: "body-refused",
        message: `${host} hung up while the request of ${size(c.requestSize)} was being sent.`,
        hint: "Servers do that with a body above their limit (often 10 MiB). Split the batch, or have the limit raised.",
      };
    }
    if (c.answeredBefore && !sameOrigin) {
      return {
        code: "unreadable",
        message: `${host} is there, but this time it gave no answer that this page may read.`,
        hint: "Often it is an error of a server in front of it (such as 502 or 413), sent without the headers that let pages read it (CORS). The browser's developer tools (Network) show its status.",
      };
    }
    if (sameOrigin) {
      return {
        code: "cut-short",
        message: `${host} is there, but it closed the connection without an answer.`,
        hint: "Send it again. If it happens again, the server's log tells why.",
      };
    }
    return {
      code: "cors",
      message: `Something answers at ${host}, but it does not allow pages from ${page.origin} to talk to it (CORS).`,
      hint: "The endpoint has to send a few headers that allow it; they are below, ready for the usual servers. Or open this page from the endpoint's own server.",
    };
  }
  if (c.permission === "prompt") {
    return {
      code: "local-network",
      message: `${host} lies in your local network, and the browser has not been allowed to reach it.`,
      hint: "Send it again and allow it when the browser asks. If it does not ask, nothing is listening at that address.",
    };
  }
  if (c.durationMs > longWait) {
    return {
      code: "timeout",
      message: `Nothing answered at ${host}; the browser gave up after ${seconds} seconds.`,
      hint: "A firewall may be dropping the connection, or the machine is off. Check host and port.",
    };
  }
  if (url.protocol === "https:" && !sameOrigin) {
    return {
      code: "certificate-or-refused",
      message: `Nothing that the browser trusts answers at ${host}.`,
      hint: `Open ${url.href} in a tab: if the browser warns of the certificate, have its authority installed on this computer (or accept it there, for a test) and send it again; if it says that it cannot connect, host or port is wrong, or nothing is running there.`,
    };
  }
  return {
    code: "refused",
    message: sameOrigin ? "The server of this page does not answer any more." : `Nothing answers at ${host}.`,
    hint: sameOrigin
      ? "If you started it with “go run ./build serve”, see whether it is still running."
      : "The connection was refused, or there is no host of that name. Check host and port, and whether the endpoint is running.",
  };
}

/** Above this many bytes, a connection that breaks while sending points to a limit. */
const bigBody = 1 << 20;

/** Longer than this, a failure is somebody waiting in vain (milliseconds). */
const longWait = 15_000;

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
