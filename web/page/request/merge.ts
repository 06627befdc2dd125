/**
 * Brings a change of the form into a text that was written by hand. What the
 * form does not know of (comments, indentation, prefixes, blocks around the
 * batch) stays where it is; only what the form has changed is written.
 *
 * Three texts go in: the one by hand, and two that the toolkit has written, of
 * the batch before and after the change. What differs between those two is
 * done to the first.
 */

/** Longer texts (in UTF-16 units) take too long to be merged while somebody types. */
export const longestMerged = 500_000;

interface Attribute {
  name: string;
  /** with what white space stands before it */
  from: number;
  /** with its quotes */
  value: { from: number; to: number };
}

interface Element {
  /** as written, with its prefix */
  tag: string;
  /** without it */
  name: string;
  from: number;
  to: number;
  /** where the name of the opening tag ends */
  named: number;
  attributes: Attribute[];
  /** between the tags; undefined for an empty element with one tag */
  inner: { from: number; to: number } | undefined;
  children: Element[];
  parent: Element | undefined;
}

/** A part of a text that gives way to another. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/** All comments and processing instructions of a text, in order. */
export function asides(text: string): string[] {
  return text.match(/<!--[\s\S]*?-->|<\?(?!xml\s)[\s\S]*?\?>/g) ?? [];
}

/**
 * The text by hand with the change from `before` to `after` in it, both a
 * batchRequest as the toolkit writes it. `whole`: a request that has changed is
 * written anew, and not only the parts of it that have. Undefined where the
 * texts do not match. The caller looks whether it came out right.
 */
export function merge(byHand: string, before: string, after: string, whole = false): string | undefined {
  const hand = elementsOf(byHand);
  const old = elementsOf(before);
  const fresh = elementsOf(after);
  const batch = hand && batchIn(hand);
  if (!batch || !old || !fresh) return undefined;
  const merger = new Merger(byHand, before, after, whole);
  return merger.patch(batch, old, fresh) ? merger.done() : undefined;
}

function batchIn(root: Element): Element | undefined {
  if (root.name === "batchRequest") return root;
  const body = root.children.find(({ name }) => name === "Body");
  return body?.children.find(({ name }) => name === "batchRequest");
}

class Merger {
  readonly #hand: string;
  readonly #before: string;
  readonly #after: string;
  readonly #whole: boolean;
  readonly #edits: Edit[] = [];
  /** what was taken away, by its text of before: it may come again at another place */
  readonly #taken = new Map<string, Element>();

  constructor(hand: string, before: string, after: string, whole: boolean) {
    this.#hand = hand;
    this.#before = before;
    this.#after = after;
    this.#whole = whole;
  }

