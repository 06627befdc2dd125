// Form and text by hand: neither destroys the other, and what gives way can be
// brought back.
import assert from "node:assert/strict";
import { eventually, open, test } from "./browser.ts";

const base = "dc=example,dc=org";

const byHand = `<?xml version="1.0" encoding="UTF-8"?>
<!-- ticket 4711 -->
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">
   <s:Header><t:Trace xmlns:t="urn:trace">on</t:Trace></s:Header>
   <s:Body>
      <d:batchRequest xmlns:d="urn:oasis:names:tc:DSML:2:0:core">
         <d:searchRequest dn='${base}' scope="baseObject"   derefAliases="neverDerefAliases">
            <d:filter><!-- anything --><d:present name="objectClass"/></d:filter>
         </d:searchRequest>
      </d:batchRequest>
   </s:Body>
</s:Envelope>`;

test("a change of the form goes into a text by hand and leaves the rest of it as it is; it can be undone there", async (t) => {
  const face = await open(t);
  const bodies = face.posted();
  await face.type(byHand);
  await face.requestView("Form");
  await eventually(async () => assert.equal(await face.box("Base DN").inputValue(), base), "the form follows");
  await face.box("Base DN").fill(`ou=people,${base}`);
  await face.box("Filter").fill("(uid=*)");
  const expected = byHand.replace(`'${base}'`, `"ou=people,${base}"`).replace('"objectClass"', '"uid"');
  await eventually(async () => assert.equal(await face.envelope(), expected), "only that has changed");
  assert.equal(await face.aside.innerText(), "");
  await face.press("Send");
  await face.headline(/success/);
  assert.equal(bodies[0], expected);

  await eventually(async () => {
    await face.box("Envelope").press("ControlOrMeta+z");
    assert.equal(await face.envelope(), byHand);
  }, "it is undone step by step");
  await face.requestView("Form");
  await eventually(async () => assert.equal(await face.box("Base DN").inputValue(), base), "the form follows the undoing");
});

test("where a text by hand has to give way it is put aside, over a reload too, and brought back", async (t) => {
  const face = await open(t);
  await face.type(byHand);
  await face.requestView("Form");
  await eventually(async () => assert.equal(await face.box("Base DN").inputValue(), base), "the form follows");
  await face.page.getByText("Batch", { exact: true }).click();
  await face.page.getByLabel("Wrapped in").selectOption("SOAP 1.2 envelope");
  await face.shows(/2003\/05\/soap-envelope/);
  await face.aside.getByText("put into another envelope").waitFor();
  await face.reload();
  await face.aside.getByText("put into another envelope").waitFor();
  await face.shows(/2003\/05\/soap-envelope/);
  await face.aside.getByRole("button", { name: "Bring it back" }).click();
  await eventually(async () => assert.equal(await face.envelope(), byHand), "it is back");
  // What stood there in its place is not lost either.
  await face.aside.getByRole("button", { name: "Bring it back" }).click();
  await face.shows(/2003\/05\/soap-envelope/);
  await face.aside.getByRole("button", { name: "Forget it" }).click();
  await eventually(async () => assert.equal(await face.aside.innerText(), ""), "nothing is put aside");
});

test("a form that is not ready gives way to a text, and is brought back", async (t) => {
  const face = await open(t);
  await face.search(base, { filter: "(&(cn=a*)(sn=" });
  await face.request.locator(".form-problem").waitFor();
  await face.type(byHand);
  await face.aside.getByText("The form was not ready").waitFor();
  await face.aside.getByRole("button", { name: "Bring it back" }).click();
  await face.requestView("Form");
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(&(cn=a*)(sn="), "the form is back");
  await face.aside.getByRole("button", { name: "Bring it back" }).click();
  await eventually(async () => assert.equal(await face.envelope(), byHand), "and the text");
});

test("an earlier request that is opened and then changed does not cost what was being written", async (t) => {
  const face = await open(t);
  await face.search(base, { filter: "(uid=first)" });
  await face.press("Send");
  await face.count(1);
  await face.box("Filter").fill("(uid=unsent");
  await face.request.locator(".form-problem").waitFor();
  await face.rows.first().click();
  await face.button("Back to what I was writing").waitFor();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=first)"), "the earlier request is there");
  // Only looked at: a reload goes back to what was being written.
  await face.reload();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=unsent"), "what was being written is there");
  assert.equal(await face.aside.innerText(), "");
  await face.rows.first().click();
  await face.button("Back to what I was writing").waitFor();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=first)"), "the earlier request is there again");
  await face.box("Filter").fill("(uid=changed)");
  await face.aside.getByText("What you were writing before").waitFor();
  await face.aside.getByRole("button", { name: "Bring it back" }).click();
  await eventually(async () => assert.equal(await face.box("Filter").inputValue(), "(uid=unsent"), "it is back, ready or not");
});
