/** wasm/edge, compiled: on an LDAP server, and (tab) with a directory in memory. In a Worker the import is the module itself: it cannot be compiled there. */
declare module "*/edge.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*/tab.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