  /** False when the element by hand is not built like that of before. */
  patch(hand: Element, before: Element, after: Element): boolean {
    this.#attributes(hand, before, after);
    if (slice(this.#before, before.inner) === slice(this.#after, after.inner)) return true;
    if (before.children.length === 0 && after.children.length === 0) {
      this.#content(hand, slice(this.#after, after.inner) ?? "");
      return true;
    }
    const matched = match(hand.children, before.children);
    return matched !== undefined && this.#children(hand, matched, before.children, after.children);
  }

  done(): string {
    let text = this.#hand;
    // From the end, so that places before stay true. At one place, what goes does so before something comes; what was put there later stands behind.
    const ordered = this.#edits.map((edit, order) => ({ ...edit, order })).sort((a, b) => b.from - a.from || b.to - a.to || b.order - a.order);
    for (const edit of ordered) text = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
    return text;
  }

  #attributes(hand: Element, before: Element, after: Element): void {
    const valueIn = (text: string, element: Element, name: string) => slice(text, element.attributes.find((one) => one.name === name)?.value);
    for (const { name, value } of after.attributes) {
      const raw = slice(this.#after, value)!;
      if (valueIn(this.#before, before, name) === raw) continue;
      const there = hand.attributes.find((one) => one.name === name);
      if (there && name.startsWith("xmlns")) continue;
      if (there) this.#edits.push({ ...there.value, text: raw });
      else if (!this.#declares(hand, name, raw)) {
        const at = hand.attributes.at(-1)?.value.to ?? hand.named;
        this.#edits.push({ from: at, to: at, text: ` ${name}=${raw}` });
      }
    }
    for (const { name } of before.attributes) {
      // A namespace that is of no use any more does no harm.
      if (name.startsWith("xmlns") || after.attributes.some((one) => one.name === name)) continue;
      const there = hand.attributes.find((one) => one.name === name);
      if (there) this.#edits.push({ from: there.from, to: there.value.to, text: "" });
    }
  }

  /** Whether an element further out declares this namespace already. */
  #declares(hand: Element, name: string, raw: string): boolean {
    if (!name.startsWith("xmlns")) return false;
    for (let outer = hand.parent; outer; outer = outer.parent) {
      const there = outer.attributes.find((one) => one.name === name);
      if (there) return slice(this.#hand, there.value)!.slice(1, -1) === raw.slice(1, -1);
    }
    return false;
  }

  #content(hand: Element, text: string): void {
    if (hand.inner) this.#edits.push({ ...hand.inner, text });
    // One tag becomes two.
    else this.#edits.push({ from: hand.to - 2, to: hand.to, text: `>${text}</${hand.tag}>` });
  }

  #children(hand: Element, matched: readonly Element[], before: readonly Element[], after: readonly Element[]): boolean {
    const sources = (text: string, list: readonly Element[]) => list.map(({ from, to }) => text.slice(from, to));
    const old = sources(this.#before, before);
    const fresh = sources(this.#after, after);
    const steps = align(old, fresh, (i, j) => before[i]!.name === after[j]!.name);
    const becomes = (i: number, j: number) => before[i]!.name === after[j]!.name && !(this.#whole && hand.name === "batchRequest");
    for (const { i, j } of steps) {
      if (i === undefined || (j !== undefined && (old[i] === fresh[j] || becomes(i, j)))) continue;
      this.#taken.set(old[i]!, matched[i]!);
      if (j === undefined) this.#remove(matched[i]!);
    }
    let previous: Element | undefined;
    const blank = hand.children.length === 0 && /^\s*$/.test(slice(this.#hand, hand.inner) ?? "");
    const added: string[] = [];
    for (const { i, j } of steps) {
      if (i === undefined) {
        const text = this.#written(after[j!]!, fresh[j!]!, hand, matched);
        if (blank) added.push(text);
        else this.#insert(hand, matched, previous, text);
      } else {
        previous = matched[i]!;
        if (j === undefined || old[i] === fresh[j]) continue;
        if (!becomes(i, j)) this.#edits.push({ from: previous.from, to: previous.to, text: this.#written(after[j]!, fresh[j]!, hand, matched) });
        else if (!this.patch(previous, before[i]!, after[j]!)) return false;
      }
    }
    if (added.length > 0) {
      const { line, inner } = this.#layout(hand, matched);
      this.#content(hand, added.map((text) => inner + text).join("") + line);
    }
    return true;
  }

  #remove(element: Element): void {
    const space = indentAt(this.#hand, element.from) ?? "";
    this.#edits.push({ from: Math.max(0, element.from - space.length), to: element.to, text: "" });
  }

  /** Puts an element behind another, or first. */
  #insert(hand: Element, matched: readonly Element[], previous: Element | undefined, text: string): void {
    const at = previous?.to ?? hand.inner!.from;
    this.#edits.push({ from: at, to: at, text: this.#layout(hand, matched).inner + text });
  }

  /** What stands before the closing tag of an element, and before each of its children, as far as it is indented. */
  #layout(hand: Element, matched: readonly Element[]): { line: string; inner: string } {
    const line = indentAt(this.#hand, hand.from) ?? "";
    const sibling = matched[0] ?? hand.children[0];
    const inner = sibling ? (indentAt(this.#hand, sibling.from) ?? "") : line === "" ? "" : line + step(line);
    return { line, inner };
  }

  /** An element as it is written into the text by hand: as it stood there at another place, or with the prefix and indentation around it. */
  #written(element: Element, source: string, hand: Element, matched: readonly Element[]): string {
    const taken = this.#taken.get(source);
    if (taken) return this.#hand.slice(taken.from, taken.to);
    const prefix = hand.tag.slice(0, hand.tag.length - hand.name.length);
    return this.#render(element, prefix, this.#layout(hand, matched).inner);
  }

  #render(element: Element, prefix: string, indent: string): string {
    const text = this.#after;
    const tag = prefix + element.name;
    const attributes = element.attributes.map(({ name, value }) => ` ${name}=${slice(text, value)!}`).join("");
    if (!element.inner) return `<${tag}${attributes}/>`;
    const deeper = indent === "" ? "" : indent + step(indent);
    const content =
      element.children.length === 0
        ? slice(text, element.inner)!
        : element.children.map((child) => deeper + this.#render(child, prefix, deeper)).join("") + indent;
    return `<${tag}${attributes}>${content}</${tag}>`;
  }
}

/** The line end and the white space before a place; undefined when something else stands there. */
function indentAt(text: string, at: number): string | undefined {
  let from = at;
  while (from > 0 && (text[from - 1] === " " || text[from - 1] === "\t")) from--;
  if (from === 0) return `\n${text.slice(0, at)}`;
  if (text[from - 1] !== "\n") return undefined;
  return text.slice(text[from - 2] === "\r" ? from - 2 : from - 1, at);
}

/** One step of indentation more, in the manner of this one. */
function step(indent: string): string {
  return indent.endsWith("\t") ? "\t" : "  ";
}

function slice(text: string, range: { from: number; to: number } | undefined): string | undefined {
  return range && text.slice(range.from, range.to);
}

/** For each element of `wanted` the one by hand, in order; others between them are left alone. */
function match(byHand: readonly Element[], wanted: readonly Element[]): Element[] | undefined {
  const found: Element[] = [];
  let at = 0;
  for (const { name } of wanted) {
    while (at < byHand.length && byHand[at]!.name !== name) at++;
    if (at === byHand.length) return undefined;
    found.push(byHand[at++]!);
  }
  return found;
}

interface Step {
  /** undefined: this one is new */
  i?: number;
  /** undefined: this one is gone */
  j?: number;
}

/** More comparisons than this are not worth it. */
const mostCompared = 250_000;

/** Which of the old ones the new ones are. Of those that have changed, pairs stand in each other's place: preferably where `akin` says that one can become the other. */
export function align(old: readonly string[], fresh: readonly string[], akin: (i: number, j: number) => boolean): Step[] {
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++;
  let oldEnd = old.length;
  let freshEnd = fresh.length;
  while (oldEnd > start && freshEnd > start && old[oldEnd - 1] === fresh[freshEnd - 1]) {
    oldEnd--;
    freshEnd--;
  }
  const steps: Step[] = [];
  for (let k = 0; k < start; k++) steps.push({ i: k, j: k });
  let i = start;
  let j = start;
  for (const [i2, j2] of [...common(old, fresh, start, oldEnd, freshEnd), [oldEnd, freshEnd] as const]) {
    // Between two that stayed.
    while (i < i2 && j < j2) {
      if (akin(i, j) || i2 - i === j2 - j) steps.push({ i: i++, j: j++ });
      else if (i2 - i > j2 - j) steps.push({ i: i++ });
      else steps.push({ j: j++ });
    }
    while (i < i2) steps.push({ i: i++ });
    while (j < j2) steps.push({ j: j++ });
    if (i2 < oldEnd) steps.push({ i: i++, j: j++ });
  }
  for (let k = 0; oldEnd + k < old.length; k++) steps.push({ i: oldEnd + k, j: freshEnd + k });
  return steps;
}

/** The longest common subsequence between two ends. */
function common(old: readonly string[], fresh: readonly string[], start: number, oldEnd: number, freshEnd: number): [number, number][] {
  const rows = oldEnd - start;
  const columns = freshEnd - start;
  if (rows * columns > mostCompared) return [];
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let r = rows - 1; r >= 0; r--) {
    for (let c = columns - 1; c >= 0; c--) {
      lengths[r * width + c] =
        old[start + r] === fresh[start + c] ? lengths[(r + 1) * width + c + 1]! + 1 : Math.max(lengths[(r + 1) * width + c]!, lengths[r * width + c + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let r = 0, c = 0; r < rows && c < columns; ) {
    if (old[start + r] === fresh[start + c]) pairs.push([start + r++, start + c++]);
    else if (lengths[(r + 1) * width + c]! >= lengths[r * width + c + 1]!) r++;
    else c++;
  }
  return pairs;
}

/** Comments and the like; a closing tag; an opening tag with its attributes, or an empty element. */
const markup = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<\/[^>]*>|<([^\s/>]+)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;
const attribute = /\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')/g;

/** The root element, with the places of all below it, of a text that the toolkit has found to be well-formed. */
function elementsOf(text: string): Element | undefined {
  let root: Element | undefined;
  let open: Element | undefined;
  for (const { 0: found, 1: tag, 2: rest = "", index: from } of text.matchAll(markup)) {
    const to = from + found.length;
    if (tag !== undefined) {
      const named = from + 1 + tag.length;
      const made: Element = { tag, name: tag.slice(tag.indexOf(":") + 1), from, to, named, attributes: [], inner: undefined, children: [], parent: open };
      for (const { 0: whole, 1: name, 2: value, index } of rest.matchAll(attribute)) {
        const end = named + index + whole.length;
        made.attributes.push({ name: name!, from: named + index, value: { from: end - value!.length, to: end } });
      }
      open?.children.push(made);
      root ??= made;
      if (rest.endsWith("/")) continue;
      made.inner = { from: to, to };
      open = made;
    } else if (found.startsWith("</") && open) {
      open.inner!.to = from;
      open.to = to;
      open = open.parent;
    }
  }
  return open ? undefined : root;
}
