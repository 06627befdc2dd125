/**
 * Makes the reference out of the published declarations. These come from tsc,
 * so their form is known: what is exported begins at the start of a line and
 * ends with a line that is not indented.
 */

const parts: [file: string, title: string, about: string][] = [
  ["index.d.ts", "Loading", 'From `"dsmlkit"`, which exports all that follows as well.'],
  ["types.d.ts", "The toolkit and its documents", ""],
  ["client-types.d.ts", "The client", ""],
  ["sql-types.d.ts", "SQL", ""],
  ["errors.d.ts", "Errors", "All codes stand in [their own list](errors.md)."],
  ["worker-client.d.ts", "In a worker", 'From `"dsmlkit/worker-client"`.'],
  ["worker-types.d.ts", "", ""],
];

interface Declaration {
  name: string;
  comment: string;
  code: string;
}

/** What a file declares for others, in its order. */
function declarationsOf(text: string): Declaration[] {
  const found: Declaration[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const name = /^export (?:declare )?(?:interface|type|function|class|const) (\w+)/.exec(lines[i]!)?.[1];
    if (name === undefined) continue;
    let comment = "";
    if (lines[i - 1]?.endsWith("*/")) {
      let from = i - 1;
      while (!lines[from]!.startsWith("/**")) from--;
      comment = lines.slice(from, i).join("\n");
    }
    const code = [lines[i]!];
    // One of several lines ends with a brace alone, a type with a semicolon, on
    // a line that is not indented.
    if (!lines[i]!.endsWith(";")) {
      const last = /^export (declare )?type/.test(lines[i]!) ? /^\S.*;$/ : /^}$/;
      do code.push(lines[++i]!);
      while (!last.test(lines[i]!));
    }
    found.push({ name, comment: plain(comment), code: code.join("\n").replace(/^export (declare )?/, "") });
  }
  return found;
}

/** The text of a comment. */
function plain(comment: string): string {
  return comment
    .replace(/^\/\*\*\s?|\s*\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^ \* ?/, ""))
    .join("\n")
    .trim();
}

export function reference(files: Record<string, string>): string {
  let text = "# Reference\n\nMade from the declarations of the package. The [guide](guide.md) goes by task.\n\nUnits: timeouts of sessions are seconds, those of the client milliseconds; moments are milliseconds since 1970-01-01 UTC (as `Date.now()` gives them), remaining times are milliseconds, sizes are bytes. Text is Unicode; bytes are UTF-8, or UTF-16 with a byte order mark, or what the XML declaration names (ISO-8859-1, US-ASCII).\n";
  for (const [file, title, about] of parts) {
    if (files[file] === undefined) throw new Error(`the package has no ${file}`);
    if (title !== "") text += `\n## ${title}\n`;
    if (about !== "") text += `\n${about}\n`;
    const declarations = declarationsOf(files[file]);
    // What everything else is reached from.
    declarations.sort((a, b) => Number(b.name === "Toolkit") - Number(a.name === "Toolkit"));
    if (declarations.length > 3) text += `\n${declarations.map(({ name }) => `[${name}](#${name.toLowerCase()})`).join(" · ")}\n`;
    for (const { name, comment, code } of declarations) {
      text += `\n### ${name}\n\n${comment === "" ? "" : `${comment}\n\n`}\`\`\`ts\n${code}\n\`\`\`\n`;
    }
  }
  return text;
}

export function errorList(codes: Readonly<Record<string, string>>): string {
  const rows = Object.entries(codes).map(([code, meaning]) => `| \`${code}\` | ${meaning.replaceAll("|", "\\|")} |`);
  return `# Codes of errors\n\nEvery failure is a \`DsmlkitError\`, whose \`code\` is one of these; so is that of every problem that \`validate\` finds. Codes are stable: one may be added, none changes its meaning. \`errorCodes\` of the package is the same list.\n\n| code | meaning |\n| --- | --- |\n${rows.join("\n")}\n`;
}
