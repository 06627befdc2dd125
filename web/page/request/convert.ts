/** Drafts of the form to requests and back. What only Go knows (filters, BER of controls) is asked of the toolkit. */
import type { AnyControlValue, Attributes, BatchRequest, Control, Filter, Request, SearchRequest } from "dsmlkit";
import type { AsyncToolkit } from "../types.ts";
import {
  type AttributeDraft,
  type BatchDraft,
  type ControlDraft,
  type FormProblem,
  fromValue,
  maxInt,
  type RequestDraft,
  type SearchDraft,
  toValue,
  type ValueDraft,
} from "./draft.ts";

/** The part of the toolkit that conversion needs. */
export interface Converter {
  readonly dsml: Pick<AsyncToolkit["dsml"], "filter" | "control">;
}

export async function fromDocument(document: BatchRequest, kit: Converter): Promise<BatchDraft> {
  const { kind: _, requests, ...attributes } = document;
  return { ...attributes, requests: await Promise.all(requests.map((request) => fromRequest(request, kit))) };
}

async function fromRequest(request: Request, kit: Converter): Promise<RequestDraft> {
  const controls = await Promise.all((request.controls ?? []).map((control) => decode(control, kit)));
  const common = { ...(request.requestID === undefined ? {} : { requestID: request.requestID }), controls };
  switch (request.kind) {
    case "searchRequest":
      return fromSearch(request, common, kit);
    case "modifyRequest":
      return {
        kind: request.kind,
        ...common,
        dn: request.dn,
        attributes: request.modifications.map(({ name, operation, values }) => ({ name, operation, values: values.map(fromValue) })),
      };
    case "addRequest":
      return {
        kind: request.kind,
        ...common,
        dn: request.dn,
        attributes: Object.entries(request.attrs).map(([name, values]) => ({ name, values: values.map(fromValue) })),
      };
    case "delRequest":
      return { kind: request.kind, ...common, dn: request.dn };
    case "modDNRequest":
      return {
        kind: request.kind,
        ...common,
        dn: request.dn,
        newrdn: request.newrdn,
        deleteoldrdn: request.deleteoldrdn ?? true,
        ...(request.newSuperior === undefined ? {} : { newSuperior: request.newSuperior }),
      };
    case "compareRequest":
      return { kind: request.kind, ...common, dn: request.dn, name: request.assertion.name, value: fromValue(request.assertion.value) };
    case "abandonRequest":
      return { kind: request.kind, ...common, abandonID: request.abandonID };
    case "extendedRequest":
      return {
        kind: request.kind,
        ...common,
        requestName: request.requestName,
        ...(request.requestValue === undefined ? {} : { value: fromValue(request.requestValue) }),
      };
    case "authRequest":
      return { kind: request.kind, ...common, principal: request.principal };
  }
}

async function fromSearch(
  request: SearchRequest,
  common: { requestID?: string; controls: AnyControlValue[] },
  kit: Converter,
): Promise<SearchDraft> {
  const paged = common.controls.find((control) => control.type === "pagedResults");
  return {
    kind: request.kind,
    ...common,
    dn: request.dn,
    scope: request.scope,
    derefAliases: request.derefAliases,
    sizeLimit: request.sizeLimit ? String(request.sizeLimit) : "",
    timeLimit: request.timeLimit ? String(request.timeLimit) : "",
    typesOnly: request.typesOnly ?? false,
    // A value that is a reference has no place in filter text; the tree shows it.
    filterText: await kit.dsml.filter.format(request.filter).catch(() => ""),
    filter: request.filter,
    attributes: request.attributes ?? [],
    pageSize: paged ? String(paged.size) : "",
  };
}

async function decode(control: Control, kit: Converter): Promise<AnyControlValue> {
  try {
    return await kit.dsml.control.decode(control, { direction: "request" });
  } catch {
    // Its value is not what its type promises: it is kept as it came.
    const { type: oid, criticality, controlValue: value } = control;
    return { type: "unknown", oid, ...(criticality === undefined ? {} : { criticality }), ...(value === undefined ? {} : { value }) };
  }
}

export interface Converted {
  /** present when there are no problems */
  document?: BatchRequest;
  problems: FormProblem[];
}

