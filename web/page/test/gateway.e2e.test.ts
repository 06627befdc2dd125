/** The page of a gateway with several endpoints, in a real browser. */
import assert from "node:assert/strict";
import { eventually, deadEnd, home, open, serve, test } from "./browser.ts";

test("one chooses among the endpoints of the gateway, and its errors are explained", async (t) => {
  const { address } = await serve(t, "--endpoint", `far=${home}dsml`, "--endpoint", `gone=${await deadEnd()}`);
  const face = await open(t, address);
  const { page } = face;
  const hint = page.locator(".endpoint-hint");
  await hint.getByText("embedded sample directory").waitFor();

  const choose = async (path: string) => {
    await page.getByRole("button", { name: "Endpoints", exact: true }).click();
    await page.getByRole("group", { name: "Endpoints" }).getByRole("button", { name: path }).click();
  };
  await choose("/dsml/far");
  await hint.getByText("another endpoint, relayed by this gateway").waitFor();
  await face.button("Send").click();
  await face.response.getByText(/success/).first().waitFor();

  await choose("/dsml/gone");
  await face.button("Send").click();
  await face.response.getByText("that one could not be reached, or hung up").waitFor();
  await face.response.getByText("upstream-unreachable").waitFor();
  await eventually(async () => assert.match(await face.response.innerText(), /couldNotConnect/), "the text is there");
});
