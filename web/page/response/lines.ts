/** A line as it is shown. */
export interface Line {
  /** of the line in the text; empty where a long line goes on */
  number: string;
  text: string;
}

/** The lines of a text; those that do not fit go on in the next row. Nothing is left out or added. */
export function breakLines(text: string, width: number): Line[] {
  const lines: Line[] = [];
  let number = 0;
  for (const line of text.split(/\r\n|\n|\r/)) {
    number++;
    for (let at = 0; at === 0 || at < line.length; at += width) lines.push({ number: at === 0 ? String(number) : "", text: line.slice(at, at + width) });
  }
  return lines;
}
