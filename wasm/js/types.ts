/**
 * The public types of dsmlkit. This file is the only source of the published
 * declarations.
 *
 * Units: timeouts are seconds, moments are milliseconds since 1970-01-01 UTC
 * (as `Date.now()` gives them), remaining times are milliseconds, sizes are
 * bytes. Text is Unicode; bytes are UTF-8, or UTF-16 with a byte order mark,
 * or what the XML declaration names (ISO-8859-1, US-ASCII).
 */

import type { Client, ClientOptions } from "./client-types.js";
import type { SqlBatch, SqlBatchResponse, SqlDocument, SqlFault, SqlItem } from "./sql-types.js";

export type * from "./client-types.js";
export type * from "./sql-types.js";

/** A document: a string, or its bytes. */
export type Text = string | Uint8Array;

/** A reference to a value kept elsewhere. It is never fetched. */
export interface AnyURI {
  anyURI: string;
}

/** Text, decoded binary (xsd:base64Binary), or a reference (xsd:anyURI). */
export type Value = string | Uint8Array | AnyURI;

/** An LDAP control; `controlValue` is its BER encoding, or text as it was carried. */
export interface Control {
  /** numeric OID */
  type: string;
  /** default false */
  criticality?: boolean;
  controlValue?: Value;
}

// ---------------------------------------------------------------- requests

interface Message {
  requestID?: string;
  controls?: Control[];
}

/** Asks to run what follows in the name of someone else. It stands first in its batch. */
export interface AuthRequest extends Message {
  kind: "authRequest";
  /** `dn:...` or `u:...`, as in LDAP proxied authorization */
  principal: string;
}

/** How far below its base a search looks. */
export type Scope = "baseObject" | "singleLevel" | "wholeSubtree";
/** Whether aliases are followed, while looking for the base and below it. */
export type DerefAliases = "neverDerefAliases" | "derefInSearching" | "derefFindingBaseObj" | "derefAlways";

/** Looks for entries. */
export interface SearchRequest extends Message {
  kind: "searchRequest";
  dn: string;
  scope: Scope;
  derefAliases: DerefAliases;
  /** entries; 0 or absent: no limit set by the client */
  sizeLimit?: number;
  /** seconds; 0 or absent: no limit set by the client */
  timeLimit?: number;
  /** default false */
  typesOnly?: boolean;
  filter: Filter;
  /** empty or absent: all user attributes; "1.1": none */
  attributes?: string[];
}

/** One change of one attribute. Without values, "delete" and "replace" remove the attribute. */
export interface Modification {
  name: string;
  operation: "add" | "delete" | "replace" | "increment";
  values: Value[];
}

/** Changes attributes of an entry, all of them or none. */
export interface ModifyRequest extends Message {
  kind: "modifyRequest";
  dn: string;
  modifications: Modification[];
}

/** Values by attribute name, in document order. */
export type Attributes = { [name: string]: Value[] };

/** Adds an entry. */
export interface AddRequest extends Message {
  kind: "addRequest";
  dn: string;
  attrs: Attributes;
}

/** Deletes an entry that has none below it. */
export interface DelRequest extends Message {
  kind: "delRequest";
  dn: string;
}

/** Renames an entry or moves it. */
export interface ModDNRequest extends Message {
  kind: "modDNRequest";
  dn: string;
  newrdn: string;
  /** default true */
  deleteoldrdn?: boolean;
  newSuperior?: string;
}

/** Asks whether an attribute has a value; the result is compareTrue or compareFalse. */
export interface CompareRequest extends Message {
  kind: "compareRequest";
  dn: string;
  assertion: { name: string; value: Value };
}

/** Gives another request of the batch up. It has no response. */
export interface AbandonRequest extends Message {
  kind: "abandonRequest";
  /** requestID of another request of the batch */
  abandonID: string;
}

/** An operation known by its OID. */
export interface ExtendedRequest extends Message {
  kind: "extendedRequest";
  /** numeric OID */
  requestName: string;
  requestValue?: Value;
}

/** What a batch consists of; `kind` tells which it is. */
export type Request =
  | AuthRequest
  | SearchRequest
  | ModifyRequest
  | AddRequest
  | DelRequest
  | ModDNRequest
  | CompareRequest
  | AbandonRequest
  | ExtendedRequest;

