/** The methods of a toolkit, over the operations of the module. */
import { makeClient } from "./client.js";
import { Decoder, parse } from "./decoder.js";
import { readItems } from "./items.js";
import type { Kit } from "./kit.js";
import { TrackedSession } from "./session.js";
import { checkSource } from "./source.js";
import type { Control, ControlValue, SessionHeader, Toolkit } from "./types.js";

/** Makes the toolkit over a running module. */
export function makeToolkit(kit: Kit): Toolkit {
  const toolkit: Toolkit = {
    soap: {
      parse: (input) => kit.call("soap.parse", { input }),
      build: (envelope) => kit.call("soap.build", { envelope }),
      indent: (text, options) => kit.call("soap.indent", { text, options }),
      session: (input) => kit.call<{ session?: SessionHeader }>("soap.session", { input }).session,
    },
    dsml: {
      parse: (input, options) => parse(kit, input, options),
      build: (document, options) => kit.call("dsml.build", { document, options }),
      validate: (input, options) => kit.call("dsml.validate", { input, options }),
      stream: (source, options) => {
        const own = checkSource(source, options);
        return readItems(source, own, () => new Decoder(kit, "stream", own));
      },
      filter: {
        parse: (text) => kit.call("filter.parse", { text }),
        format: (filter) => kit.call("filter.format", { filter }),
      },
      ldif: {
        parse: (text) => kit.call("ldif.parse", { text }),
        format: (document) => kit.call("ldif.format", { document }),
      },
      control: {
        encode: (value) => kit.call("control.encode", { value }),
        decode: (control: Control, options?: object): ControlValue => kit.call("control.decode", { control, options }),
      },
      resultName: (code) => kit.call("result.name", { code }),
    },
    sql: {
      parse: (input, options) => kit.call("sql.parse", { input, options }),
      build: (document, options) => kit.call("sql.build", { document, options }),
      validate: (input, options) => kit.call("sql.validate", { input, options }),
      stream: (source, options) => {
        const own = checkSource(source, options);
        return readItems(source, own, () => new Decoder(kit, "sql", own));
      },
    },
    session: {
      dsml: (options) => TrackedSession.open(kit, "dsml", options),
      sql: (options) => TrackedSession.open(kit, "sql", options),
      restore: (snapshot, options) => TrackedSession.restore(kit, snapshot, options),
    },
    client: (options) => makeClient(toolkit, options),
  };
  return toolkit;
}
