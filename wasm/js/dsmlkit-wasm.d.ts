/** wasm/toolkit, compiled. In a Worker the import is the module itself: it cannot be compiled there. */
declare module "*/dsmlkit.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
