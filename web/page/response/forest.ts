// Entries by their place in the directory. Pure.
import type { Entry } from "dsmlkit";

export interface Node {
  /** first part of the DN; the root DSE has an empty one */
  rdn: string;
  dn: string;
  /** undefined for a place that entries lie below but that was not itself found */
  entry?: Entry;
  children: Node[];
  depth: number;
}

/** Parts of a DN from left to right; a comma behind a backslash or in quotes separates nothing (RFC 4514). */
export function splitDN(dn: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (let i = 0; i < dn.length; i++) {
    const c = dn[i]!;
    if (c === "\\") {
      part += c + (dn[++i] ?? "");
    } else if ((c === "," || c === ";") && !quoted) {
      parts.push(part.trim());
      part = "";
    } else {
      if (c === '"') quoted = !quoted;
      part += c;
    }
  }
  if (part.trim() !== "" || parts.length > 0) parts.push(part.trim());
  return parts;
}

/**
 * The trees that the entries stand in. Places above the uppermost entries are
 * joined into one node each ("dc=example,dc=com"): nobody wants to open them one
 * by one.
 */
export function forest(entries: readonly Entry[]): Node[] {
  const byDN = new Map<string, Node>();
  const roots: Node[] = [];
  const place = (parts: string[], depth: number): Node => {
    const key = parts.map((part) => part.toLowerCase().replace(/\s*=\s*/, "=")).join(",");
    let node = byDN.get(key);
    if (!node) {
      node = { rdn: parts[0] ?? "", dn: parts.join(","), children: [], depth: 0 };
      byDN.set(key, node);
      if (parts.length <= 1) roots.push(node);
      else place(parts.slice(1), depth + 1).children.push(node);
    }
    return node;
  };
  for (const entry of entries) place(splitDN(entry.dn), 0).entry ??= entry;
  const joined = roots.map(join);
  for (const root of joined) setDepth(root, 0);
  return joined;
}

function join(node: Node): Node {
  while (!node.entry && node.children.length === 1) {
    const child = node.children[0]!;
    node = { ...child, rdn: node.rdn === "" ? child.rdn : `${child.rdn},${node.rdn}` };
  }
  return node;
}

function setDepth(root: Node, depth: number): void {
  const stack: Node[] = [root];
  root.depth = depth;
  while (stack.length > 0) {
    const node = stack.pop()!;
    for (const child of node.children) {
      child.depth = node.depth + 1;
      stack.push(child);
    }
  }
}

/** The nodes that are to be seen, in order. */
export function visible(roots: readonly Node[], isOpen: (node: Node) => boolean): Node[] {
  const shown: Node[] = [];
  const stack = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack.pop()!;
    shown.push(node);
    if (isOpen(node)) for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!);
  }
  return shown;
}
