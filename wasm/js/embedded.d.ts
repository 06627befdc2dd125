/** The WebAssembly, gzipped, in base64; build/distnpm.go writes it. */
declare const text: string;
export default text;
