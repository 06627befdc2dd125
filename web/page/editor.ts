/**
 * CodeMirror for XML. It lives in a shadow root because there it takes its
 * styles through adopted style sheets, which the page's CSP allows, and
 * not through <style> elements, which it does not. Colours are the page's
 * custom properties: they reach into the shadow.
 */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { xml } from "@codemirror/lang-xml";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, RangeSetBuilder, Transaction } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { emit, eventTarget, h } from "./dom.ts";
import { attributes, elements } from "./request/schema.ts";

/** A place in the text that something is said about. Line and column are 1-based, the column counts characters. */
export interface Mark {
  severity: "error" | "warning";
  line: number;
  column: number;
  message: string;
  hint?: string;
}

export interface EditorOptions {
  /** accessible name */
  label: string;
  readOnly?: boolean;
  placeholder?: string;
}

/** Events: "change" with the text, when a person has changed it. */
export class Editor extends eventTarget<{ change: string }>() {
  readonly element: HTMLElement;
  readonly #view: EditorView;
  readonly #wrapping = new Compartment();

  constructor(options: EditorOptions) {
    super();
    this.element = h("div", { class: "editor" });
    const root = this.element.attachShadow({ mode: "open" });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        extensions: [
          common,
          options.readOnly ? reading : writing,
          options.placeholder ? placeholder(options.placeholder) : [],
          this.#wrapping.of([]),
          EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", translate: "no" }),
          EditorView.updateListener.of((update) => {
            const byHand = update.transactions.some((t) => t.docChanged && t.annotation(Transaction.remote) !== true);
            if (byHand) emit(this, "change", this.text);
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Shows another text. Only what differs is replaced, so the caret stays; a person can undo it. */
  setText(text: string): void {
    const old = this.text;
    if (old === text) return;
    const [start, oldEnd, newEnd] = difference(old, text);
    this.#view.dispatch({
      changes: { from: start, to: oldEnd, insert: text.slice(start, newEnd) },
      annotations: [Transaction.remote.of(true), isolateHistory.of("full")],
    });
  }

  setMarks(marks: readonly Mark[]): void {
    const { doc } = this.#view.state;
    const diagnostics = marks.map((mark): Diagnostic => {
      const from = this.#position(mark.line, mark.column);
      return {
        from,
        to: Math.max(from, Math.min(doc.length, from + spanAt(doc.sliceString(from, from + 80)))),
        severity: mark.severity,
        message: mark.message,
        renderMessage: () =>
          h("div", null, h("div", null, mark.message), mark.hint ? h("div", { class: "cm-hint" }, mark.hint) : null),
      };
    });
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Puts the caret at a place and brings it into sight. */
  reveal(line: number, column: number): void {
    const anchor = this.#position(line, column);
    this.#view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.#view.focus();
  }

  /** Long lines go on below, indented as they began. */
  wrapLines(on: boolean): void {
    this.#view.dispatch({ effects: this.#wrapping.reconfigure(on ? [EditorView.lineWrapping, hangingIndent] : []) });
  }

  focus(): void {
    this.#view.focus();
  }

  get focused(): boolean {
    return this.#view.hasFocus;
  }

  #position(line: number, column: number): number {
    const { doc } = this.#view.state;
    const at = doc.line(Math.min(Math.max(1, line), doc.lines));
    let offset = 0;
    for (let i = 1; i < column && offset < at.length; i++) {
      offset += (at.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
    }
    return at.from + offset;
  }
}

/** Where two texts begin to differ, and where either ends to differ. */
export function difference(a: string, b: string): [start: number, aEnd: number, bEnd: number] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < shorter - start && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) tail++;
  return [start, a.length - tail, b.length - tail];
}

/** How much of the text at an error is marked: the tag name or word, at least one character. */
export function spanAt(text: string): number {
  const match = /^(<\/?[^\s<>/=]*|[^\s<>/="']+|"[^"<]*"?|.)/su.exec(text);
  return match ? match[0].length : 0;
}

/** Wrapped lines begin under the text of their first row, two characters further in. */
const hangingIndent = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = this.#build(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged || update.geometryChanged) this.decorations = this.#build(update.view);
    }

    #build(view: EditorView): DecorationSet {
      const builder = new RangeSetBuilder<Decoration>();
      const width = view.defaultCharacterWidth;
      for (const { from, to } of view.visibleRanges) {
        for (let at = from; at <= to; ) {
          const line = view.state.doc.lineAt(at);
          const spaces = /^ */.exec(line.text)![0].length;
          // Deep nesting must leave room to read.
          const indent = Math.min(spaces + 2, 32) * width;
          builder.add(line.from, line.from, Decoration.line({ attributes: { style: `padding-left: ${indent + 4}px; text-indent: -${indent}px` } }));
          at = line.to + 1;
        }
      }
      return builder.finish();
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const colours = HighlightStyle.define([
  { tag: tags.tagName, color: "var(--code-name)" },
  { tag: tags.attributeName, color: "var(--code-attribute)" },
  { tag: tags.attributeValue, color: "var(--code-value)" },
  { tag: [tags.angleBracket, tags.definitionOperator], color: "var(--code-punctuation)" },
  { tag: [tags.comment, tags.documentMeta, tags.processingInstruction], color: "var(--code-comment)" },
  { tag: [tags.character, tags.special(tags.string)], color: "var(--code-reference)" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "12px" },
  "&.cm-focused": { outline: "none" },
  // Above the gutters, which would cover an outline.
  "&.cm-focused::after": { content: "''", position: "absolute", inset: "0", zIndex: "400", border: "2px solid var(--focus)", pointerEvents: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", scrollbarColor: "var(--edge) transparent", scrollbarWidth: "thin" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 12px 0 4px" },
  ".cm-gutters": { border: "0", backgroundColor: "var(--surface)", color: "var(--faint)", fontVariantNumeric: "tabular-nums" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "28px", padding: "0 4px 0 8px" },
  ".cm-foldGutter .cm-gutterElement": { width: "12px", color: "var(--faint)", cursor: "pointer" },
  ".cm-gutter-lint": { width: "12px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "4px 0 0 2px" },
  ".cm-lint-marker": { width: "8px", height: "8px", borderRadius: "50%" },
  ".cm-lint-marker-error": { content: "none", backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "none", backgroundColor: "var(--warn)", borderRadius: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--panel)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--code-selection)",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-selectionMatch": { backgroundColor: "var(--raised)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--pressed)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--warn-line)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--warn-line)" },
  ".cm-foldPlaceholder": { border: "0", padding: "0 4px", backgroundColor: "var(--raised)", color: "var(--muted)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--bad) 1.5px", textDecorationSkipInk: "none", backgroundColor: "var(--bad-soft)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn) 1.5px", textDecorationSkipInk: "none" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--bad)" },
  ".cm-tooltip": { border: "1px solid var(--edge)", borderRadius: "4px", backgroundColor: "var(--surface)", color: "var(--text)" },
  ".cm-tooltip-lint, .cm-tooltip .cm-diagnostic": { fontFamily: "var(--sans)", fontSize: "13px" },
  ".cm-diagnostic": { maxWidth: "480px", padding: "4px 12px", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warn)" },
  ".cm-hint": { color: "var(--muted)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--text)" },
  ".cm-completionDetail": { color: "var(--faint)", fontStyle: "normal" },
  ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--text)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { fontFamily: "var(--sans)", padding: "8px" },
  ".cm-panel.cm-search [name=close]": { color: "var(--muted)", fontSize: "16px" },
  ".cm-textfield": { border: "1px solid var(--edge)", borderRadius: "4px", padding: "3px 8px", backgroundColor: "var(--surface)", color: "var(--text)", fontSize: "12px" },
  ".cm-button": { border: "1px solid var(--edge)", borderRadius: "4px", padding: "3px 8px", backgroundImage: "none", backgroundColor: "var(--surface)", color: "var(--text)", fontSize: "12px" },
  ".cm-placeholder": { color: "var(--faint)" },
});

/**
 * Typing over a selection is done here and not by the browser: Chromium would
 * keep the look of what was selected with a style attribute, and say on the
 * console that the page's policy forbids it.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { inputType, data } = event;
    if (inputType !== "insertText" || data === null || view.composing) return false;
    const { from, to } = selected(view);
    if (from === to) return false;
    const insert = () =>
      view.state.update({ changes: { from, to, insert: data }, selection: { anchor: from + data.length }, userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    return true;
  },
});

/** What is selected: in the editor's state, or on the screen when the state has not heard of it yet. */
function selected(view: EditorView): { from: number; to: number } {
  const { main } = view.state.selection;
  // Chromium's alone; the other browsers keep no look of what was selected.
  const selection = (view.root as { getSelection?(): Selection | null }).getSelection?.();
  if (!main.empty || !selection?.anchorNode || !selection.focusNode || !view.contentDOM.contains(selection.anchorNode)) return main;
  const anchor = view.posAtDOM(selection.anchorNode, selection.anchorOffset);
  const head = view.posAtDOM(selection.focusNode, selection.focusOffset);
  return { from: Math.min(anchor, head), to: Math.max(anchor, head) };
}

const common: Extension = [
  theme,
  syntaxHighlighting(colours),
  lineNumbers(),
  codeFolding(),
  foldGutter({ openText: "▾", closedText: "▸" }),
  highlightSpecialChars(),
  drawSelection(),
  bracketMatching(),
  search({ top: true }),
  highlightSelectionMatches(),
  EditorState.tabSize.of(2),
  keymap.of([...searchKeymap, ...foldKeymap]),
];

const reading: Extension = [xml(), EditorState.readOnly.of(true), keymap.of(defaultKeymap)];

const writing: Extension = [
  xml({ elements, attributes, autoCloseTags: true }),
  typeOver,
  lintGutter(),
  history(),
  indentOnInput(),
  closeBrackets(),
  autocompletion({ icons: false }),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  // Ctrl+Enter is the page's: it sends.
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap.filter((binding) => binding.key !== "Mod-Enter"),
    ...historyKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
];