/** Also parses filters that were typed: `filter` of a search draft is set when its text parses. */
export async function toDocument(batch: BatchDraft, kit: Converter): Promise<Converted> {
  const problems: FormProblem[] = [];
  const requests = await Promise.all(batch.requests.map((draft, index) => new RequestWriter(index, kit, problems).write(draft)));
  if (problems.length > 0) {
    problems.sort((a, b) => a.request - b.request);
    return { problems };
  }
  const { requests: _, ...attributes } = batch;
  return { problems, document: { kind: "batchRequest", ...attributes, requests: requests as Request[] } };
}

/** Which request it is that cannot be written, and why. */
export async function unwritable(document: BatchRequest, kit: AsyncToolkit, error: unknown): Promise<FormProblem> {
  for (const [request, one] of document.requests.entries()) {
    try {
      await kit.dsml.build({ kind: "batchRequest", requests: [one] });
    } catch (found) {
      return problemOf(request, "", found);
    }
  }
  return problemOf(0, "", error);
}

function problemOf(request: number, field: string, error: unknown): FormProblem {
  const { message, hint, column } = error as { message: string; hint?: string; column?: number };
  return {
    request,
    field,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(column === undefined ? {} : { column }),
  };
}

/** Whether a condition was begun and its attribute not yet typed. */
function lacksName(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.filters.some(lacksName);
    case "not":
      return lacksName(filter.filter);
    case "extensibleMatch":
      return !filter.name && !filter.matchingRule;
    default:
      return filter.name === "";
  }
}

class RequestWriter {
  readonly #index: number;
  readonly #kit: Converter;
  readonly #problems: FormProblem[];

  constructor(index: number, kit: Converter, problems: FormProblem[]) {
    this.#index = index;
    this.#kit = kit;
    this.#problems = problems;
  }

