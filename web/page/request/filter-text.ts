/** Pieces of filter text, for colouring. It never fails: what is not a filter is coloured as far as it looks like one. */

export type PieceKind = "paren" | "operator" | "name" | "value" | "escape" | "wildcard";

export interface Piece {
  kind: PieceKind;
  text: string;
}

const item = /^([^()=~<>*\\]*?)(:=|~=|>=|<=|=)/;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let rest = text;
  let inValue = false;
  const take = (kind: PieceKind, length: number) => {
    found.push({ kind, text: rest.slice(0, length) });
    rest = rest.slice(length);
  };
  while (rest !== "") {
    if (rest.startsWith("(") || rest.startsWith(")")) {
      inValue = false;
      take("paren", 1);
      continue;
    }
    if (inValue) {
      if (rest.startsWith("*")) take("wildcard", 1);
      else if (/^\\[0-9a-f]{2}/i.test(rest)) take("escape", 3);
      else take("value", /^(\\|[^()*\\]+)/.exec(rest)?.[0].length ?? 1);
      continue;
    }
    const match = item.exec(rest);
    if (/^[&|!]/.test(rest)) take("operator", 1);
    else if (match) {
      if (match[1]) take("name", match[1].length);
      take("operator", match[2]!.length);
      inValue = true;
    } else take("name", /^[^()]+/.exec(rest)?.[0].length ?? 1);
  }
  return found;
}

/** Text pasted over several lines, as people keep long filters: line ends and the indentation after them go. */
export function onOneLine(text: string): string {
  return text.replace(/[ \t]*\r?\n[ \t]*/g, "");
}
