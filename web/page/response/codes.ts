// What LDAP result codes, DSML error types and session faults mean to the
// person who reads them, and what is worth trying. In our own words: the
// standards say what a code is for, not what to do about it.

/** How an answer is to be taken. `plain` is neither good nor bad. */
export type Tone = "good" | "plain" | "warn" | "bad";

export interface Meaning {
  /** the standard's name */
  name: string;
  tone: Tone;
  /** what happened, one sentence */
  sentence: string;
  /** what to try, each a short sentence */
  tries: string[];
}

const code = (name: string, tone: Tone, sentence: string, ...tries: string[]): Meaning => ({ name, tone, sentence, tries });

/** By result code. Names are those of LDAP (RFC 4511), which spells code 36 right. */
export const resultCodes: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [0, code("success", "good", "The directory did what was asked.")],
  [1, code("operationsError", "bad", "The directory could not run this operation where it stands, often because something has to come before it.",
    "If it is a paged search, begin the search anew: its cookie may have been used elsewhere.", "Sign in: some directories answer anonymous requests this way.")],
  [2, code("protocolError", "bad", "The directory could not make sense of the request.",
    "Look at the XML tab for values, controls or an operation that this directory may not know.")],
  [3, code("timeLimitExceeded", "warn", "The search ran longer than the time limit; what was found so far is shown.",
    "Narrow the base or the filter.", "Raise the time limit of the request, if it is the request that sets it.")],
  [4, code("sizeLimitExceeded", "warn", "There are more entries than the size limit allows; what was found so far is shown.",
    "Set a page size and begin a session: a paged search brings them all, piece by piece.", "Narrow the filter, or raise the size limit of the request.")],
  [5, code("compareFalse", "plain", "The comparison was made: the entry does not have this value.")],
  [6, code("compareTrue", "good", "The comparison was made: the entry has this value.")],
  [7, code("authMethodNotSupported", "bad", "The directory does not accept this way of signing in.", "Ask its operator which ways it accepts.")],
  [8, code("strongAuthRequired", "bad", "The directory wants a stronger sign-in, or an encrypted connection, before it does this.",
    "Use the https address of the endpoint.", "Sign in with a name and password.")],
  [9, code("partialResults", "warn", "Part of the result lives on other servers.", "Follow the referrals that came with it.")],
  [10, code("referral", "plain", "This directory does not hold that part of the tree; the referrals name servers that do.",
    "Set the endpoint to a gateway for one of the servers named.")],
  [11, code("adminLimitExceeded", "warn", "A limit that the directory's operator has set was reached.", "Ask for less at a time: a smaller page size, or a narrower filter.")],
  [12, code("unavailableCriticalExtension", "bad", "The request carries a control marked critical that the directory does not support, so it did nothing.",
    "Clear the criticality of the control, or leave it out.", "Search the root DSE (empty base, scope base, attribute supportedControl) for what is supported.")],
  [13, code("confidentialityRequired", "bad", "The directory does this over an encrypted connection only.", "Use the https address of the endpoint.")],
  [14, code("saslBindInProgress", "bad", "A sign-in in several steps has begun and was not finished.", "Sign in again.")],
  [16, code("noSuchAttribute", "bad", "The entry does not have the attribute, or not the value, that the request names.", "Read the entry first and see what it holds.")],
  [17, code("undefinedAttributeType", "bad", "The directory's schema has no attribute of that name.", "Check the spelling of the attribute names.")],
  [18, code("inappropriateMatching", "bad", "That kind of comparison does not work for this attribute.", "Use another kind of filter, such as equality instead of substrings.")],
  [19, code("constraintViolation", "bad", "A value breaks a rule that the directory has for the attribute: length, range, number of values, or password policy.",
    "The error message, if there is one, mostly names the rule.")],
  [20, code("attributeOrValueExists", "bad", "The attribute, or that very value, is there already.", "Use replace instead of add.")],
  [21, code("invalidAttributeSyntax", "bad", "A value does not have the form that its attribute asks for.", "Check dates, numbers, DNs and booleans among the values.")],
  [32, code("noSuchObject", "bad", "There is no entry of that name.", "Check the DN, part by part from the right.", "Sign in: a directory may hide entries that the caller must not see.")],
  [33, code("aliasProblem", "bad", "An alias entry points to nothing.", "Search without following aliases.")],
  [34, code("invalidDNSyntax", "bad", "The DN is not written correctly.", "Each part is name=value, parts are separated by commas, and a comma inside a value is written \\,.")],
  [36, code("aliasDereferencingProblem", "bad", "An alias could not be followed, or may not be.", "Search without following aliases.")],
  [48, code("inappropriateAuthentication", "bad", "This way of signing in does not fit the entry that signs in.", "An entry without a password cannot sign in with one.")],
  [49, code("invalidCredentials", "bad", "Name or password is wrong.", "Sign in again. The name may have to be a full DN.")],
  [50, code("insufficientAccessRights", "bad", "Whoever is signed in may not do this.", "Sign in as someone who may.")],
  [51, code("busy", "warn", "The directory has too much to do at the moment.", "Send it again in a little while.")],
  [52, code("unavailable", "bad", "The directory, or the part that is needed, is not running.", "Send it again later, or ask its operator.")],
  [53, code("unwillingToPerform", "bad", "The directory refuses, for a reason of its own.", "The error message, if there is one, names the reason.")],
  [54, code("loopDetect", "bad", "Aliases or referrals go round in a circle.", "Search without following aliases.")],
  [60, code("sortControlMissing", "bad", "A list view (VLV) needs a sort control beside it.", "Add a sort control to the same search.")],
  [61, code("offsetRangeError", "bad", "The place asked for lies outside the list.", "Ask for an offset between 1 and the number of entries.")],
  [64, code("namingViolation", "bad", "An entry of that kind may not have that name, or may not stand in that place.", "Check the first part of the DN, and the entry above it.")],
  [65, code("objectClassViolation", "bad", "The entry would not fit its object classes: an attribute is missing, or one is not allowed.",
    "Check which attributes its object classes demand and allow.")],
  [66, code("notAllowedOnNonLeaf", "bad", "The entry has others below it, so this is not possible.", "Delete what lies below first, or add the tree delete control.")],
  [67, code("notAllowedOnRDN", "bad", "The value is part of the entry's own name and cannot be changed this way.", "Rename the entry with modDN instead.")],
  [68, code("entryAlreadyExists", "bad", "There is an entry of that name already.", "Modify it, or choose another name.")],
  [69, code("objectClassModsProhibited", "bad", "The structural object class of an entry cannot be changed.", "Delete the entry and add it anew.")],
  [70, code("resultsTooLarge", "bad", "The result is larger than the server can carry.", "Ask for less at a time.")],
  [71, code("affectsMultipleDSAs", "bad", "This would touch more than one server at once.", "Do it in steps, each on one server.")],
  [76, code("virtualListViewError", "bad", "The list view (VLV) could not be served.", "Check its sort control and its offset.")],
  [80, code("other", "bad", "Something went wrong that no other code stands for.", "The error message, if there is one, says more.")],
  [118, code("canceled", "plain", "The operation was cancelled on request.")],
  [119, code("noSuchOperation", "plain", "There was no operation of that number to cancel.")],
  [120, code("tooLate", "plain", "It was too late to cancel the operation.")],
  [121, code("cannotCancel", "bad", "This operation cannot be cancelled.")],
  [122, code("assertionFailed", "bad", "The condition that came with the request does not hold, so nothing was done.", "Read the entry and see what has changed.")],
  [123, code("authorizationDenied", "bad", "The signed-in user may not act for that identity.", "Check the principal of the authRequest.")],
]);