  async write(draft: RequestDraft): Promise<Request> {
    const controls = await this.#controls(draft);
    const common = {
      ...(draft.requestID === undefined ? {} : { requestID: draft.requestID }),
      ...(controls.length > 0 ? { controls } : {}),
    };
    switch (draft.kind) {
      case "searchRequest":
        return this.#search(draft, common);
      case "modifyRequest":
        return {
          kind: draft.kind,
          ...common,
          dn: draft.dn,
          modifications: this.#attributes(draft.attributes).map(({ name, operation, values }) => ({
            name,
            operation: operation ?? "replace",
            values,
          })),
        };
      case "addRequest": {
        const attrs: Attributes = {};
        for (const { name, values } of this.#attributes(draft.attributes)) attrs[name] = [...(attrs[name] ?? []), ...values];
        return { kind: draft.kind, ...common, dn: draft.dn, attrs };
      }
      case "delRequest":
        return { kind: draft.kind, ...common, dn: draft.dn };
      case "modDNRequest":
        this.#needed("newrdn", draft.newrdn, "The new RDN is missing, such as cn=New Name.");
        return {
          kind: draft.kind,
          ...common,
          dn: draft.dn,
          newrdn: draft.newrdn,
          ...(draft.deleteoldrdn ? {} : { deleteoldrdn: false }),
          ...(draft.newSuperior === undefined ? {} : { newSuperior: draft.newSuperior }),
        };
      case "compareRequest":
        this.#needed("name", draft.name, "The attribute to compare is missing.");
        return {
          kind: draft.kind,
          ...common,
          dn: draft.dn,
          assertion: { name: draft.name, value: this.#value("value", draft.value) },
        };
      case "abandonRequest":
        this.#needed("abandonID", draft.abandonID, "The requestID of the request to abandon is missing.");
        return { kind: draft.kind, ...common, abandonID: draft.abandonID };
      case "extendedRequest":
        this.#oid("requestName", draft.requestName);
        return {
          kind: draft.kind,
          ...common,
          requestName: draft.requestName,
          ...(draft.value ? { requestValue: this.#value("value", draft.value) } : {}),
        };
      case "authRequest":
        if (this.#index !== 0) {
          this.#problem("principal", "An authorization stands first in its batch, and there is one at most.", "Move it to the top of the list.");
        }
        return { kind: draft.kind, ...common, principal: draft.principal };
    }
  }

  async #search(draft: SearchDraft, common: { requestID?: string; controls?: Control[] }): Promise<SearchRequest> {
    const sizeLimit = this.#number("sizeLimit", draft.sizeLimit);
    const timeLimit = this.#number("timeLimit", draft.timeLimit);
    if (!draft.filter) {
      try {
        draft.filter = await this.#kit.dsml.filter.parse(draft.filterText);
      } catch (error) {
        this.#failed("filter", error);
      }
    }
    if (draft.filterProblem) this.#problem("filter", draft.filterProblem);
    if (draft.filter && lacksName(draft.filter)) {
      this.#problems.push({ request: this.#index, field: "filter", message: "A condition of the filter has no attribute yet.", missing: true });
    }
    return {
      kind: draft.kind,
      ...common,
      dn: draft.dn,
      scope: draft.scope,
      derefAliases: draft.derefAliases,
      ...(sizeLimit ? { sizeLimit } : {}),
      ...(timeLimit ? { timeLimit } : {}),
      ...(draft.typesOnly ? { typesOnly: true } : {}),
      filter: draft.filter ?? { kind: "present", name: "objectClass" },
      ...(draft.attributes.length > 0 ? { attributes: draft.attributes } : {}),
    };
  }

  async #controls(draft: RequestDraft): Promise<Control[]> {
    const controls: Control[] = [];
    for (const [index, control] of draft.controls.entries()) {
      const field = `controls.${index}`;
      if (!(await this.#typed(field, control))) continue;
      const { typed: _, ...value } = control;
      if (value.type === "unknown" && !this.#oid(`${field}.oid`, value.oid)) continue;
      if (value.type === "attributeScopedQuery" && value.attribute === "") {
        this.#needed(field, "", "The query has no attribute yet.");
        continue;
      }
      if (value.type === "sort" && value.keys.some((key) => key.attribute === "")) {
        this.#needed(field, "", "A sort key has no attribute yet.");
        continue;
      }
      if (value.type === "pagedResults" && draft.kind === "searchRequest") {
        const size = this.#number("pageSize", draft.pageSize, 1);
        if (size === undefined) continue;
        value.size = size;
      }
      try {
        controls.push(await this.#kit.dsml.control.encode(value));
      } catch (error) {
        this.#failed(field, error);
      }
    }
    return controls;
  }

  /** Takes over what was typed into the fields of a control, as far as it is a value by now. */
  async #typed(field: string, control: ControlDraft): Promise<boolean> {
    let taken = true;
    for (const [key, typed] of Object.entries(control.typed ?? {})) {
      const place = `${field}.${key}`;
      if (control.type === "assertion" && key === "filter" && typeof typed === "string") {
        try {
          const filter = await this.#kit.dsml.filter.parse(typed);
          // It may have been typed on meanwhile; then this is not what stands there.
          if (control.typed?.["filter"] === typed) {
            control.filter = filter;
            delete control.typed;
          }
          continue;
        } catch (error) {
          this.#failed(place, error);
        }
      } else if (typeof typed === "string") this.#number(place, typed || "none");
      else this.#value(place, typed);
      taken = false;
    }
    return taken;
  }

  #attributes(drafts: AttributeDraft[]) {
    return drafts.map(({ name, operation, values }, index) => {
      this.#needed(`attributes.${index}.name`, name, "The name of the attribute is missing.");
      return { name, operation, values: values.map((value, v) => this.#value(`attributes.${index}.values.${v}`, value)) };
    });
  }

  #value(field: string, draft: ValueDraft) {
    const result = toValue(draft);
    if ("value" in result) return result.value;
    this.#problem(field, result.message);
    return "";
  }

  #number(field: string, text: string, least = 0): number | undefined {
    const trimmed = text.trim();
    if (trimmed === "" && least === 0) return 0;
    const value = Number(trimmed);
    if (/^[0-9]+$/.test(trimmed) && value >= least && value <= maxInt) return value;
    this.#problem(field, `This has to be a whole number from ${least} to ${maxInt}.`);
    return undefined;
  }

  #oid(field: string, text: string): boolean {
    if (/^[012](\.[0-9]+)+$/.test(text)) return true;
    if (text === "") {
      this.#needed(field, text, "The object identifier is missing.");
      return false;
    }
    this.#problem(field, "This has to be an object identifier in digits and full stops, such as 1.3.6.1.4.1.4203.1.11.3.");
    return false;
  }

  #needed(field: string, text: string, message: string): void {
    if (text === "") this.#problems.push({ request: this.#index, field, message, missing: true });
  }

  #failed(field: string, error: unknown): void {
    this.#problems.push(problemOf(this.#index, field, error));
  }

  #problem(field: string, message: string, hint?: string): void {
    this.#problems.push({ request: this.#index, field, message, ...(hint === undefined ? {} : { hint }) });
  }
}