/** Requests that travel together, and how they are to be run. */
export interface BatchRequest {
  kind: "batchRequest";
  requestID?: string;
  /** default "sequential" */
  processing?: "sequential" | "parallel";
  /** default "sequential" */
  responseOrder?: "sequential" | "unordered";
  /** default "exit" */
  onError?: "exit" | "resume";
  requests: Request[];
}

// ----------------------------------------------------------------- filters

/** The condition of a search. `kit.dsml.filter` has it as text (RFC 4515). */
export type Filter =
  | { kind: "and" | "or"; filters: Filter[] }
  | { kind: "not"; filter: Filter }
  | { kind: "equalityMatch" | "greaterOrEqual" | "lessOrEqual" | "approxMatch"; name: string; value: Value }
  | { kind: "substrings"; name: string; initial?: Value; any?: Value[]; final?: Value }
  | { kind: "present"; name: string }
  | { kind: "extensibleMatch"; name?: string; matchingRule?: string; dnAttributes?: boolean; value: Value };

// --------------------------------------------------------------- responses

/** An LDAP result. `descr` is the standard's name of the code where it has one. */
export interface LDAPResult extends Message {
  matchedDN?: string;
  resultCode: { code: number; descr?: string };
  errorMessage?: string;
  /** URIs */
  referrals?: string[];
}

/** An entry that a search found. */
export interface Entry {
  dn: string;
  attrs: Attributes;
  requestID?: string;
  controls?: Control[];
}

/** Where a search may go on: other servers that hold a part of what was looked for. */
export interface SearchResultReference extends Message {
  /** URIs, at least one */
  refs: string[];
}

/** The answer to a search: what was found, and how it ended. */
export interface SearchResponse {
  kind: "searchResponse";
  requestID?: string;
  entries: Entry[];
  /** left out when there are none */
  references?: SearchResultReference[];
  done: LDAPResult;
}

/** The answer to a request that only succeeds or fails. */
export interface ResultResponse extends LDAPResult {
  kind: "authResponse" | "modifyResponse" | "addResponse" | "delResponse" | "modDNResponse" | "compareResponse";
}

/** The answer to an extended request. */
export interface ExtendedResponse extends LDAPResult {
  kind: "extendedResponse";
  responseName?: string;
  response?: Value;
}

/** What kept a request from being run, or the gateway from answering. */
export type ErrorType =
  | "notAttempted"
  | "couldNotConnect"
  | "connectionClosed"
  | "malformedRequest"
  | "gatewayInternalError"
  | "authenticationFailed"
  | "unresolvableURI"
  | "other";

/** An error outside LDAP: the request has no result code. */
export interface ErrorResponse {
  kind: "errorResponse";
  requestID?: string;
  type: ErrorType;
  message?: string;
  /** the element inside detail */
  detail?: Element;
}

/** What a batch of responses consists of; `kind` tells which it is. */
export type Response = SearchResponse | ResultResponse | ExtendedResponse | ErrorResponse;

/** The answers to a batch, in its order unless "unordered" was asked for. */
export interface BatchResponse {
  kind: "batchResponse";
  requestID?: string;
  responses: Response[];
}

/** What a stream yields, as soon as it is complete. */
export type ResponseItem =
  | ({ kind: "searchResultEntry" } & Entry)
  | ({ kind: "searchResultReference" } & SearchResultReference)
  | ({ kind: "searchResultDone" } & LDAPResult)
  | ResultResponse
  | ExtendedResponse
  | ErrorResponse;

// -------------------------------------------------------------------- SOAP

/** An element without a type of its own. */
export interface Element {
  /** local name */
  name: string;
  /** namespace URI, "" for none */
  namespace: string;
  prefix?: string;
  attributes?: { name: string; namespace: string; prefix?: string; value: string }[];
  /** elements and text; comments are in `xml` only */
  children?: (Element | string)[];
  /** prefixes declared on it; on an outer element also those it uses from around it */
  namespaces?: { prefix: string; namespace: string }[];
  /**
   * The element as text, with the namespace declarations it needs. Given for
   * header blocks, children of a body and details, not for what is inside them.
   * Where an element is written, its structure counts, and not this.
   */
  xml?: string;
}

