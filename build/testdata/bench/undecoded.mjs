// Bytes stay base64.
import { open } from "../../bench/peers/json.mjs";

export const input = "json";
export { open };
