/**
 * Form and text are two views of one thing. The model keeps them in step and
 * never lets one destroy the other: a form that is not complete leaves the
 * text as it was, a text that does not parse leaves the form as it was, and
 * either is kept as typed. A change of the form is brought into a text that was
 * written by hand. Where work has to give way all the same, it is put aside.
 */
import type { BatchRequest, Diagnostic, Envelope } from "dsmlkit";
import { emit, eventTarget } from "../dom.ts";
import type { AsyncToolkit, Preview, Wire } from "../types.ts";
import { fromDocument, toDocument, unwritable } from "./convert.ts";
import { type BatchDraft, blank, type FormProblem } from "./draft.ts";
import type { Aside, Work } from "./kept.ts";
import { type Brought, intoText, type Parsed } from "./into-text.ts";
import { problemOf, type TextProblem } from "./problem.ts";
import { adopted, compare, otherHeaders, type SessionNote } from "./session-header.ts";

export type Wrapping = "1.1" | "1.2" | "bare";

/** The request as it stands at one moment. */
export interface Moment {
  text: string;
  document: BatchRequest | undefined;
  textProblem: TextProblem | undefined;
  formProblems: readonly FormProblem[];
  sessionNote: SessionNote;
}

interface ModelEvents {
  /** `text` was written anew, from the form or for the session */
  text: undefined;
  /** `draft` was read anew, from a text or a document */
  draft: undefined;
  /** problems, diagnostics, or anything else has changed */
  state: undefined;
  /** the text has another session header, or none, and is the same otherwise */
  moved: { from: string; to: string };
  /** work has given way to other work */
  aside: Aside;
}

/** What the form makes. */
interface Composed extends Partial<Brought> {
  problems: FormProblem[];
  document?: BatchRequest;
}

/** What a text says, or why it says nothing. */
type Read = { text: string; document: BatchRequest; envelope: Envelope | undefined; draft: BatchDraft; note: SessionNote } | { problem: TextProblem };

/** Somebody wants to know how things stand at this moment, though they are not settled. */
interface Question {
  edits: number;
  changed: "form" | "text" | undefined;
  draft: BatchDraft;
  adopt: boolean;
  now: Moment;
  resolve: (moment: Moment) => void;
}

const plainHeaders = {
  "1.1": { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '"#batchRequest"' },
  "1.2": { "Content-Type": 'application/soap+xml; charset=utf-8; action="#batchRequest"' },
} as const;

export class RequestModel extends eventTarget<ModelEvents>() {
  readonly #kit: AsyncToolkit;
  #preview: Preview | undefined;
  #dirty: "form" | "text" | undefined;
  /** what is being worked on */
  #doing: "form" | "text" | undefined;
  #sessionMoved = false;
  #running: Promise<void> | undefined;
  /** counts what was changed, by whomever */
  #edits = 0;
  #questions: Question[] = [];
  /** the form says what the text does not */
  #ahead = false;
  /** comes with the text that is about to be read, and is ahead of it */
  #formToo: BatchDraft | undefined;
  #adopt = false;
  /** the session header is as the person wants it, whatever session is open */
  #ownSession = false;
  /** the text begins or ends a session by itself */
  #ownStep = false;
  /** another envelope is wanted around the batch */
  #rewrap = false;
  /** the last text that parsed, and what it says */
  #good: Parsed | undefined;

