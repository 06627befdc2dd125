/** The fields of each control that the form knows by name. */
import type { AnyControlValue } from "dsmlkit";
import { freshID, h, iconButton } from "../dom.ts";
import type { AsyncToolkit } from "../types.ts";
import { Chips } from "./chips.ts";
import { type ControlDraft, type FormProblem, fromValue, maxInt, type RequestDraft, textValue, toValue, type ValueDraft } from "./draft.ts";
import { checkBox, choice, field, showProblem, textBox } from "./fields.ts";
import { ValueField } from "./values.ts";

/** Controls that a client sends, in the order of the menu. */
export const controlNames = {
  pagedResults: "Paged results",
  sort: "Sort",
  virtualListView: "Virtual list view",
  manageDsaIT: "Manage DSA IT",
  proxiedAuthorization: "Proxied authorization",
  assertion: "Assertion",
  preRead: "Pre-read",
  postRead: "Post-read",
  treeDelete: "Tree delete",
  permissiveModify: "Permissive modify",
  lazyCommit: "Lazy commit",
  showDeleted: "Show deleted",
  showRecycled: "Show recycled",
  domainScope: "Domain scope",
  searchOptions: "Search options",
  sdFlags: "Security descriptor flags",
  extendedDN: "Extended DN",
  attributeScopedQuery: "Attribute scoped query",
  dirSync: "Directory synchronization",
  unknown: "Other control",
} as const;

export type RequestControl = keyof typeof controlNames;

export interface ControlContext {
  draft: RequestDraft;
  kit: AsyncToolkit;
  /** a value has changed */
  touch(): void;
  /** what fields there are has changed */
  render(): void;
  register(field: string, show: (problem: FormProblem | undefined) => void): void;
}

type Of<T extends RequestControl> = Extract<ControlDraft, { type: T }>;

export function controlFields(control: ControlDraft, context: ControlContext): HTMLElement[] {
  switch (control.type) {
    case "pagedResults":
      return paged(control, context);
    case "sort":
      return sort(control, context);
    case "virtualListView":
      return view(control, context);
    case "proxiedAuthorization":
      return [line("Identity", control.authzID, (value) => (control.authzID = value), context, "dn:cn=Ada,ou=people,dc=example")];
    case "attributeScopedQuery":
      return [line("Attribute", control.attribute, (value) => (control.attribute = value), context, "member")];
    case "preRead":
    case "postRead":
      return [names(control, context)];
    case "assertion":
      return [assertion(control, context)];
    case "sdFlags":
      return [number("Flags", control, "flags", context, "1 owner, 2 group, 4 DACL, 8 SACL, added up")];
    case "searchOptions":
      return [number("Flags", control, "flags", context, "1 this domain only, 2 phantom root, added up")];
    case "dirSync":
      return dirSync(control, context);
    case "extendedDN":
      return [
        checkBox("GUID and SID in their standard form, not in hexadecimal", control.standard ?? false, (checked) => {
          if (checked) control.standard = true;
          else delete control.standard;
          context.touch();
        }),
      ];
    case "unknown":
      return other(control, context);
    default:
      return [];
  }
}

export function blankControl(type: RequestControl): AnyControlValue {
  switch (type) {
    case "pagedResults":
      return { type, size: 100 };
    case "sort":
      return { type, keys: [{ attribute: "" }] };
    case "virtualListView":
      return { type, before: 0, after: 19, offset: 1 };
    case "proxiedAuthorization":
      return { type, authzID: "", criticality: true };
    case "assertion":
      return { type, filter: { kind: "present", name: "objectClass" }, criticality: true };
    case "attributeScopedQuery":
      return { type, attribute: "" };
    case "sdFlags":
      return { type, flags: 7 };
    case "searchOptions":
      return { type, flags: 1 };
    case "dirSync":
      return { type, flags: 0, maxBytes: 0 };
    case "unknown":
      return { type, oid: "" };
    default:
      return { type };
  }
}