/** An element that was read as a whole. */
export interface OuterElement extends Element {
  xml: string;
}

/** A block of a SOAP header, with the attributes that SOAP itself looks at. */
export interface HeaderBlock extends OuterElement {
  mustUnderstand?: boolean;
  /** `actor` of SOAP 1.1 or `role` of SOAP 1.2 */
  actor?: string;
  relay?: boolean;
}

/** Why a message was not processed. */
export interface Fault {
  version: "1.1" | "1.2";
  /** local name of the code: Client, Server, Sender, Receiver, ... */
  code: string;
  /** the code as written, prefix included */
  codeText: string;
  subcodes?: string[];
  reason: string;
  /** faultactor, or Node and Role */
  actor?: string;
  role?: string;
  /** text inside the detail element, or inside the only element in it, when there is any */
  detailText?: string;
  /** the detail element itself */
  detail?: OuterElement;
}

/** The session header that a message carries, of whichever protocol. */
export type SessionHeader =
  | { dialect: "dsml"; step: "begin" | "session" | "end"; id?: string }
  | {
      dialect: "sql";
      initiate?: boolean;
      terminate?: boolean;
      id?: string;
      /** seconds */
      timeout?: number;
      transactionDescriptor?: string;
    };

/** A SOAP message as it was read. */
export interface Envelope {
  version: "1.1" | "1.2";
  headers: HeaderBlock[];
  body: OuterElement[];
  fault?: Fault;
  session?: SessionHeader;
}

/** A SOAP message to be written. */
export interface EnvelopeInit {
  /** default "1.1" */
  version?: "1.1" | "1.2";
  /** header blocks: elements, or their text */
  headers?: (Element | HeaderBlockInit | string)[];
  /** payload: elements, documents, or their text */
  body?: Element | BatchRequest | BatchResponse | string | (Element | string)[];
  /** `detail` may be text in SOAP 1.1 alone: that of SOAP 1.2 holds elements */
  fault?: { code: string; reason: string; actor?: string; detail?: string | Element };
}

/** A header block to be written; the properties add what the attributes of the element lack. */
export interface HeaderBlockInit extends Element {
  mustUnderstand?: boolean;
  /** `actor` of SOAP 1.1 or `role` of SOAP 1.2 */
  actor?: string;
  relay?: boolean;
}

/** A problem in a document. */
export interface Diagnostic {
  severity: "error" | "warning";
  code: string;
  message: string;
  hint?: string;
  /** 1-based */
  line: number;
  /** 1-based, in characters */
  column: number;
  /** 0-based, in bytes of the UTF-8 text */
  offset: number;
  /** number of the protocol statement that is broken, such as "D-40" */
  statement?: string;
}

/** How to read. */
export interface ParseOptions {
  /** refuse every leniency, for DSML those of xml/dsml/LENIENCIES.md in the source; default false */
  strict?: boolean;
}

/** How to read a stream. */
export interface StreamOptions extends ParseOptions {
  /** cancels the source and ends the loop with the signal's reason */
  signal?: AbortSignal;
}

/** How to write. */
export interface BuildOptions {
  /** spaces per level; default 0, all on one line */
  indent?: number;
  /** write an XML declaration; default false */
  declaration?: boolean;
}

// ---------------------------------------------------------------- sessions

/** Where a session stands. "expired" and "lost" sessions are gone; `begin` makes a new one. */
export type SessionState = "none" | "opening" | "open" | "closing" | "closed" | "expired" | "lost";

/** What a session sends: a document of its protocol, the text of one, or a whole envelope. */
export type Payload = BatchRequest | SqlBatch | Text;

/** Ready for `fetch(endpoint, { method: "POST", ...outgoing })`. */
export interface Outgoing {
  body: string;
  headers: Record<string, string>;
  /** tells messages apart that are under way at the same time; see `answers` of receive */
  number?: number;
}

/** What is known of an answer besides its text. */
export interface ReceiveMeta {
  /** HTTP status */
  status?: number;
  headers?: Headers | Record<string, string>;
  /** epoch milliseconds of its arrival; default: now */
  at?: number;
  /** `number` of the message that it answers; default: the oldest one without an answer */
  answers?: number;
}

