import assert from "node:assert/strict";
import { test } from "node:test";
import { load, type SqlBatch, type SqlBatchResponse, type SqlDocument, type SqlFault, type SqlItem, type SqlRowSet } from "dsmlkit";
import { fails, place, rejects, soap11, soap12 } from "./samples.js";

const kit = await load();

const sql = "http://schemas.microsoft.com/sqlserver/2004/SOAP";
const options = `${sql}/Options`;
const stream = `${sql}/types/SqlResultStream`;

/** A message around header blocks and a payload. */
const envelope = (headers: string, body: string, soap = soap11): string =>
  `<s:Envelope xmlns:s="${soap}" xmlns:o="${options}" xmlns:q="${sql}"><s:Header>${headers}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;

const batch = (commands = "SELECT 1", parameters = ""): string => `<q:sqlbatch xmlns:q="${sql}"><q:BatchCommands>${commands}</q:BatchCommands>${parameters}</q:sqlbatch>`;

/** An answer whose row set has this schema and these rows. */
const rowSet = (schema: string, rows: string): string =>
  `<q:sqlbatchResponse xmlns:q="${sql}" xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><q:sqlbatchResult>` +
  `<r:SqlRowSet xmlns:r="${stream}">${schema}<d:diffgram xmlns:d="urn:schemas-microsoft-com:xml-diffgram-v1">` +
  `<SqlRowSet1 xmlns="urn:schemas-microsoft-com:sql:SqlRowSet1">${rows}</SqlRowSet1></d:diffgram></r:SqlRowSet></q:sqlbatchResult></q:sqlbatchResponse>`;

const schema = (columns: string): string =>
  `<x:schema xmlns:t="http://schemas.microsoft.com/sqlserver/2004/sqltypes"><x:element name="SqlRowSet1" m:IsDataSet="true" xmlns:m="urn:schemas-microsoft-com:xml-msdata">` +
  `<x:complexType><x:sequence><x:element name="row"><x:complexType><x:sequence>${columns}</x:sequence></x:complexType></x:element></x:sequence></x:complexType></x:element></x:schema>`;

function rowsOf(text: string): SqlRowSet {
  const document = kit.sql.parse(text);
  assert.ok(document.kind === "sqlBatchResponse");
  const set = document.results[0];
  assert.ok(set?.kind === "rowSet");
  return set;
}

/** What is built comes back, and builds the same text again. */
function comesBack<T extends SqlDocument>(document: T): string {
  const text = kit.sql.build(document);
  assert.deepEqual(kit.sql.parse(text), document);
  assert.deepEqual(kit.sql.parse(kit.sql.build(document, { indent: 2, declaration: true })), document);
  assert.equal(kit.sql.build(kit.sql.parse(text)), text);
  return text;
}

const everyHeader: SqlBatch = {
  kind: "sqlBatch",
  headers: {
    sqlSession: { initiate: true, timeout: 60, mustUnderstand: true },
    applicationName: { value: "order desk" },
    clientInterface: { value: "dsmlkit", actor: "http://schemas.xmlsoap.org/soap/actor/next" },
    clientNetworkID: { value: Uint8Array.of(0, 1, 2, 253, 254, 255) },
    clientPID: { value: 4711 },
    hostName: { value: "Zoës Rechner" },
    initialDatabase: { value: "orders", optional: true, filename: "C:\\o.mdf" },
    initialLanguage: { value: "Deutsch" },
    environmentChangeNotifications: { transactionBoundary: true },
    notificationRequest: { notificationId: "1", deliveryService: "svc", timeout: 30 },
    security: { username: "sa", password: "pa<ss", oldPassword: "" },
  },
  commands: "SELECT @a -- <&>\nGO",
  parameters: [
    { name: "a", value: "12.5000", sqlDbType: "Money", direction: "InputOutput" },
    { name: "b", value: Uint8Array.of(1, 2, 3), sqlDbType: "VarBinary", maxLength: -1 },
    { name: "c", value: null, sqlDbType: "BigInt" },
    { name: "d", value: { type: "xsd:base64Binary", value: Uint8Array.of(9) }, sqlDbType: "Variant" },
    { name: "e", value: { xml: `<!-- kept -->a<b xmlns="urn:b">c<?d e?></b> ` }, sqlDbType: "Xml" },
    { name: "f", value: "9223372036854775807", sqlDbType: "BigInt", maxLength: "9223372036854775807" },
  ],
};

const everyResult: SqlBatchResponse = {
  kind: "sqlBatchResponse",
  soap: "1.2",
  headers: { sqlSession: { sessionId: "AAECAw==", timeout: 30, transactionDescriptor: Uint8Array.of(16, 17) } },
  results: [
    {
      kind: "rowSet",
      columns: [
        { name: "OrderNo", type: "int", optional: true },
        { name: "Total", type: "decimal", totalDigits: 38, fractionDigits: 10, optional: true },
        { name: "OrderNo", type: "nvarchar", maxLength: 8, localeId: 1033, sqlCompareOptions: "IgnoreCase", nillable: true },
        { name: "Column1", sqlColumnName: "", type: "timestamp" },
        { name: "At", type: "xsd:dateTime" },
        { name: "Any", type: "sql_variant", nillable: true },
      ],
      rows: [
        ["4711", "1234567890123456789012345678.0123456789", "NORTH", Uint8Array.of(0, 255), "2009-06-30T23:59:59.997", { type: "money", value: "0.0001" }],
        [null, null, null, Uint8Array.of(), "", null],
      ],
    },
    { kind: "rowSet", name: "Bare", columns: [{ name: "a", undeclared: true }, { name: "a", undeclared: true }], rows: [["1", null], [null, "2"]] },
    { kind: "rowSet", columns: [], rows: [[], []] },
    { kind: "rowSet", rows: [] },
    { kind: "rowSet", columns: [{ name: "x", definition: `<xsd:simpleType xmlns:xsd="http://www.w3.org/2001/XMLSchema" id="x"/>` }], schemas: [`<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>`], rows: [[{ xml: "<x/>" }]] },
    { kind: "xml", xml: `<x/>` },
    { kind: "xml", xml: `` },
    { kind: "xml", xml: `<o:order xmlns:o="urn:o" no="1">&lt;<!-- c --></o:order> and text` },
    { kind: "message", class: 16, lineNumber: 1, message: "Division by zero", number: 8134, procedure: "p", source: "Microsoft-SQL/10.0", state: 1 },
    { kind: "rowCount", count: 3 },
    { kind: "rowCount", count: "9007199254740993" },
    { kind: "transaction", descriptor: Uint8Array.of(1, 2), type: "Begin" },
    { kind: "resultCode", value: -6 },
  ],
  parameters: [{ name: "out", direction: "InputOutput", value: "x" }],
};

const sessionFault: SqlFault = {
  kind: "sqlFault",
  headers: { sqlSession: { terminate: true } },
  code: "Sender",
  subcodes: ["SoapHeader", "SessionIdIsInvalid"],
  reason: "There was an error in the incoming SOAP request packet:  Sender, SoapHeader, SessionIdIsInvalid",
  node: "http://db.example.test/sql",
  role: sql,
  messages: [{ kind: "message", class: 16, lineNumber: 0, message: "bad", number: 9422, source: "Microsoft-SQL/9.0", state: 2 }],
};

test("S-79 a batch with every header and kind of value comes back", () => {
  const text = comesBack(everyHeader);
  assert.match(text, /<sqloptions:sqlSession [^>]*initiate="true" timeout="60"/);
  comesBack({ kind: "sqlBatch", soap: "none", commands: "" });
});

test("S-80 an answer with every kind of result comes back", () => {
  comesBack(everyResult);
  comesBack({ kind: "sqlBatchResponse", soap: "none", results: [] });
});

test("S-83 a fault comes back in both versions of SOAP, and is the same in both", () => {
  comesBack(sessionFault);
  comesBack({ ...sessionFault, soap: "1.2", detail: `<d xmlns="urn:d"/>text` });
  comesBack({ ...sessionFault, code: "Receiver", subcodes: ["{urn:else}Odd"], reason: "no", reasonLang: "de" });
});

test("S-52 an envelope with an empty Body is a document of its own", () => {
  const text = comesBack({ kind: "sqlEmpty", headers: { sqlSession: { terminate: true, sessionId: "AAEC" } } });
  assert.match(text, /<soap:Body\s*\/>|<soap:Body><\/soap:Body>/);
});

test("S-86 an answer without results", () => {
  assert.deepEqual(kit.sql.parse(envelope(`<o:sqlSession sessionId="AAEC" timeout="30"/>`, `<q:sqlbatchResponse><q:sqlbatchResult/></q:sqlbatchResponse>`)), {
    kind: "sqlBatchResponse",
    headers: { sqlSession: { sessionId: "AAEC", timeout: 30 } },
    results: [],
  });
});

test("text, UTF-8 and UTF-16 are read alike", () => {
  const text = kit.sql.build(everyHeader);
  const wide = new Uint8Array(2 + text.length * 2);
  const view = new DataView(wide.buffer);
  view.setUint16(0, 0xfeff);
  for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i));
  assert.deepEqual(kit.sql.parse(new TextEncoder().encode(text)), everyHeader);
  assert.deepEqual(kit.sql.parse(wide), everyHeader);
});

test("S-13 S-14 prefixes and unknown attributes mean nothing", () => {
  assert.deepEqual(kit.sql.parse(envelope(`<sqlSession xmlns="${options}" initiate=" 1 " colour="red"/>`, batch(), soap12)), {
    kind: "sqlBatch",
    soap: "1.2",
    headers: { sqlSession: { initiate: true } },
    commands: "SELECT 1",
  });
});

test("S-02 a header of another name is kept, not taken for the session's", () => {
  const document = kit.sql.parse(envelope(`<o:sqlsession initiate="true"/>`, batch()));
  assert.equal(document.headers?.sqlSession, undefined);
  assert.equal(document.headers?.other?.length, 1);
  assert.deepEqual(kit.sql.parse(kit.sql.build(document)), document);
});

test("S-87 columns: types, NULL and names that repeat", () => {
  const set = rowsOf(
    rowSet(
      schema(
        `<x:element name="a" type="t:bigint" minOccurs="0"/><x:element name="a" type="t:varbinary" nillable="true"/>` +
          `<x:element name="Order_x0020_No"><x:simpleType><x:restriction base="t:decimal"><x:totalDigits value="18"/></x:restriction></x:simpleType></x:element>`,
      ),
      `<row><a>9223372036854775807</a><a>AAH/</a><Order_x0020_No>1.10</Order_x0020_No></row><row><Order_x0020_No/></row><row><a/><a i:nil="true"/></row>`,
    ),
  );
  assert.deepEqual(set.columns, [
    { name: "a", type: "bigint", optional: true },
    { name: "a", type: "varbinary", nillable: true },
    { name: "Order No", type: "decimal", totalDigits: 18 },
  ]);
  assert.deepEqual(set.rows, [["9223372036854775807", Uint8Array.of(0, 1, 255), "1.10"], [null, null, ""], ["", null, null]]);
});

test("S-87 rows without a schema have the columns that they show", () => {
  const set = rowsOf(rowSet("", `<row><a>1</a></row><row><b>2</b><b>3</b></row><row><a>4</a><b>AAEC</b></row>`));
  assert.deepEqual(set.columns, ["b", "b", "a", "b"].map((name) => ({ name, undeclared: true })).slice(0, set.columns!.length));
  for (const row of set.rows) assert.equal(row.length, set.columns!.length);
  const of = (row: SqlRowSet["rows"][number]): unknown[] => row.map((value, i) => [set.columns![i]!.name, value]).filter(([, value]) => value !== null);
  assert.deepEqual(set.rows.map(of), [[["a", "1"]], [["b", "2"], ["b", "3"]], [["a", "4"], ["b", "AAEC"]]]);
});

test("a column that the schema does not have is told as undeclared", () => {
  const set = rowsOf(rowSet(schema(`<x:element name="Column1" type="t:int"/>`), `<row><column1>5</column1></row>`));
  assert.deepEqual(set.columns, [{ name: "column1", undeclared: true }, { name: "Column1", type: "int" }]);
  assert.deepEqual(set.rows, [["5", null]]);
  comesBack({ kind: "sqlBatchResponse", results: [set] });
  fails("sql-column", () => kit.sql.parse(rowSet(schema(`<x:element name="Column1" type="t:int"/>`), `<row><column1>5</column1></row>`), { strict: true }));
});

test("what is no base64 in a binary column stays text", () => {
  const set = rowsOf(rowSet(schema(`<x:element name="a" type="t:image"/>`), `<row><a>not base64!</a></row><row><a> AA EC </a></row>`));
  assert.deepEqual(set.rows, [["not base64!"], [Uint8Array.of(0, 1, 2)]]);
  comesBack({ kind: "sqlBatchResponse", results: [set] });
});

test("names of properties that objects inherit are names of columns like others", () => {
  const set = rowsOf(rowSet("", `<row><__proto__>1</__proto__><constructor>2</constructor></row>`));
  assert.deepEqual(set.columns!.map((column) => column.name), ["__proto__", "constructor"]);
  assert.deepEqual(set.rows, [["1", "2"]]);
});

test("errors: code, place and statement", () => {
  const wrong = `<q:sqlbatch xmlns:q="${sql}">\n  <q:Wrong/></q:sqlbatch>`;
  const error = fails("sql-element", () => kit.sql.parse(wrong));
  assert.deepEqual(place(error), { code: "sql-element", line: 2, column: 3, offset: wrong.indexOf("<q:Wrong") });
  for (const [statement, code, text] of [
    ["S-79", "sql-element", `<q:sqlbatch xmlns:q="${sql}"/>`],
    ["S-80", "sql-element", `<q:sqlbatchResponse xmlns:q="${sql}"/>`],
    ["S-06", "sql-session-id", envelope(`<o:sqlSession sessionId="!"/>`, batch())],
    ["S-07", "sql-value", envelope(`<o:sqlSession initiate="true" timeout="soon"/>`, batch())],
    ["S-08", "sql-duplicate", envelope(`<o:sqlSession initiate="true"/><o:sqlSession initiate="true"/>`, batch())],
    ["S-50", "sql-session-id", envelope(`<o:sqlSession terminate="true"/>`, batch())],
    ["S-65", "sql-header", envelope(`<o:sqlSession sessionId="AAEC"/><o:hostName value="x"/>`, batch())],
    ["S-92", "xml-dtd", `<!DOCTYPE q>${batch()}`],
  ] as const) {
    assert.equal(fails(code, () => kit.sql.parse(text)).statement, statement);
  }
  fails("xml-syntax", () => kit.sql.parse(`<q:sqlbatch xmlns:q="${sql}"><q:BatchCommands>`));
  fails("sql-root", () => kit.sql.parse("<a/>"));
});

test("S-10 S-11 S-67 validate tells every problem, of answers too", () => {
  const problems = kit.sql.validate(envelope(`<o:sqlSession initiate="true" s:mustUnderstand="1" sessionId="AAEC"/><o:hostName value="x"/>`, `<q:sqlbatchResponse/>`));
  assert.deepEqual(
    problems.map(({ severity, statement }) => `${severity} ${statement}`),
    ["warning S-11", "warning S-10", "warning S-67", "error S-80"],
  );
  assert.deepEqual(kit.sql.validate(kit.sql.build(everyHeader)), []);
});

test("build refuses what breaks a rule of the protocol", () => {
  const statement = (code: string, document: object): string | undefined => fails(code, () => kit.sql.build(document as never)).statement;
  assert.equal(statement("sql-session-id", { kind: "sqlBatch", headers: { sqlSession: { terminate: true } }, commands: "" }), "S-50");
  assert.equal(statement("sql-header", { kind: "sqlBatch", headers: { sqlSession: { sessionId: "AAEC" }, hostName: { value: "x" } }, commands: "" }), "S-65");
  assert.equal(statement("sql-header", { kind: "sqlBatchResponse", headers: { sqlSession: { initiate: true } }, results: [] }), "S-10");
  statement("sql-root", { kind: "sqlBatch", soap: "none", headers: { sqlSession: { initiate: true } }, commands: "" });
  statement("sql-column", { kind: "sqlBatchResponse", results: [{ kind: "rowSet", columns: [{ name: "" }], rows: [] }] });
});

test("build names the argument that is wrong", () => {
  const set = (extra: object): object => ({ kind: "sqlBatchResponse", results: [{ kind: "rowSet", rows: [], ...extra }] });
  const parameter = (extra: object): object => ({ kind: "sqlBatch", commands: "", parameters: [{ name: "a", ...extra }] });
  for (const [document, message] of [
    [1, "document must be a sqlBatch, a sqlBatchResponse or a sqlFault object"],
    [{}, `document.kind must be one of "sqlBatch", "sqlBatchResponse", "sqlFault", "sqlEmpty"`],
    [{ kind: "sqlBatch" }, "document.commands must be a string"],
    [{ kind: "sqlBatch", commands: "", soap: 1.1 }, "document.soap must be one of"],
    [{ kind: "sqlBatch", commands: "", headers: { sqlsession: {} } }, "document.headers.sqlsession must be left out: there is no such header"],
    [{ kind: "sqlBatch", commands: "", headers: { sqlSession: { timeout: 2 ** 31 } } }, "document.headers.sqlSession.timeout must be a whole number from -2147483648 to 2147483647"],
    [{ kind: "sqlBatch", commands: "", headers: { clientPID: { value: 2 ** 53 } } }, "document.headers.clientPID.value must be a whole number"],
    [{ kind: "sqlBatch", commands: "", headers: { clientPID: { value: "7" } } }, "document.headers.clientPID.value must be a whole number"],
    [{ kind: "sqlBatch", commands: "", headers: { clientNetworkID: { value: "AAEC" } } }, "document.headers.clientNetworkID.value must be a Uint8Array"],
    [parameter({}), "document.parameters[0].value must be a string, a Uint8Array, null"],
    [parameter({ value: 5 }), "document.parameters[0].value must be a string"],
    [parameter({ value: "AAEC", sqlDbType: "Binary" }), "document.parameters[0].value must be a Uint8Array: its type is binary"],
    [parameter({ value: Uint8Array.of(1) }), "document.parameters[0].value must be a string: its type is not binary"],
    [parameter({ value: "", sqlDbType: "int" }), "document.parameters[0].sqlDbType must be one of"],
    [parameter({ value: { xml: "text" } }), "document.parameters[0].value.xml must be XML with an element in it"],
    [set({ columns: [{ name: "a", definition: 5 }] }), "document.results[0].columns[0].definition must be a string"],
    [{ kind: "sqlBatchResponse", results: [{ kind: "rowset" }] }, "document.results[0].kind must be one of"],
    [set({ rows: [["1"]] }), "document.results[0].rows[0] must be an array of 0, one value for each column"],
    [set({ rows: undefined }), "document.results[0].rows must be an array"],
    [set({ columns: [{ name: "a", undeclared: true }] }), "document.results[0].columns[0].undeclared must be left out where there are no rows"],
    [set({ columns: [{ name: "a", undeclared: true, type: "int" }], rows: [["1"]] }), "document.results[0].columns[0].type must be left out"],
    [{ kind: "sqlFault", code: "Sender" }, "document.reason must be a string"],
  ] as const) {
    const error = fails("argument", () => kit.sql.build(document as never));
    assert.ok(error.message.startsWith(message), `${error.message}\nshould begin with\n${message}`);
  }
  fails("argument", () => kit.sql.parse(5 as never));
  const error = fails("xml-syntax", () => kit.sql.build({ kind: "sqlBatchResponse", results: [{ kind: "xml", xml: "<a>\n<b></a>" }] }));
  assert.deepEqual([error.detail, error.line, error.column], ["in document.results[0].xml", 2, 4]);
  fails("argument", () => kit.sql.build(everyHeader, { indent: "2" } as never));
});

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<SqlItem[]> {
  const items: SqlItem[] = [];
  for await (const item of kit.sql.stream(source)) items.push(item);
  return items;
}

const { kind, results, parameters, ...head } = everyResult;
const expected = [
  { kind: "head", document: kind, ...head },
  ...results.flatMap((result): unknown[] => {
    if (result.kind !== "rowSet") return [result];
    const { rows, ...set } = result;
    const values = rows.map((row) => ({ kind: "row", values: row }));
    if (!set.columns?.some((column) => column.undeclared)) return [set, ...values];
    const { columns, ...bare } = set;
    return [bare, { kind: "columns", columns }, ...values];
  }),
  ...parameters!.map((parameter) => ({ kind: "parameter", ...parameter })),
];

test("a stream gives the same items, wherever the text is cut", async () => {
  const text = kit.sql.build(everyResult);
  for (const size of [1, 2, 7, 64, 100_000]) assert.deepEqual(await collect(inPieces(text, size)), expected, `pieces of ${size}`);
});

test("rows come as soon as they are complete, and the source is read no further than needed", async () => {
  let chunks = 0;
  let cancelled = false;
  const [start, end] = rowSet(schema(`<x:element name="a" type="t:int"/>`), "|").split("|");
  assert.ok(start !== undefined && end !== undefined);
  const source = {
    async *[Symbol.asyncIterator]() {
      try {
        yield new TextEncoder().encode(start);
        for (;;) yield new TextEncoder().encode(`<row><a>${chunks++}</a></row>`);
      } finally {
        cancelled = true;
      }
    },
  };
  const seen: unknown[] = [];
  for await (const item of kit.sql.stream(source)) {
    if (item.kind === "row") seen.push(item.values);
    assert.ok(chunks <= seen.length + 1, "the source runs ahead");
    if (seen.length === 10) break;
  }
  assert.deepEqual(seen.at(-1), ["9"]);
  assert.ok(cancelled, "leaving the loop cancels the source");
});

test("S-84 a fault is an item of a stream; a batch is refused", async () => {
  const { kind, code, subcodes, reason, node, role, messages, ...head } = sessionFault;
  assert.deepEqual(await collect(inPieces(kit.sql.build(sessionFault), 50)), [{ kind: "head", document: "sqlFault", ...head }, sessionFault]);
  await rejects("sql-root", collect(inPieces(kit.sql.build(everyHeader), 1000)));
  const empty = { kind: "sqlEmpty", headers: { sqlSession: { terminate: true, sessionId: "AAEC" } } } as const;
  assert.deepEqual(await collect(inPieces(kit.sql.build(empty), 9)), [{ kind: "head", document: "sqlEmpty", headers: empty.headers }]);
});

test("an error behind rows comes behind them", async () => {
  const text = rowSet("", `<row><a>1</a></row>`).replace("</q:sqlbatchResult>", "<q:Wrong/></q:sqlbatchResult>");
  const seen: string[] = [];
  const error = await rejects(
    "sql-element",
    (async () => {
      for await (const item of kit.sql.stream(inPieces(text, 1_000_000))) seen.push(item.kind);
    })(),
  );
  assert.deepEqual(seen, ["head", "rowSet", "columns", "row"]);
  assert.equal(error.line, 1);
});

test("S-73 a session takes batches and gives documents", () => {
  const session = kit.session.sql({ timeout: 45 });
  const begin = kit.sql.parse(session.begin({ kind: "sqlBatch", headers: { hostName: { value: "x" } }, commands: "BEGIN TRANSACTION" }).body);
  assert.deepEqual(begin, {
    kind: "sqlBatch",
    headers: { sqlSession: { initiate: true, timeout: 45, mustUnderstand: true }, hostName: { value: "x" } },
    commands: "BEGIN TRANSACTION",
  });
  const answer: SqlBatchResponse = {
    kind: "sqlBatchResponse",
    headers: { sqlSession: { sessionId: "AAECAw==", timeout: 30 } },
    results: [{ kind: "transaction", descriptor: Uint8Array.of(16, 17), type: "Begin" }],
  };
  const reply = session.receive(kit.sql.build(answer));
  assert.equal(reply.outcome, "opened");
  assert.deepEqual(reply.sql, answer);
  assert.deepEqual(kit.sql.parse(session.send({ kind: "sqlBatch", commands: "COMMIT" }).body).headers?.sqlSession, {
    sessionId: "AAECAw==",
    transactionDescriptor: Uint8Array.of(16, 17),
    mustUnderstand: true,
  });
  const lost = session.receive(kit.sql.build(sessionFault), { status: 500 });
  assert.equal(lost.outcome, "lost");
  assert.deepEqual(lost.sql, sessionFault);
  fails("argument", () => kit.session.sql().begin({ kind: "batchRequest", requests: [] }));
  fails("argument", () => kit.session.sql().begin({ kind: "sqlBatch", headers: { sqlSession: { initiate: true } }, commands: "" }));
  fails("argument", () => kit.session.dsml().begin({ kind: "sqlBatch", commands: "" }));
});

test("soap.parse tells a sqlSession header", () => {
  assert.deepEqual(kit.soap.parse(kit.sql.build(everyResult)).session, { dialect: "sql", id: "AAECAw==", timeout: 30, transactionDescriptor: "EBE=" });
  assert.deepEqual(kit.soap.parse(kit.sql.build(everyHeader)).session, { dialect: "sql", initiate: true, timeout: 60 });
});
