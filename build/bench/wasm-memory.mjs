/**
 * Notes every memory that WebAssembly instances made from now on export, and
 * gives a function that tells how many bytes they have in all. The package
 * shows its own to nobody.
 */
export function watchMemory() {
  const memories = new Set();
  const note = (made) => {
    for (const value of Object.values((made.instance ?? made).exports)) {
      if (value instanceof WebAssembly.Memory) memories.add(value);
    }
    return made;
  };
  const { instantiate, Instance } = WebAssembly;
  WebAssembly.instantiate = async (...args) => note(await instantiate.apply(WebAssembly, args));
  WebAssembly.Instance = new Proxy(Instance, { construct: (target, args) => note(new target(...args)) });
  return () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
}