/** An answer, and what it meant for the session. */
export interface Reply {
  /** the payload, when there is one */
  document?: BatchResponse;
  /** the same of a session with sqlSession headers; a fault is here too */
  sql?: SqlBatchResponse | SqlFault;
  envelope?: Envelope;
  fault?: Fault;
  /** state after this answer */
  state: SessionState;
  /**
   * What the answer did to the session: "answered" nothing but go on, "opened",
   * "ended", "refused" (no session was made), "expired" or "lost" (it is gone),
   * "failed" (the answer says nothing about the session)
   */
  outcome: "answered" | "opened" | "ended" | "refused" | "expired" | "lost" | "failed";
  /** a sentence for people */
  explanation: string;
  /** why there is no document, where the answer could not be read */
  error?: ErrorDetails;
}

/** What a DsmlkitError says, as plain data. */
export interface ErrorDetails {
  code: string;
  message: string;
  detail?: string;
  hint?: string;
  line?: number;
  column?: number;
  offset?: number;
  statement?: string;
}

/** A search that is had in pieces, under way in a session. */
export interface PagedSearch {
  /** stands for base, scope, filter and attributes of the search */
  key: string;
  /** "paged": one page after the other; "vlv": a window on a sorted list; "dirSync": what has changed since the last time */
  kind: "paged" | "vlv" | "dirSync";
  /**
   * Cookie for the next piece. "paged": empty when the last page has come;
   * "vlv": the context ID; "dirSync": there even when all has come, for the next time.
   */
  cookie: Uint8Array;
  /** entries a page, as last asked for; bytes for "dirSync" */
  size?: number;
  /** entries so far */
  count: number;
  /** pages so far */
  pages: number;
  /** total as the server estimates it; undefined when it does not say */
  estimate?: number;
  /** "vlv": place of the target in the list, from 1 */
  position?: number;
  /** epoch milliseconds of the answer that gave the cookie */
  issuedAt: number;
  done: boolean;
}

/** How a session speaks and reckons. */
export interface SessionOptions {
  /** default "1.1" */
  soap?: "1.1" | "1.2";
  /** seconds of idle time to reckon with where the server does not say; default 600; 0: none */
  timeout?: number;
  /** default Date.now */
  now?: () => number;
}

/** What has become of a session. */
export interface SessionEvent {
  state: SessionState;
  id?: string;
  expiresAt?: number;
}

/** Which message failed, and how. */
export interface FailedOptions {
  /** `number` of the message; default: the oldest one without an answer */
  answers?: number;
  /** it is certain that the server never got it; default false */
  unsent?: boolean;
}

/** Client side of a session. It does no I/O. */
export interface Session {
  /**
   * Asks for a session. The body is a document, its text, or a whole envelope,
   * which is kept byte for byte but for its session header; without one an
   * empty batch is sent. "session-already-open" while there is a session.
   */
  begin(body?: Payload): Outgoing;
  /** A message inside the session; "session-not-open" or "session-expired" when there is none. */
  send(body: Payload): Outgoing;
  /** The last message of the session; its batch still runs inside. */
  end(body?: Payload): Outgoing;
  /** Reads an answer and moves the state. An answer that cannot be read is told in the reply, not thrown. */
  receive(response: Text, meta?: ReceiveMeta): Reply;
  /**
   * The request was never answered: the session is as it was before. One that
   * was opening is lost, for the server may hold a session whose id nobody
   * learnt; with `unsent` it is none, for nothing can have been opened.
   */
  failed(reason?: string, options?: FailedOptions): void;
  /**
   * Lets an expired session count as open until the next answer, and an open
   * one too, whatever the time: a server may be more patient than was reckoned.
   * Does nothing in any other state.
   */
  insist(): void;
  readonly state: SessionState;
  readonly id: string | undefined;
  /** seconds of idle time; undefined where there is no limit */
  readonly timeout: number | undefined;
  /** true when the timeout is a guess, not the server's word */
  readonly timeoutGuessed: boolean;
  /** epoch milliseconds; undefined where there is no limit */
  readonly expiresAt: number | undefined;
  /** milliseconds, never more than the idle time; undefined where there is no limit */
  remaining(now?: number): number | undefined;
  /**
   * Epoch milliseconds at which to send the end once more: it was asked for,
   * and the server has not confirmed it (S-59). Undefined in every other case.
   */
  readonly endDue: number | undefined;
  /** Paged searches under way in this session, the one answered longest ago first. */
  readonly pages: PagedSearch[];
  /** For JSON.stringify; holds the session id, but no credentials. */
  toJSON(): SessionSnapshot;
  /** State, id, deadline or a paged search has changed. Time alone changes the state only when it is looked at. */
  addEventListener(type: "change", listener: (event: SessionEvent) => void): void;
  /** Undoes addEventListener. */
  removeEventListener(type: "change", listener: (event: SessionEvent) => void): void;
  /** Lets go of what the toolkit keeps for the session; what can be called throws "session-freed" from then on. */
  free(): void;
}

