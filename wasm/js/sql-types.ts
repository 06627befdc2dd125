/**
 * Types of the messages of SQL Server's native XML web services: batches, their
 * answers, faults, and the headers that travel with them.
 *
 * Names are those of the wire with a small first letter, and defaults are left
 * out. Numbers, dates, decimals and identifiers in rows and parameters are
 * strings, as XML Schema writes them: "12.5000" of a money column keeps its
 * zeros, and no bigint or datetime loses a digit. The type stands beside them,
 * in the column or the parameter. Binary is `Uint8Array`, NULL is `null`.
 *
 *     const batch: SqlBatch = {
 *       kind: "sqlBatch",
 *       headers: { sqlSession: { initiate: true, timeout: 60 } },
 *       commands: "SELECT OrderNo, Total FROM Orders WHERE Region = @region",
 *       parameters: [{ name: "region", maxLength: 8, value: "NORTH" }],
 *     };
 *     const response = await fetch(endpoint, { method: "POST", body: kit.sql.build(batch), headers });
 *     const answer = kit.sql.parse(await response.text());
 *     if (answer.kind === "sqlBatchResponse") {
 *       for (const result of answer.results) {
 *         if (result.kind === "rowSet") {
 *           const names = result.columns?.map((column) => column.name);
 *           for (const row of result.rows) console.log(names, row);
 *         }
 *       }
 *     }
 */
import type { HeaderBlock, HeaderBlockInit } from "./types.js";

/** A whole number of 64 bits: a string of digits where a number would not be exact (beyond 2^53 - 1). */
export type SqlLong = number | string;

/** XML that is data, as text: elements with the namespace declarations that they need, and what stands between them. */
export interface SqlContent {
  xml: string;
}

/**
 * A value of a column or a parameter: text as XML Schema writes values of its
 * type, bytes where that type is binary (binary, varbinary, image, timestamp,
 * rowversion, xsd:base64Binary), an object with `xml` where it holds elements,
 * `null` for NULL. What should be base64 and is not stays text.
 */
export type SqlPlainValue = string | Uint8Array | SqlContent | null;

/** A value; where it has an xsi:type of its own, as one of a sql_variant, with that. */
export type SqlValue = SqlPlainValue | { type: SqlTypeName; value: SqlPlainValue };

/**
 * The name of a type: "int" or "nvarchar" of SQL Server (namespace
 * http://schemas.microsoft.com/sqlserver/2004/sqltypes), "xsd:int" of XML
 * Schema, "{namespace}name" elsewhere.
 */
export type SqlTypeName = string;

// ----------------------------------------------------------------- headers

/** What the envelope says on a header block. */
export interface SqlProcessing {
  mustUnderstand?: boolean;
  /** `actor` of SOAP 1.1 or `role` of SOAP 1.2 */
  actor?: string;
  /** SOAP 1.2 */
  relay?: boolean;
}

/** The sqlSession header. */
export interface SqlSession extends SqlProcessing {
  /** of requests: begin a session before the batch runs; default false */
  initiate?: boolean;
  /** end the session behind the batch; in an answer: it is over; default false */
  terminate?: boolean;
  /** base64 as the server sent it, to be sent back unchanged */
  sessionId?: string;
  /** seconds of idle time, asked for or in force */
  timeout?: number;
  /** token of the transaction to go on with */
  transactionDescriptor?: Uint8Array;
}

/** A header that is a text. */
export interface SqlTextHeader extends SqlProcessing {
  /** cut by the server, silently, when it is too long */
  value: string;
}

