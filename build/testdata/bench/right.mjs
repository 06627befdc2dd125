export * from "../../bench/peers/json.mjs";
