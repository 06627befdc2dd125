// The first line above an answer: what came back, how much, how long. Pure.
import type { Fault } from "dsmlkit";
import { duration } from "../exchanges/format.ts";
import { entries } from "../net/summary.ts";
import type { Exchange } from "../types.ts";
import type { Tone } from "./codes.ts";
import { explain, explainFault, size } from "./explain.ts";
import type { Pair } from "./pair.ts";

export interface Headline {
  tone: Tone;
  text: string;
}

export function headline(exchange: Exchange, answer: { pairs: readonly Pair[]; fault?: Fault | undefined; series?: { pages: number; entries: readonly unknown[] } | undefined }): Headline {
  const { response, failure, step } = exchange;
  const measures = [duration(exchange.durationMs), ...(response ? [size(response.bytes.length)] : [])].join(", ");
  if (failure) return { tone: failure.code === "aborted" ? "plain" : "bad", text: failure.message };
  if (answer.fault) {
    const { tone, sentence } = explainFault(answer.fault, step);
    return { tone, text: sentence };
  }
  const { pairs, series } = answer;
  if (series) return { tone: explain(pairs[0]!, step).tone, text: `${entries(series.entries.length)} in ${series.pages} pages; the last one ${measures}` };
  if (pairs.length === 0) {
    const what = step === "begin" ? "The session is open" : step === "end" ? "The session is ended" : "An empty batch, answered by an empty batch: the endpoint is there";
    return { tone: "good", text: `${what}, ${measures}` };
  }
  if (pairs.length === 1) {
    const { response: only } = pairs[0]!;
    const { tone, title, sentence } = explain(pairs[0]!, step);
    if (only?.kind === "searchResponse") {
      const count = entries(only.entries.length);
      if (only.done.resultCode.code === 0) return { tone, text: `${count}, ${title.replace(/ \(0\)$/, "")}, ${measures}` };
      if (only.entries.length > 0) return { tone, text: `${count}, ${title}, ${measures}` };
    }
    return { tone, text: tone === "good" ? `${title.replace(/ \(0\)$/, "")}: ${sentence.replace(/\.$/, "")}, ${measures}` : `${title}: ${sentence}` };
  }
  return { tone: worst(pairs, exchange), text: `${answers(pairs, exchange)}, ${measures}` };
}

/** "3 answers: 2 success, 1 noSuchObject" */
function answers(pairs: readonly Pair[], { step }: Exchange): string {
  const counts = new Map<string, number>();
  for (const pair of pairs) {
    const name = explain(pair, step).title.replace(/ \(\d+\)$/, "");
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const given = pairs.filter((pair) => pair.response).length;
  return `${given} ${given === 1 ? "answer" : "answers"}: ${[...counts].map(([name, count]) => `${count} ${name}`).join(", ")}`;
}

function worst(pairs: readonly Pair[], { step }: Exchange): Tone {
  const tones = pairs.map((pair) => explain(pair, step).tone);
  return tones.includes("bad") ? "bad" : tones.includes("warn") ? "warn" : "good";
}