/** What `toJSON` gives and `restore` takes; plain JSON. */
export interface SessionSnapshot {
  version: 1;
  dialect: "dsml" | "sql";
  data: string;
}

// --------------------------------------------------------------- controls

/** Typed values of the most common controls. */
export type ControlValue = { criticality?: boolean } & (
  | PagedResults
  | { type: "sort"; keys: SortKey[] }
  | { type: "manageDsaIT" | "treeDelete" | "showDeleted" | "domainScope" | "permissiveModify" }
  /** critical unless said otherwise, as RFC 4370 asks */
  | { type: "proxiedAuthorization"; authzID: string }
  /** any other, as it is */
  | { type: "unknown"; oid: string; value?: Value }
);

/** Typed values of all controls that have one, of requests and of responses. */
export type AnyControlValue =
  | ControlValue
  | ({ criticality?: boolean } & (
      | { type: "showRecycled" | "lazyCommit" }
      /** `code` is a result code; `attribute` is the one that could not be sorted by */
      | { type: "sortResult"; code: number; attribute?: string }
      /** a window on a sorted list, placed by position or by value */
      | ({ type: "virtualListView"; before: number; after: number; contextID?: Uint8Array } & (
          | { offset: number; contentCount?: number; value?: undefined }
          | { value: string; offset?: undefined }
        ))
      | { type: "virtualListViewResult"; position: number; contentCount: number; code: number; contextID?: Uint8Array }
      | { type: "dirSync"; flags: number; maxBytes: number; cookie?: Uint8Array }
      | { type: "dirSyncResult"; moreResults: boolean; cookie?: Uint8Array }
      | { type: "attributeScopedQuery"; attribute: string }
      | { type: "sdFlags" | "searchOptions"; flags: number }
      | { type: "extendedDN"; standard?: boolean }
      | { type: "assertion"; filter: Filter }
      /** the entry as it was before a change, or is after it (RFC 4527) */
      | { type: "preRead" | "postRead"; attributes?: string[] }
      | { type: "preReadResult" | "postReadResult"; entry: Entry }
    ));

/** Simple paged results (RFC 2696), in both directions. */
export interface PagedResults {
  type: "pagedResults";
  /** of a request: entries wanted, 0 to give the search up; of a response: all entries as the server estimates, or 0 */
  size: number;
  /** left out at the beginning of a search and at its end */
  cookie?: Uint8Array;
}

/** One of the attributes to sort by. */
export interface SortKey {
  attribute: string;
  /** name or OID of an ordering rule; default: the attribute's own */
  matchingRule?: string;
  /** default false */
  reverse?: boolean;
}

// ----------------------------------------------------------------- toolkit

/**
 * What `load` gives. Every failure is a DsmlkitError, whose codes are listed in
 * `errorCodes`. All methods but `stream` answer at once; large documents are
 * better parsed in a worker (`dsmlkit/worker-client`).
 */
