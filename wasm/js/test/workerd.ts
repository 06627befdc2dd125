/** Cloudflare's runtime as a program, for tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";

export interface Workerd {
  process: ChildProcess;
  /** where it listens, with a slash at the end */
  url: string;
  /** what it has written so far */
  said(): string;
  stop(): Promise<void>;
}

/**
 * Starts it with a configuration whose only socket listens at 127.0.0.1:0. The
 * port is the system's choice, which workerd tells: one that is looked for
 * beforehand may be somebody else's by then.
 */
export async function startWorkerd(config: string): Promise<Workerd> {
  // The package's entry is its binary, whatever it is called for this machine.
  const require = createRequire(join(process.env["DSMLKIT_ROOT"] ?? process.cwd(), "package.json"));
  const binary = (require("workerd") as { default: string }).default;
  const child = spawn(binary, ["serve", "--control-fd=3", config], { cwd: dirname(config), stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill); // tests that were broken off leave nothing behind
  let said = "";
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let told = "";
    (child.stdio[3] as Readable).on("data", (bytes: Buffer) => {
      told += bytes.toString();
      const found = /"event":"listen".*?"port":(\d+)/.exec(told);
      if (found !== null) resolve(Number(found[1]));
    });
    child.once("error", reject);
    void ended.then(() => reject(new Error(`workerd ended:\n${said}`)));
  });
  return {
    process: child,
    url: `http://127.0.0.1:${port}/`,
    said: () => said,
    async stop() {
      process.off("exit", kill);
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        const hard = setTimeout(kill, 10_000);
        await once(child, "exit");
        clearTimeout(hard);
      }
    },
  };
}