function line(label: string, value: string, set: (value: string) => void, { touch }: ControlContext, placeholder?: string): HTMLElement {
  const box = textBox(
    value,
    (typed) => {
      set(typed);
      touch();
    },
    { code: true, ...(placeholder === undefined ? {} : { placeholder }) },
  );
  return field(label, box).element;
}

/** What is not a whole number stays as typed; that the request cannot be sent so is said when it is converted. */
function number<K extends string>(label: string, control: ControlDraft & { [key in K]?: number }, key: K, { touch, register }: ControlContext, hint?: string): HTMLElement {
  const typed = control.typed?.[key];
  const box = textBox(
    typeof typed === "string" ? typed : String(control[key] ?? 0),
    (text) => {
      const fits = /^[0-9]+$/.test(text.trim()) && Number(text) <= maxInt;
      if (fits) (control as { [key in K]?: number })[key] = Number(text);
      setTyped(control, key, fits ? undefined : text);
      touch();
    },
    { numeric: true },
  );
  const made = field(label, box, box, hint);
  register(key, made.show);
  return made.element;
}

function setTyped(control: ControlDraft, key: string, typed: string | ValueDraft | undefined): void {
  const { [key]: _, ...rest } = control.typed ?? {};
  const all = typed === undefined ? rest : { ...rest, [key]: typed };
  if (Object.keys(all).length > 0) control.typed = all;
  else delete control.typed;
}

function hintWith(words: string, button: string, onclick: () => void): HTMLElement {
  return h("span", { class: "hint" }, `${words} `, h("button", { type: "button", class: "quiet", onclick }, button));
}

function paged(control: Of<"pagedResults">, context: ControlContext): HTMLElement[] {
  const { draft } = context;
  const parts =
    draft.kind === "searchRequest"
      ? [h("span", { class: "hint" }, `${draft.pageSize || "No"} entries a page, as set above.`)]
      : [number("Entries", control, "size", context)];
  if (control.cookie && control.cookie.length > 0) {
    parts.push(
      hintWith(`Goes on after a page: cookie of ${control.cookie.length} bytes.`, "From the first page", () => {
        delete control.cookie;
        context.render();
      }),
    );
  }
  return parts;
}

function sort(control: Of<"sort">, { touch, render }: ControlContext): HTMLElement[] {
  const rows = control.keys.map((key, index) => {
    const ordinal = index + 1;
    return h(
      "div",
      { class: "sort-key" },
      textBox(
        key.attribute,
        (value) => {
          key.attribute = value;
          touch();
        },
        { code: true, label: `Sort key ${ordinal}`, placeholder: "attribute" },
      ),
      textBox(
        key.matchingRule ?? "",
        (value) => {
          if (value) key.matchingRule = value;
          else delete key.matchingRule;
          touch();
        },
        { code: true, label: `Ordering rule of sort key ${ordinal}`, placeholder: "ordering rule" },
      ),
      choice(
        key.reverse ? "down" : "up",
        [
          ["up", "A → Z"],
          ["down", "Z → A"],
        ],
        (value) => {
          if (value === "down") key.reverse = true;
          else delete key.reverse;
          touch();
        },
        `Direction of sort key ${ordinal}`,
      ),
      iconButton(
        "remove",
        `Remove sort key ${ordinal}`,
        () => {
          control.keys.splice(index, 1);
          render();
        },
        { class: "icon-button small" },
      ),
    );
  });
  const add = () => {
    control.keys.push({ attribute: "" });
    render();
  };
  return [...rows, h("button", { type: "button", class: "quiet", onclick: add }, "+ Sort key")];
}