export interface Toolkit {
  readonly soap: {
    /** Reads an envelope of SOAP 1.1 or 1.2. Header blocks and the body are kept as elements, a fault is told. */
    parse(input: Text): Envelope;
    /** Writes an envelope around a payload. What `parse` gave can be built again. */
    build(envelope: EnvelopeInit): string;
    /**
     * Changes white space where it carries no meaning, and nothing else. `indent`
     * is the number of spaces per level, default 2; 0 puts all on one line.
     */
    indent(text: Text, options?: { indent?: number }): string;
    /**
     * The session header of a message, without reading its body: for whoever has
     * to know only where a message belongs, such as a proxy. What follows the
     * headers is not looked at and may be wrong.
     * Undefined: it carries none, or one that contradicts itself.
     */
    session(input: Text): SessionHeader | undefined;
  };
  readonly dsml: {
    /**
     * Reads a document, bare or in an envelope; `kind` tells which it is.
     * Defaults are left out of the result. A message that holds a SOAP fault is
     * an error, "soap-fault-received".
     */
    parse(input: Text, options?: ParseOptions): BatchRequest | BatchResponse;
    /** Writes a document. `parse(build(d))` equals d. Text that XML cannot carry goes out as base64. */
    build(document: BatchRequest | BatchResponse, options?: BuildOptions): string;
    /** Every problem of a document in the order of the text, warnings included; none when it is in order. */
    validate(input: Text, options?: ParseOptions): Diagnostic[];
    /** Search filters as text (RFC 4515). */
    readonly filter: {
      /** Errors tell the column, counted from 1. */
      parse(text: string): Filter;
      format(filter: Filter): string;
    };
    /**
     * Items of a response as they arrive. Memory is bounded by the largest
     * item, not by the document; leaving the loop cancels the source. A chunk
     * has to stay as it is until the next one is asked for.
     */
    stream(
      source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
      options?: StreamOptions,
    ): AsyncIterable<ResponseItem>;
    /** LDIF, RFC 2849. */
    readonly ldif: {
      /** Change records become a batch of requests, content records become entries. */
      parse(text: Text): BatchRequest | Entry[];
      /** Requests become change records; entries, bare or inside a response, become content records. */
      format(document: BatchRequest | BatchResponse | Entry[]): string;
    };
    /** Values of controls, which travel in BER. */
    readonly control: {
      /** Results of preRead and postRead are made by servers; they are decoded only. */
      encode(value: AnyControlValue): Control;
      /**
       * Without a direction, those controls of ControlValue; others are
       * "unknown". Some OIDs stand for different values in a request and in its
       * answer, so the direction is needed for the rest.
       */
      decode(control: Control): ControlValue;
      decode(control: Control, options: { direction: "request" | "response" }): AnyControlValue;
    };
    /** The standard's name of a result code, or undefined. */
    resultName(code: number): string | undefined;
  };
  readonly sql: {
    /**
     * Reads a batch, the answer to one, or a fault, in an envelope or bare;
     * `kind` tells which it is. An envelope with an empty Body, as it ends a
     * session and is the answer to that, is "sqlEmpty". What slips are read all
     * the same, `validate` tells. Answers of many megabytes are better read with
     * `stream`.
     */
    parse(input: Text, options?: ParseOptions): SqlDocument;
    /**
     * Writes a message. `parse(build(d))` equals d. A rule of the protocol that
     * the message breaks is an error whose `statement` has its number.
     */
    build(document: SqlDocument, options?: BuildOptions): string;
    /** Every problem of a message, warnings included; none when it is in order. */
    validate(input: Text, options?: ParseOptions): Diagnostic[];
    /**
     * The answer to a batch as it arrives, row by row. Memory is bounded by the
     * largest item; leaving the loop cancels the source. A chunk has to stay as
     * it is until the next one is asked for. A fault is an item; a batch is an
     * error, "sql-root".
     */
    stream(source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>, options?: StreamOptions): AsyncIterable<SqlItem>;
  };
  readonly session: {
    /** A session of the DSML session extension: BeginSession, Session and EndSession headers. */
    dsml(options?: SessionOptions): Session;
    /** The same for the sqlSession header; `timeout` is asked for, and it is the server that grants it. */
    sql(options?: SessionOptions): Session;
    /** A session as it was when `toJSON` saved it. */
    restore(snapshot: SessionSnapshot | string, options?: Pick<SessionOptions, "now">): Session;
  };
  /** What sends messages to an endpoint with `fetch`, and pages through searches. */
  client(options: ClientOptions): Client;
}

/** A compiled `WebAssembly.Module`. Not every set of types has that name, nor anything that tells one from another object. */
export type CompiledModule = object;

/** Where the WebAssembly of the toolkit comes from. */
export interface LoadOptions {
  /** where the WebAssembly comes from; default: beside this module */
  wasm?: URL | string | globalThis.Response | Promise<globalThis.Response> | ArrayBuffer | ArrayBufferView | CompiledModule;
}
