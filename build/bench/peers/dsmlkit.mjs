/** The package as its users get it; `where` is the URL of its index.js. */
export async function open(where) {
  const { load } = await import(where);
  const kit = await load();
  return (bytes) => kit.dsml.parse(bytes).responses[0].entries;
}