/** By type of a DSML errorResponse. */
export const errorTypes: Readonly<Record<string, Meaning>> = {
  notAttempted: code("notAttempted", "warn", "The server did not try this request.",
    "Look at the request before it: with onError exit, the first failure ends the batch.", "Set onError to resume to have every request tried."),
  couldNotConnect: code("couldNotConnect", "bad", "The endpoint was reached, but it could not reach the directory behind it, or could not sign in there.",
    "Check name and password.", "If they are right, the directory itself is down or not reachable from the endpoint: ask its operator."),
  connectionClosed: code("connectionClosed", "bad", "The directory hung up on the endpoint without an answer.",
    "Send it again. Whether a change was made is not known: read the entry first."),
  malformedRequest: code("malformedRequest", "bad", "The server could not read the request, or a rule of DSML forbids it; nothing from that point on was done.",
    "The XML tab of the request marks what dsmlkit finds wrong with it.", "Look at the message: it mostly names the element."),
  gatewayInternalError: code("gatewayInternalError", "bad", "Something broke inside the endpoint.", "Send it again. If it breaks again, its log tells its operator why."),
  authenticationFailed: code("authenticationFailed", "bad", "The endpoint did not accept who is signed in.", "Sign in with another name or password. The name may have to be a full DN."),
  unresolvableURI: code("unresolvableURI", "bad", "A value was given by its address (anyURI), and the server could not or would not fetch it.",
    "Send the value itself instead, as text or base64Binary."),
  other: code("other", "bad", "The endpoint reports an error that has no type of its own.", "The message, if there is one, says more."),
};