/** All headers of a message. Those but sqlSession that belong to the login go with a sqlSession that initiates, or without any. */
export interface SqlHeaders {
  sqlSession?: SqlSession;
  /** program name of the login */
  applicationName?: SqlTextHeader;
  /** name of the API that the client uses */
  clientInterface?: SqlTextHeader;
  /** address of a network card */
  clientNetworkID?: SqlProcessing & { value: Uint8Array };
  clientPID?: SqlProcessing & { value: SqlLong };
  /** name of the client's machine */
  hostName?: SqlTextHeader;
  /** `optional`: go on without when it cannot be entered; `filename`: of a detached database to attach */
  initialDatabase?: SqlProcessing & { value: string; optional?: boolean; filename?: string };
  /** `optional`: go on with the login's own language when it cannot be set */
  initialLanguage?: SqlProcessing & { value: string; optional?: boolean };
  /** which changes the server reports among the results; all default to false */
  environmentChangeNotifications?: SqlProcessing & {
    databaseChange?: boolean;
    languageChange?: boolean;
    partnerChange?: boolean;
    transactionBoundary?: boolean;
  };
  /** `timeout` in seconds */
  notificationRequest?: SqlProcessing & { notificationId: string; deliveryService: string; timeout?: SqlLong };
  /** of answers: URI of the server that mirrors the database */
  databaseMirroringPartner?: SqlProcessing & { partner: string };
  /** WS-Security with a SQL login. Passwords are in clear: keep the object out of logs. */
  security?: SqlProcessing & { username?: string; password?: string; oldPassword?: string };
  /** blocks that are none of the above, or are meant for somebody else */
  other?: (HeaderBlock | HeaderBlockInit | string)[];
}

interface SqlMessageBase {
  /** version of the envelope, default "1.1"; "none" stands for a document without one, which has no headers */
  soap?: "1.1" | "1.2" | "none";
  /** left out when there are none */
  headers?: SqlHeaders;
}

// ---------------------------------------------------------------- requests

/** Data types of parameters. UtcDateTime is in the WSDL of 2005 only, Structured in that of 2008. */
export type SqlDbType =
  | "BigInt" | "Binary" | "Bit" | "Char" | "DateTime" | "Decimal" | "Float" | "Image" | "Int" | "Money" | "NChar" | "NText" | "NVarChar"
  | "Real" | "SmallDateTime" | "SmallInt" | "SmallMoney" | "Structured" | "Text" | "Timestamp" | "TinyInt" | "Udt" | "UniqueIdentifier"
  | "UtcDateTime" | "VarBinary" | "VarChar" | "Variant" | "Xml";

/** A parameter of a batch, or one that comes back from it. */
export interface SqlParameter {
  /** without @, at most 127 characters */
  name: string;
  /** default "NVarChar" */
  sqlDbType?: SqlDbType;
  /** default "Input" */
  direction?: "InputOutput";
  /** default 1; -1 is the greatest there is */
  maxLength?: SqlLong;
  /** 0 to 255, default 18 */
  precision?: number;
  /** 0 to 255, default 0 */
  scale?: number;
  clrTypeName?: string;
  /** names of options with spaces between, such as "IgnoreCase IgnoreWidth" */
  sqlCompareOptions?: string;
  /** default -1 */
  localeId?: number;
  /** default 0 */
  sqlCollationVersion?: number;
  /** default 0 */
  sqlSortId?: number;
  xmlSchemaCollection?: string;
  /** of a table */
  typeName?: string;
  /** `Uint8Array` where sqlDbType is Binary, Image, Timestamp or VarBinary */
  value: SqlValue;
}

/** A request: Transact-SQL with parameters. */
export interface SqlBatch extends SqlMessageBase {
  kind: "sqlBatch";
  /** Transact-SQL; it may be empty */
  commands: string;
  parameters?: SqlParameter[];
}

// --------------------------------------------------------------- responses

/** A column, as the inline schema of its row set declares it. */
export interface SqlColumn {
  /** name of the element, decoded; a column without a name of its own is Column1, Column2 ... */
  name: string;
  /** name of the column where that is another; "" for one without */
  sqlColumnName?: string;
  type?: SqlTypeName;
  /** a NULL may be left out of a row; default false */
  optional?: boolean;
  /** a NULL may be written as xsi:nil; default false */
  nillable?: boolean;
  /** characters or bytes */
  maxLength?: SqlLong;
  /** precision */
  totalDigits?: SqlLong;
  /** scale */
  fractionDigits?: SqlLong;
  localeId?: number;
  sqlCompareOptions?: string;
  sqlSortId?: number;
  sqlCollationVersion?: number;
  /** name of a user's type */
  sqlTypeAlias?: string;
  /** the xsd:simpleType or xsd:complexType as text, where it says more than the above; `type` is not there then */
  definition?: string;
  /**
   * True where no schema declares the column: rows have it. In a set without a
   * schema all columns are so, and all that is known of them is their names.
   */
  undeclared?: boolean;
}

