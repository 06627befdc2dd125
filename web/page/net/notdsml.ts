// An answer that is HTTP but neither a DSML response nor a SOAP fault: what it
// is instead, and what that says about the endpoint. Pure.
import type { Failure } from "../types.ts";

/** What is known of such an answer. */
export interface Answer {
  /** where the answer came from, after redirects */
  url: string;
  redirected: boolean;
  status: number;
  /** of the Content-Type header, "" without one */
  contentType: string;
  /** bytes of the body */
  size: number;
  /** the first few hundred characters */
  beginning: string;
  /** SOAP version of the request */
  requestSOAP: "1.1" | "1.2";
  /** why the toolkit could not read it, when it tried */
  parseError?: string;
  /** credentials went with the request */
  signedIn: boolean;
}

/** Says what came instead of DSML. */
export function diagnoseAnswer(a: Answer): Failure {
  const looks = kindOf(a);
  if (a.redirected && (a.status === 404 || a.status === 405 || a.status === 400 || looks === "html")) {
    return {
      code: "redirect",
      message: `The endpoint passed the request on to ${a.url}, and it arrived there without its content.`,
      hint: "After most redirects a browser asks again with GET. If that address is the endpoint's real one, put it into the endpoint field.",
    };
  }
  if (a.status === 503 && a.beginning.includes("as many messages as it may")) {
    return { code: "busy", message: "The gateway answers as many messages as it may at once; nothing of this one was done (HTTP 503).", hint: "Send it again in a moment." };
  }
  switch (a.status) {
    case 401:
      return {
        code: "http-401",
        message: a.signedIn ? "The server did not accept name and password (HTTP 401)." : "The server wants to know who you are (HTTP 401).",
        hint: a.signedIn ? "Sign in again. The name may have to be a full DN." : "Sign in with a name and password, and send it again.",
      };
    case 403:
      return {
        code: "http-403",
        message: "The server understood who you are and refuses (HTTP 403).",
        hint: "Sign in as someone who may use this endpoint. Some gateways answer this way when the name belongs to no entry, or when the identity changes in mid-connection.",
      };
    case 404:
      return { code: "http-404", message: "There is nothing at this address (HTTP 404).", hint: "Check the path: usual ones are /dsml, /DSMLServlet and /dsml/adssoap.dsmlx." };
    case 405:
      return { code: "http-405", message: "This address does not take POST (HTTP 405), so it is no DSML endpoint.", hint: "Check the path: usual ones are /dsml, /DSMLServlet and /dsml/adssoap.dsmlx." };
    case 407:
      return { code: "http-407", message: "A proxy on the way wants to know who you are (HTTP 407).", hint: "Sign in at the proxy in the browser's settings." };
    case 408:
      return { code: "http-408", message: "The request took too long to arrive (HTTP 408).", hint: "Send it again; on a slow line, split the batch into smaller ones." };
    case 421:
      return {
        code: "http-421",
        message: "The server does not answer to the name in this address (HTTP 421).",
        hint: "Use the name that it knows; its operator can add another (--host).",
      };
    case 413:
      return { code: "http-413", message: "The request is larger than the server takes (HTTP 413).", hint: "Split the batch into smaller ones, or have the limit raised." };
    case 415:
      return {
        code: "http-415",
        message: `The server does not take this kind of content (HTTP 415); the request was SOAP ${a.requestSOAP}.`,
        hint: `Many gateways speak only one version of SOAP: try ${a.requestSOAP === "1.1" ? "1.2" : "1.1"}.`,
      };
    case 429:
      return { code: "http-429", message: "The server asks for fewer requests (HTTP 429).", hint: "Wait a little, then send it again." };
    case 502:
    case 503:
    case 504:
      return {
        code: `http-${a.status}`,
        message: `A server in front answers for the endpoint, which is not there (HTTP ${a.status}).`,
        hint: "The gateway behind it is down, busy or too slow. Send it again in a while.",
      };
  }
  if (a.size === 0) {
    return {
      code: "empty",
      message: `The answer has no content (HTTP ${a.status}).`,
      hint: "DSML always answers with a document, even to an empty batch: this may not be a DSML endpoint.",
    };
  }
  if (looks === "html") {
    return {
      code: "html",
      message: `A web page came instead of XML (HTTP ${a.status})${title(a.beginning)}.`,
      hint: a.status < 400
        ? "It may be a sign-in page, or the start page of the server. Check the path of the endpoint, or sign in there in a tab first."
        : "It is the server's error page; the HTTP tab shows what it says.",
    };
  }
  if (a.status >= 400) {
    return {
      code: "http",
      message: `The server reports an error (HTTP ${a.status}) and does not explain it in SOAP.`,
      hint: "The HTTP tab shows what it says.",
    };
  }
  if (looks === "wsdl") {
    return { code: "wsdl", message: "A description of the service (WSDL) came instead of an answer.", hint: "The address ends in ?wsdl, or the request arrived as GET. Use the service's own address." };
  }
  if (looks === "json") {
    return { code: "not-xml", message: "JSON came instead of XML.", hint: "This address belongs to another kind of service." };
  }
  if (looks !== "xml") {
    return { code: "not-xml", message: "The answer is not XML.", hint: "The HTTP tab shows what it is." };
  }
  return {
    code: "not-dsml",
    message: `The answer is XML, but not a DSML response${a.parseError ? `: ${a.parseError}` : ""}.`,
    hint: "The XML tab shows what it is.",
  };
}

function kindOf(a: Answer): "html" | "wsdl" | "json" | "xml" | "other" {
  const text = a.beginning.replace(/^\uFEFF/, "").trimStart();
  if (/^<!doctype html|^<html[\s>]/i.test(text) || (/\bhtml\b/i.test(a.contentType) && text.startsWith("<") && !text.startsWith("<?xml"))) return "html";
  if (/^<\?xml[^>]*>\s*(<!DOCTYPE html|<html[\s>])/i.test(text)) return "html";
  if (/<([\w.-]+:)?definitions[\s>]/.test(text) && text.includes("http://schemas.xmlsoap.org/wsdl/")) return "wsdl";
  if (text.startsWith("<")) return "xml";
  if (/^[{[]/.test(text) || /\bjson\b/i.test(a.contentType)) return "json";
  return "other";
}

function title(beginning: string): string {
  const text = /<title[^>]*>([^<]{1,80})/i.exec(beginning)?.[1]?.trim();
  return text ? `, titled “${text}”` : "";
}
