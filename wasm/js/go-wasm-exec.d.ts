/**
 * Go's own loader, `$(go env GOROOT)/lib/wasm/wasm_exec.js`, as a function: the
 * names that the script expects in the realm are its parameters, so that
 * nothing is left on the real `globalThis`. The build makes this module; see
 * the comment at the head of index.ts.
 */
declare module "go:wasm_exec" {
  export interface GoProgram {
    argv: string[];
    env: Record<string, string>;
    exit: (code: number) => void;
    exited: boolean;
    importObject: WebAssembly.Imports;
    run(instance: WebAssembly.Instance): Promise<void>;
  }
  export default function goRuntime(
    globalThis: object,
    fs: object,
    crypto: { getRandomValues(array: Uint8Array<ArrayBuffer>): Uint8Array },
    performance: { now(): number },
    setTimeout: (callback: () => void, ms: number) => unknown,
    clearTimeout: (id: unknown) => void,
    console: { log(...args: unknown[]): void; warn(...args: unknown[]): void },
  ): new () => GoProgram;
}
