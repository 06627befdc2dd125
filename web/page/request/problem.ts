/** Why a text is not a request, and where. */
export interface TextProblem {
  message: string;
  hint?: string;
  /** 1-based */
  line: number;
  column: number;
  statement?: string;
}

export function problemOf(error: unknown): TextProblem {
  const { message, hint, line, column, statement } = error as Error & Partial<TextProblem>;
  return {
    message,
    line: line ?? 1,
    column: column ?? 1,
    ...(hint === undefined ? {} : { hint }),
    ...(statement === undefined ? {} : { statement }),
  };
}
