// Which response belongs to which request of a batch: by requestID where all
// carry one, by place otherwise (D-19, D-20).
import type { BatchRequest, BatchResponse, Request, Response } from "dsmlkit";

export interface Pair {
  /** place in the batch, from 0; -1 for a response without a request */
  index: number;
  request?: Request;
  response?: Response;
  /** why there is no response: the batch ended before it (D-28), or none is ever given (D-61) */
  silence?: "not attempted" | "no answer by design";
}

/** One pair for each request in order, then the responses that belong to none. */
export function pair(batch: BatchRequest | undefined, answer: BatchResponse): Pair[] {
  const requests = batch?.requests ?? [];
  if (!batch) return answer.responses.map((response) => ({ index: -1, response }));
  const pairs: Pair[] = requests.map((request, index) => ({ index, request }));
  const rest = byID(requests, answer.responses) ? fillByID(pairs, answer.responses) : fillByPlace(pairs, answer.responses);
  for (const one of pairs) {
    if (one.response) continue;
    one.silence = one.request?.kind === "abandonRequest" ? "no answer by design" : "not attempted";
  }
  return [...pairs, ...rest.map((response) => ({ index: -1, response }))];
}

/** Whether the requestIDs of the responses name requests, each just one. */
function byID(requests: Request[], responses: Response[]): boolean {
  const ids = new Set<string>();
  for (const { requestID } of requests) {
    if (requestID === undefined) continue;
    if (ids.has(requestID)) return false;
    ids.add(requestID);
  }
  return responses.length > 0 && responses.every((response) => response.requestID !== undefined && ids.has(response.requestID));
}

function fillByID(pairs: Pair[], responses: Response[]): Response[] {
  const rest: Response[] = [];
  for (const response of responses) {
    const place = pairs.find((one) => one.request?.requestID === response.requestID && !one.response);
    if (place) place.response = response;
    else rest.push(response);
  }
  return rest;
}

function fillByPlace(pairs: Pair[], responses: Response[]): Response[] {
  let at = 0;
  for (const response of responses) {
    // Requests that are never answered, or whose answer some servers leave out, do not take the next one's.
    while (at < pairs.length && !answers(pairs[at]!.request!, response)) at++;
    if (at === pairs.length) return responses.slice(responses.indexOf(response));
    pairs[at++]!.response = response;
  }
  return [];
}

function answers(request: Request, response: Response): boolean {
  if (response.kind === "errorResponse") {
    return request.kind !== "abandonRequest" || response.requestID !== undefined && response.requestID === request.requestID;
  }
  return response.kind === request.kind.replace(/Request$/, "Response");
}