/** One value for each column, in their order; columns of the same name stay apart. */
export type SqlRow = SqlValue[];

/** What a query returned. */
export interface SqlRowSet {
  kind: "rowSet";
  /** of the element around the rows; default SqlRowSet1, SqlRowSet2 ... */
  name?: string;
  /** left out where there is neither a schema nor a row that has one */
  columns?: SqlColumn[];
  /** inline schemas, as text, that say something else than columns, such as those of typed XML */
  schemas?: string[];
  rows: SqlRow[];
}

/** What SELECT ... FOR XML returned. */
export interface SqlXml extends SqlContent {
  kind: "xml";
}

/** An error or a message of the server. An error of a statement comes as one of the results, not as a fault. */
export interface SqlMessage {
  kind: "message";
  /** severity; above 10 is an error */
  class: number;
  /** line of the batch or procedure */
  lineNumber: number;
  message: string;
  number: number;
  procedure?: string;
  server?: string;
  /** "Microsoft-SQL/9.0" is SQL Server 2005, "Microsoft-SQL/10.0" is 2008 */
  source: string;
  state: number;
}

/** Rows that a statement returned or changed. */
export interface SqlRowCount {
  kind: "rowCount";
  count: SqlLong;
}

/** What the whole request returns. */
export interface SqlResultCode {
  kind: "resultCode";
  value: number;
}

/** A change of a transaction; sent where environmentChangeNotifications asked for it. */
export interface SqlTransaction {
  kind: "transaction";
  /** after Begin and EnlistDTC: what goes into the sqlSession header from here on */
  descriptor: Uint8Array;
  type: "Begin" | "Commit" | "Rollback" | "EnlistDTC" | "Defect";
}

/** One of the results of a batch, which come in the order in which they came about. */
export type SqlResult = SqlRowSet | SqlXml | SqlMessage | SqlRowCount | SqlResultCode | SqlTransaction;

/** The answer to a batch. */
export interface SqlBatchResponse extends SqlMessageBase {
  kind: "sqlBatchResponse";
  /** in the order in which they came about */
  results: SqlResult[];
  /** those that come back */
  parameters?: SqlParameter[];
}

/** Why a request was not carried out; the same in both versions of SOAP. */
export interface SqlFault extends SqlMessageBase {
  kind: "sqlFault";
  /** of SOAP 1.2: "Sender", "Receiver" ...; another is "{namespace}name" */
  code: string;
  /** from the outermost inwards: "SoapHeader", "SessionIdIsInvalid"; others than SQL Server's are "{namespace}name" */
  subcodes?: string[];
  reason: string;
  /** default "en-US" */
  reasonLang?: string;
  /** URL of the endpoint */
  node?: string;
  role?: string;
  /** the reason as SOAP 1.1 has it, where that does not follow from `reason` */
  faultString?: string;
  messages?: SqlMessage[];
  /** what else the detail holds, as XML */
  detail?: string;
}

/** An envelope with nothing in its Body: it ends a session, or says that one has ended. */
export interface SqlEmpty extends SqlMessageBase {
  kind: "sqlEmpty";
}

/** What `kit.sql` reads and writes; `kind` tells which it is. */
export type SqlDocument = SqlBatch | SqlBatchResponse | SqlFault | SqlEmpty;

/**
 * What a stream yields. First comes the head; a row set comes without rows, and
 * its rows after it. Where rows have columns that are not known yet, all columns
 * as they are from there on come before the row.
 */
export type SqlItem =
  | ({ kind: "head"; document: SqlDocument["kind"] } & SqlMessageBase)
  | Omit<SqlRowSet, "rows">
  | { kind: "columns"; columns: SqlColumn[] }
  | { kind: "row"; values: SqlRow }
  | Exclude<SqlResult, SqlRowSet>
  | ({ kind: "parameter" } & SqlParameter)
  | SqlFault;
