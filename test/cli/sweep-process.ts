/** Sweeps in processes of their own, to be killed, interrupted and set against one another. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const START = fileURLToPath(new URL("../../src/cli/start.ts", import.meta.url));

export interface SweepProcess {
  readonly child: ChildProcess;
  /** What it said on stderr, when it is over; a signal stands for the code. */
  readonly ended: Promise<{
    readonly code: number | NodeJS.Signals | null;
    readonly out: string;
    readonly err: string;
  }>;
}

/** `ballast run <args>` from source. */
export function startSweep(...args: readonly string[]): SweepProcess {
  const child = spawn(process.execPath, [START, "run", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const ended = new Promise<Awaited<SweepProcess["ended"]>>((resolve) =>
    child.once("close", (code, signal) => resolve({ code: code ?? signal, out, err })),
  );
  return { child, ended };
}

/** Files of a folder and those below it, by path within it; temporary ones too. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Contents of a folder by name but for what may differ between reruns. */
export function artifactsOf(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder).filter((name) => name !== "timings.json");
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name))]));
}
