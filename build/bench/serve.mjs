/** The other end of a worker in build/benchworker.go: tasks and answers are lines of JSON. */
import { createInterface } from "node:readline";

const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const failure = (error) => ({ error: String(error?.stack ?? error) });

/** Says that it is ready, or why not, and does tasks until there are no more. `prepare` gives functions by name. */
export async function serve(prepare) {
  let tasks;
  try {
    tasks = await prepare();
  } catch (error) {
    answer(failure(error));
    return;
  }
  answer({});
  for await (const line of createInterface({ input: process.stdin })) {
    const task = JSON.parse(line);
    try {
      answer((await tasks[task.do](task)) ?? {});
    } catch (error) {
      answer(failure(error));
    }
  }
}
