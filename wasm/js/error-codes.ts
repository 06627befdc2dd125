/** All codes of `DsmlkitError` and of diagnostics, with what each means. */
export const errorCodes: Readonly<Record<string, string>> = {
  // Of the package itself.
  argument: "an argument is of the wrong type or out of its range; the message names it",
  internal: "a defect of the toolkit, worth a report; the next call runs on a fresh instance",
  limit: "there is not enough memory, or a result is too long for JavaScript",
  load: "the WebAssembly could not be found, compiled or started",
  closed: "the worker has failed or was closed before it answered",

  // XML: the text.
  "xml-syntax": "the text is not well-formed XML",
  "xml-dtd": "a document type declaration, which is refused",
  "xml-limit": "a bound on depth, attributes, names, tokens or length was reached",
  "xml-encoding": "the encoding is not known, or the bytes are not of it",
  "xml-namespace": "a prefix is not declared, or namespaces are misused",

  // SOAP: the envelope.
  "soap-envelope": "the root element is not an Envelope",
  "soap-namespace": "the Envelope is in no SOAP namespace",
  "soap-structure": "Header and Body are missing, doubled or out of order",
  "soap-body": "something stands beside a Fault",
  "soap-header": "a header block is in no namespace",
  "soap-attribute": "mustUnderstand has a value that it cannot have",
  "soap-text": "text stands where only elements may",
  "soap-fault": "a Fault lacks its code or holds something unknown",
  "soap-fault-received": "the message is a Fault, where a document was expected",

  // DSML: the document.
  "dsml-root": "the document is neither a batchRequest nor a batchResponse, or not the one expected",
  "dsml-namespace": "an element is not in the DSML namespace",
  "dsml-body": "the Body holds no batch, or more than one",
  "dsml-element": "an element that may not stand there",
  "dsml-attribute": "an attribute that is not known or is there twice",
  "dsml-attribute-missing": "a required attribute is missing",
  "dsml-missing": "a required element is missing",
  "dsml-duplicate": "an element is there more often than it may be",
  "dsml-order": "elements in the wrong order",
  "dsml-text": "text where none may stand",
  "dsml-value": "a value that its attribute or element cannot have",
  "dsml-type": "an xsi:type that cannot be read or does not fit",
  "dsml-base64": "a binary value that is not base64",
  "dsml-name": "something that is no name of an attribute",
  "dsml-oid": "something that is no numeric object identifier",
  "dsml-dn": "something that cannot be a distinguished name",
  "dsml-descr": "the name of a result code that does not fit the code",
  "dsml-requestid": "a request of a parallel batch has no requestID",
  "dsml-result": "a result that may not stand where it was put",
  "dsml-detail": "the detail of an errorResponse does not hold exactly one element",
  "dsml-limit": "the batch has more requests than it may have",
  "dsml-filter": "the text of a filter is not as RFC 4515 has it, or a filter says nothing",
  "dsml-filter-depth": "a filter is nested too deep",
  "dsml-control": "the value of a control cannot be read",
  "dsml-internal": "a defect of the reader",
  // Warnings of validate.
  "dsml-principal": "a principal that is neither dn: nor u:",
  "dsml-no-values": "a modification that adds nothing",
  "dsml-asterisk": "a filter that looks for an asterisk, where presence was probably meant",
  "dsml-abandon": "an abandonRequest that can have no effect",

  // LDIF.
  "ldif-syntax": "a line or a record is not as RFC 2849 has it",
  "ldif-version": "LDIF of a version other than 1",
  "ldif-base64": "a value that is not base64",
  "ldif-url": "a value given by reference, which is never fetched",
  "ldif-limit": "the text or a line is too long",
  "ldif-mixed": "content records and change records in one text",
  "ldif-unsupported": "something that LDIF has no line for",

  // Sessions.
  "session-not-open": "there is no session to send in or to end",
  "session-expired": "the session's idle time is over",
  "session-already-open": "there is a session that has not ended",
  "session-body": "what is to be sent cannot carry a session header",
  "session-snapshot": "saved state that cannot be read",
  "session-freed": "the session was let go with free()",
  "session-lost": "the session is gone before its time, by the server's word",
  "session-refused": "the server answered without opening a session",

  // The client.
  "http-unreachable": "no answer came: no connection, or the browser does not let the page see it",
  "http-timeout": "no whole answer came in the time that was given",
  "http-status": "the answer is no message; its status tells more",
  "dsml-error-response": "the server answered a search with an errorResponse",
  "ldap-result": "a search ended with a result that is no success",
};