function view(control: Of<"virtualListView">, context: ControlContext): HTMLElement[] {
  const place = choice(
    control.value === undefined ? "position" : "value",
    [
      ["position", "At a position of the list"],
      ["value", "At the first entry from a value on"],
    ],
    (chosen) => {
      // The window stays, and is placed in the other way.
      const { type, before, after, contextID, criticality, typed } = control;
      const window = { type, before, after, ...(contextID ? { contextID } : {}), ...(criticality === undefined ? {} : { criticality }), ...(typed ? { typed } : {}) };
      const placed: Of<"virtualListView"> = chosen === "value" ? { ...window, value: "" } : { ...window, offset: 1 };
      setTyped(placed, "offset", undefined);
      setTyped(placed, "contentCount", undefined);
      context.draft.controls.splice(context.draft.controls.indexOf(control), 1, placed);
      context.render();
    },
  );
  const placed =
    control.value === undefined
      ? [
          number("Position", control, "offset", context),
          number("Of", control, "contentCount", context, "0: the client does not know how long the list is"),
        ]
      : [line("From", control.value, (value) => (control.value = value), context)];
  return [
    number("Before", control, "before", context),
    number("After", control, "after", context),
    field("Place", place).element,
    ...placed,
    h("span", { class: "hint" }, "Needs a session, and a sort control beside it."),
  ];
}

function names(control: Of<"preRead" | "postRead">, { touch }: ControlContext): HTMLElement {
  const list = control.attributes ?? [];
  const chips = new Chips(list, "Attributes to read", "all user attributes", () => {
    if (list.length > 0) control.attributes = list;
    else delete control.attributes;
    touch();
  });
  return field("Attributes", chips.element, chips.input).element;
}

function assertion(control: Of<"assertion">, { kit, touch, register }: ControlContext): HTMLElement {
  const typed = control.typed?.["filter"];
  let untouched = typeof typed !== "string";
  // The text is read when the request is converted.
  const box = textBox(
    typeof typed === "string" ? typed : "",
    (text) => {
      untouched = false;
      setTyped(control, "filter", text);
      touch();
    },
    { code: true },
  );
  const made = field("Must match", box);
  register("filter", made.show);
  if (untouched) {
    void kit.dsml.filter.format(control.filter).then(
      (text) => {
        if (untouched) box.value = text;
      },
      () => undefined, // a value that filter text cannot hold: the box stays empty, the control as it is
    );
  }
  return made.element;
}

function dirSync(control: Of<"dirSync">, context: ControlContext): HTMLElement[] {
  const parts = [
    number("Flags", control, "flags", context),
    number("At most", control, "maxBytes", context, "bytes; 0: as the server likes"),
  ];
  if (control.cookie && control.cookie.length > 0) {
    parts.push(
      hintWith(`Goes on from an earlier state: cookie of ${control.cookie.length} bytes.`, "From the beginning", () => {
        delete control.cookie;
        context.render();
      }),
    );
  }
  return parts;
}

function other(control: Of<"unknown">, { touch, render, register }: ControlContext): HTMLElement[] {
  const problem = h("div", { class: "problem", id: freshID("problem") });
  const oid = textBox(
    control.oid,
    (value) => {
      control.oid = value;
      touch();
    },
    { code: true, label: "OID of the control", placeholder: "1.2.840.113556.1.4.417" },
  );
  register("oid", (found) => showProblem(oid, problem, found));
  const has = checkBox("Has a value", control.value !== undefined, (checked) => {
    if (checked) control.value = new Uint8Array();
    else delete control.value;
    setTyped(control, "value", undefined);
    render();
  });
  if (control.value === undefined) return [oid, problem, has];
  const typed = control.typed?.["value"];
  const draft = typeof typed === "object" ? typed : control.value === "" ? textValue() : fromValue(control.value);
  const value: ValueField = new ValueField(draft, "control value", () => {
    const result = toValue(draft);
    if ("value" in result) control.value = result.value;
    setTyped(control, "value", "value" in result ? undefined : draft);
    touch();
  });
  register("value", (found) => value.show(found));
  return [oid, problem, has, value.element];
}
