// A reporter for `node --test` that writes one JSON object a line, for the test
// command to count and to print.

/** The whole of an error: its stack, its causes, what was expected. */
function describe(error) {
  const cause = error?.cause ?? error;
  if (!(cause instanceof Error) && typeof cause !== "object") return String(cause);
  const lines = [cause.stack ?? cause.message ?? JSON.stringify(cause)];
  if (cause.cause) lines.push(`caused by: ${describe(cause.cause)}`);
  return lines.join("\n");
}

/** A parent that failed only because a test inside it did is not counted twice. */
function isEcho(data) {
  return data.details.error?.failureType === "subtestsFailed";
}

export default async function* report(events) {
  for await (const { type, data } of events) {
    const line = (event, text) => `${JSON.stringify({ event, name: data.name, text })}\n`;
    switch (type) {
      case "test:pass":
        if (data.skip !== undefined || data.todo !== undefined) yield line("skip");
        else if (data.name === data.file) yield line("fail", "There is no test in this file.");
        else if (data.details.type !== "suite") yield line("pass");
        break;
      case "test:fail":
        if (!isEcho(data)) yield line("fail", describe(data.details.error));
        break;
      case "test:stdout":
      case "test:stderr":
        yield line("output", data.message);
        break;
    }
  }
}