  draft: BatchDraft = { requests: [blank("searchRequest")] };
  version: "1.1" | "1.2" = "1.1";
  /** header blocks other than the session's, as text */
  headers: readonly string[] = [];
  /** the text is a batchRequest without an envelope */
  bare = false;
  /** whose the text is: written by the form as a whole, or by hand */
  source: "form" | "text" = "form";
  text = "";
  document: BatchRequest | undefined;
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
    this.#ahead = true;
    this.#work("form");
  }

  /** The text was changed by hand. */
  typed(text: string): void {
    this.#take({ text }, false);
  }

  /** What stands there, with the form where that says what the text does not. */
  get work(): Work {
    return {
      text: this.text,
      ...(this.#ahead ? { form: structuredClone(this.draft) } : {}),
      ...(this.#ownSession || this.sessionNote !== "none" ? { ownSession: true } : {}),
    };
  }

  /** The same with the form in any case: it is about to change. */
  get everything(): Work {
    return { ...this.work, form: structuredClone(this.draft) };
  }

  /** Takes over work from elsewhere: unless it is to keep its session header, that is replaced by the one of the session that is open. */
  setWork(work: Work): void {
    this.#ahead = false;
    this.#take(work, !work.ownSession);
  }

  #take({ text, form, ownSession }: Work, adopt: boolean): void {
    this.text = text;
    this.#formToo = form;
    this.#adopt = adopt;
    this.#ownSession = ownSession === true;
    this.#work("text");
  }

  setText(text: string): void {
    this.setWork({ text });
  }

  async setDocument(document: BatchRequest): Promise<void> {
    this.draft = await fromDocument(document, this.#kit);
    emit(this, "draft");
    this.formChanged();
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

  /** How things stand as of this call, whatever is typed until it is known. */
  moment(): Promise<Moment> {
    if (!this.#running) return Promise.resolve(this.#now());
    return new Promise((resolve) => {
      this.#questions.push({
        edits: this.#edits,
        changed: this.#dirty ?? this.#doing,
        draft: structuredClone(this.draft),
        adopt: this.#adopt,
        now: this.#now(),
        resolve,
      });
    });
  }

  /** What the batch is put in: an envelope of a SOAP version, or nothing. */
  get wrapping(): Wrapping {
    return this.bare ? "bare" : this.version;
  }

  set wrapping(wrapping: Wrapping) {
    this.bare = wrapping === "bare";
    if (wrapping !== "bare") this.version = wrapping;
    this.#rewrap = true;
    this.formChanged();
  }

  /** Goes back to the last text that parsed. */
  restore(): void {
    emit(this, "aside", { work: { text: this.text }, words: "The text that did not parse is put aside." } satisfies Aside);
    this.setWork({ ...this.work, text: this.#good?.text ?? "" });
    emit(this, "text");
  }

  /** Gives the text the session header that it lacks, or the right one. */
  useSession(): void {
    const { text, form } = this.work;
    this.setWork({ text, ...(form ? { form } : {}) });
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

  #now(): Moment {
    const { text, document, textProblem, formProblems, sessionNote } = this;
    return { text, document, textProblem, formProblems, sessionNote };
  }

  #work(kind: "form" | "text" | undefined): void {
    if (kind) {
      this.#dirty = kind;
      this.#edits++;
    } else this.#sessionMoved = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#dirty || this.#sessionMoved || this.#questions.length > 0) {
      const [question] = this.#questions;
      const settled = !this.#dirty && !this.#sessionMoved;
      if (question && (settled || question.edits !== this.#edits)) {
        this.#questions.shift();
        question.resolve(question.edits === this.#edits ? this.#now() : await this.#asOf(question));
        continue;
      }
      this.#doing = this.#dirty;
      this.#dirty = undefined;
      const sessionMoved = this.#sessionMoved;
      this.#sessionMoved = false;
      if (this.#doing === "form") {
        await this.#fromForm();
        // A text by hand was not written anew, with its session header.
        if (sessionMoved && this.source === "text") this.#sessionMoved = true;
      } else if (this.#doing === "text") await this.#fromText();
      else await this.#moveSession();
      this.#doing = undefined;
      emit(this, "state");
    }
  }

  /** The answer to a question after which something was changed. */
  async #asOf({ changed, draft, adopt, now }: Question): Promise<Moment> {
    if (changed === "form") {
      const { text, document, problems, merged } = await this.#compose(draft);
      if (text === undefined) return { ...now, textProblem: undefined, formProblems: problems };
      return { text, document, textProblem: undefined, formProblems: [], sessionNote: merged ? now.sessionNote : "none" };
    }
    if (changed === "text") {
      const read = await this.#read(now.text, adopt);
      if ("problem" in read) return { ...now, document: undefined, textProblem: read.problem };
      return { text: read.text, document: read.document, textProblem: undefined, formProblems: [], sessionNote: read.note };
    }
    return now;
  }

  async #fromForm(): Promise<void> {
    const edits = this.#edits;
    const { text, document, problems, merged, lost, plain } = await this.#compose(this.draft);
    this.formProblems = problems;
    if (text === undefined || this.#dirty === "text") return;
    if (lost) emit(this, "aside", { work: { text: this.text }, words: lost } satisfies Aside);
    this.#accept({ text, document: document!, ...(plain === undefined ? {} : { plain }) }, merged ? "text" : "form");
    if (!merged) {
      this.sessionNote = "none";
      this.#ownStep = this.#ownSession = this.#rewrap = false;
    }
    if (edits === this.#edits) this.#ahead = false;
    emit(this, "text");
    await this.#validate();
  }

  async #compose(draft: BatchDraft): Promise<Composed> {
    const { document, problems } = await toDocument(draft, this.#kit);
    if (!document) return { problems };
    try {
      if (this.source === "form" || !this.#good) return { problems, document, text: await this.#write(document) };
      const written = await this.#write(document);
      if (this.#rewrap) return { problems, document, text: written, lost: "The batch was put into another envelope. The text as it was written by hand is put aside." };
      return { problems, document, ...(await intoText(this.#kit, this.#good, document, written)) };
    } catch (error) {
      // The document is whole but may not be written, such as a DN with a character that XML forbids.
      return { problems: [await unwritable(document, this.#kit, error)] };
    }
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
    const { text } = this;
    const adopt = this.#adopt;
    const form = this.#formToo;
    const read = await this.#read(text, adopt);
    if (this.#dirty) {
      if (form) emit(this, "aside", overtaken({ text, form }));
      return;
    }
    this.#adopt = false;
    this.#formToo = undefined;
    if ("problem" in read) {
      this.document = undefined;
      this.source = "text";
      this.textProblem = read.problem;
      if (form) {
        this.draft = form;
        this.#ahead = true;
        emit(this, "draft");
      }
    } else {
      if (this.#ahead) emit(this, "aside", overtaken({ text: this.#good?.text ?? "", form: this.draft }));
      const { envelope } = read;
      if (envelope) {
        this.version = envelope.version;
        this.headers = otherHeaders(envelope);
      }
      this.bare = !envelope;
      this.#rewrap = false;
      this.sessionNote = read.note;
      this.#ownStep = !adopt && envelope?.session?.dialect === "dsml" && envelope.session.step !== "session";
      this.draft = form ?? read.draft;
      this.#ahead = form !== undefined;
      this.formProblems = [];
      this.#accept({ text: read.text, document: read.document }, "text");
      if (read.text !== text) emit(this, "text");
      emit(this, "draft");
      if (form) this.#dirty = "form";
    }
    await this.#validate();
  }

  /** @param adopt its session header is replaced by that of the open session */
  async #read(text: string, adopt: boolean): Promise<Read> {
    try {
      const document = await this.#kit.dsml.parse(text);
      if (document.kind !== "batchRequest") {
        throw Object.assign(new Error("this is a batchResponse, which only a server sends"), { line: 1, column: 1 });
      }
      const envelope = await this.#kit.soap.parse(text).catch(() => undefined);
      return {
        text: adopt ? await adopted(this.#kit, text, envelope, this.#preview) : text,
        document,
        envelope,
        draft: await fromDocument(document, this.#kit),
        note: adopt ? "none" : compare(envelope, this.sessionID),
      };
    } catch (error) {
      return { problem: problemOf(error) };
    }
  }

  #accept(good: Parsed, source: "form" | "text"): void {
    this.text = good.text;
    this.document = good.document;
    this.source = source;
    this.#good = good;
    this.textProblem = undefined;
  }

  async #moveSession(): Promise<void> {
    // What does not parse, and what names a session of its own choice, stays as typed.
    if (!this.document) return;
    if (this.sessionNote !== "none" || this.#ownSession) {
      this.sessionNote = compare(await this.#kit.soap.parse(this.text).catch(() => undefined), this.sessionID);
      return;
    }
    const from = this.text;
    if (this.source === "form") {
      const edits = this.#edits;
      await this.#fromForm();
      if (edits === this.#edits) emit(this, "moved", { from, to: this.text });
      return;
    }
    const text = await adopted(this.#kit, this.text, await this.#kit.soap.parse(this.text).catch(() => undefined), this.#preview);
    if (this.#dirty || text === this.text) return;
    this.text = text;
    this.#good = { text, document: this.document };
    emit(this, "moved", { from, to: text });
    emit(this, "text");
  }

  async #validate(): Promise<void> {
    const { text } = this;
    const diagnostics = await this.#kit.dsml.validate(text).catch(() => []);
    if (text === this.text) this.diagnostics = diagnostics;
  }
}

function overtaken(work: Work): Aside {
  return { work, words: "The form was not ready, and the text has taken its place. The form is put aside." };
}
