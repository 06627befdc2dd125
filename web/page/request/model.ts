/**
 * Form and text are two views of one thing. The model keeps them in step and
 * never lets one destroy the other: a form that is not complete leaves the
 * text as it was, a text that does not parse leaves the form as it was, and
 * either is kept as typed.
 */
import type { BatchRequest, Diagnostic, Envelope } from "dsmlkit";
import { emit, eventTarget } from "../dom.ts";
import type { AsyncToolkit, Preview, Wire } from "../types.ts";
import { fromDocument, toDocument, unwritable } from "./convert.ts";
import { type BatchDraft, blank, type FormProblem } from "./draft.ts";

/** Why a text is not a request, and where. */
export interface TextProblem {
  message: string;
  hint?: string;
  /** 1-based */
  line: number;
  column: number;
  statement?: string;
}

/** What a text says about the session that differs from the session that is open. */
export type SessionNote = "none" | "missing" | "other";

export type Wrapping = "1.1" | "1.2" | "bare";

interface ModelEvents {
  /** `text` was written anew, from the form or for the session */
  text: undefined;
  /** `draft` was read anew, from a text or a document */
  draft: undefined;
  /** problems, diagnostics, or anything else has changed */
  state: undefined;
}

const plainHeaders = {
  "1.1": { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"' },
  "1.2": { "Content-Type": 'application/soap+xml; charset=utf-8; action="#batchRequest"' },
} as const;

export class RequestModel extends eventTarget<ModelEvents>() {
  readonly #kit: AsyncToolkit;
  #preview: Preview | undefined;
  #dirty: "form" | "text" | undefined;
  #sessionMoved = false;
  #running: Promise<void> | undefined;
  #adopt = false;
  /** the text begins or ends a session by itself */
  #ownStep = false;

  draft: BatchDraft = { requests: [blank("searchRequest")] };
  version: "1.1" | "1.2" = "1.1";
  /** header blocks other than the session's, as text */
  headers: readonly string[] = [];
  /** the text is a batchRequest without an envelope */
  bare = false;
  /** who wrote last */
  source: "form" | "text" = "form";
  text = "";
  document: BatchRequest | undefined;
  /** the last text that parsed */
  lastGood = "";
  textProblem: TextProblem | undefined;
  formProblems: readonly FormProblem[] = [];
  diagnostics: readonly Diagnostic[] = [];
  sessionNote: SessionNote = "none";

  constructor(kit: AsyncToolkit) {
    super();
    this.#kit = kit;
  }

  /** The draft was changed in the form. */
  formChanged(): void {
    this.#work("form");
  }

  /** The text was changed by hand. */
  typed(text: string): void {
    this.text = text;
    this.#work("text");
  }

  /** Takes over a text from elsewhere: its session header, if any, is replaced by that of the session that is open. */
  setText(text: string): void {
    this.#adopt = true;
    this.typed(text);
  }

  async setDocument(document: BatchRequest): Promise<void> {
    this.draft = await fromDocument(document, this.#kit);
    emit(this, "draft");
    this.#work("form");
  }

  setPreview(preview: Preview | undefined): void {
    const before = this.#preview?.sessionID;
    this.#preview = preview;
    if (before !== preview?.sessionID) this.#work(undefined);
  }

  get sessionID(): string | undefined {
    return this.#preview?.sessionID;
  }

  /** Resolves when form, text and document say the same, or the problem is known. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** What the batch is put in: an envelope of a SOAP version, or nothing. */
  get wrapping(): Wrapping {
    return this.bare ? "bare" : this.version;
  }

  set wrapping(wrapping: Wrapping) {
    this.bare = wrapping === "bare";
    if (wrapping !== "bare") this.version = wrapping;
    this.formChanged();
  }

  restore(): void {
    this.typed(this.lastGood);
    emit(this, "text");
  }

  /** Gives the text the session header that it lacks, or the right one. */
  useSession(): void {
    this.setText(this.text);
  }

  /** The text with its white space in order; undefined when it is not well-formed. */
  indented(): Promise<string | undefined> {
    return this.#kit.soap.indent(this.text, { indent: 2 }).catch(() => undefined);
  }

  /** Body and headers as they will be sent. */
  async outgoing(): Promise<Wire> {
    if (this.#preview && this.document && !this.#ownStep && this.sessionNote === "none") return this.#preview.outgoing(this.text);
    return { body: this.text, headers: { ...plainHeaders[this.version] } };
  }

  #work(kind: "form" | "text" | undefined): void {
    if (kind) this.#dirty = kind;
    else this.#sessionMoved = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#dirty || this.#sessionMoved) {
      const dirty = this.#dirty;
      const sessionMoved = this.#sessionMoved;
      this.#dirty = undefined;
      this.#sessionMoved = false;
      if (dirty === "form") await this.#fromForm();
      else if (dirty === "text") await this.#fromText();
      else if (sessionMoved) await this.#moveSession();
      emit(this, "state");
    }
  }

  async #fromForm(): Promise<void> {
    const { document, problems } = await toDocument(this.draft, this.#kit);
    this.formProblems = problems;
    if (!document) return;
    try {
      const text = await this.#write(document);
      if (this.#dirty === "text") return;
      this.#accept(text, document, "form");
      this.sessionNote = "none";
      this.#ownStep = false;
      emit(this, "text");
    } catch (error) {
      // The document is whole but may not be written, such as a DN with a character that XML forbids.
      this.formProblems = [await unwritable(document, this.#kit, error)];
      return;
    }
    await this.#validate();
  }

  async #write(document: BatchRequest): Promise<string> {
    if (this.bare) return this.#kit.dsml.build(document, { indent: 2 });
    const text = await this.#kit.soap.build({ version: this.version, headers: [...this.headers], body: document });
    return this.#kit.soap.indent(await this.#inSession(text), { indent: 2 });
  }

  async #inSession(text: string): Promise<string> {
    if (!this.#preview?.sessionID) return text;
    return (await this.#preview.outgoing(text)).body;
  }

  async #fromText(): Promise<void> {
    const adopt = this.#adopt;
    this.#adopt = false;
    let text = this.text;
    try {
      const document = await this.#kit.dsml.parse(text);
      if (document.kind !== "batchRequest") {
        throw Object.assign(new Error("this is a batchResponse, which only a server sends"), { line: 1, column: 1 });
      }
      const envelope = await this.#kit.soap.parse(text).catch(() => undefined);
      if (adopt) text = await this.#adopted(text, envelope);
      const draft = await fromDocument(document, this.#kit);
      if (this.#dirty) return;
      if (envelope) {
        this.version = envelope.version;
        this.headers = otherHeaders(envelope);
      }
      this.bare = !envelope;
      this.sessionNote = adopt ? "none" : this.#compare(envelope);
      this.#ownStep = !adopt && envelope?.session?.dialect === "dsml" && envelope.session.step !== "session";
      this.draft = draft;
      this.formProblems = [];
      const rewritten = text !== this.text;
      this.#accept(text, document, "text");
      if (rewritten) emit(this, "text");
      emit(this, "draft");
    } catch (error) {
      if (this.#dirty) return;
      this.document = undefined;
      this.source = "text";
      this.textProblem = problemOf(error);
    }
    await this.#validate();
  }

  #accept(text: string, document: BatchRequest, source: "form" | "text"): void {
    this.text = text;
    this.document = document;
    this.source = source;
    this.lastGood = text;
    this.textProblem = undefined;
  }

  async #moveSession(): Promise<void> {
    // What does not parse, and what names a session of its own choice, stays as typed.
    if (!this.document) return;
    if (this.sessionNote !== "none") {
      this.sessionNote = this.#compare(await this.#kit.soap.parse(this.text).catch(() => undefined));
      return;
    }
    if (this.source === "form") return this.#fromForm();
    const text = await this.#adopted(this.text, await this.#kit.soap.parse(this.text).catch(() => undefined));
    if (this.#dirty || text === this.text) return;
    this.text = text;
    this.lastGood = text;
    emit(this, "text");
  }

  /** The text with the header of the open session, or without one when none is open. */
  async #adopted(text: string, envelope: Envelope | undefined): Promise<string> {
    if (!envelope) return text;
    if (this.#preview?.sessionID) return this.#compare(envelope) === "none" ? text : this.#inSession(text);
    if (!envelope.session) return text;
    const without = withoutSessionHeader(text);
    const left = await this.#kit.soap.parse(without).catch(() => envelope);
    return left.session ? text : without;
  }

  #compare(envelope: Envelope | undefined): SessionNote {
    const named = envelope?.session;
    const open = this.#preview?.sessionID;
    if (!named) return open && envelope ? "missing" : "none";
    if (named.dialect !== "dsml") return "other";
    if (named.step === "begin") return open ? "other" : "none";
    return named.id === open ? "none" : "other";
  }

  async #validate(): Promise<void> {
    const { text } = this;
    const diagnostics = await this.#kit.dsml.validate(text).catch(() => []);
    if (text === this.text) this.diagnostics = diagnostics;
  }
}

function otherHeaders(envelope: Envelope): string[] {
  return envelope.headers.filter((block) => !isSessionHeader(block.namespace, block.name)).map((block) => block.xml);
}

const sessionNamespace = "urn:schema-microsoft-com:activedirectory:dsmlv2";
const sessionNames = ["BeginSession", "Session", "EndSession"];

function isSessionHeader(namespace: string, name: string): boolean {
  return namespace === sessionNamespace && sessionNames.includes(name);
}

/**
 * Cuts the session header out of the text of an envelope and leaves all else
 * as it is. It goes by names alone; the caller looks whether it met the right one.
 */
export function withoutSessionHeader(text: string): string {
  const block = /[ \t]*<((?:[\w.-]+:)?(?:BeginSession|Session|EndSession))(?=[\s/>])[^>]*?(?:\/>|>[\s\S]*?<\/\1\s*>)[ \t]*(?:\r?\n)?/;
  const header = /[ \t]*<((?:[\w.-]+:)?Header)(?=[\s>])[^>]*>\s*<\/\1\s*>[ \t]*(?:\r?\n)?/;
  return text.replace(block, "").replace(header, "");
}

function problemOf(error: unknown): TextProblem {
  const { message, hint, line, column, statement } = error as Error & Partial<TextProblem>;
  return {
    message,
    line: line ?? 1,
    column: column ?? 1,
    ...(hint === undefined ? {} : { hint }),
    ...(statement === undefined ? {} : { statement }),
  };
}
