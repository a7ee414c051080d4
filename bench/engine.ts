/** The execution engine: ns per config x bar x asset of the kernel and of the reference, for the plain policy (pre_cost,
 *  fees and slippage) and for each feature switched on alone. Every figure comes from a fresh process on the compiled
 *  library (`npm run build`); the clock runs over `runBatch` with prices and weights in place, as in every run of a
 *  sweep but its first. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { CASES, type CaseName, type EngineTiming, VARIANTS } from "./engine-cases.ts";

const CHILD = childSource();

/** The child as JavaScript on dist: stripping types takes 36 MB that are no part of the engine. */
function childSource(): string {
  const file = fileURLToPath(new URL("./engine-case.ts", import.meta.url));
  const compiled = (path: string) => new URL(`../dist/${path}.js`, import.meta.url).href;
  const cases = `const CASES = ${JSON.stringify(CASES)};`;
  return stripTypeScriptTypes(readFileSync(file, "utf8"))
    .replace(/import \{[^}]*\} from "\.\/engine-cases\.ts";/, cases)
    .replaceAll(/"\.\.\/src\/([^"]+)\.ts"/g, (_, path: string) => JSON.stringify(compiled(path)));
}

/** @param options json: one array of timings on stdout instead of a table */
export async function benchEngine({ json }: { readonly json: boolean }): Promise<void> {
  const timings: EngineTiming[] = [];
  for (const name of Object.keys(CASES) as CaseName[])
    for (const variant of VARIANTS) {
      const threads = CASES[name].configs > 1 ? [1, 2] : [1];
      const rows = threads.map((count) => timeOf(name, variant, "kernel", count));
      rows.push(timeOf(name, variant, "reference", 1));
      timings.push(...rows);
      if (!json) for (const row of rows) console.log(lineOf(row, rows.at(-1)!));
    }
  if (json) console.log(JSON.stringify(timings));
}

function timeOf(...parts: readonly (string | number)[]): EngineTiming {
  const child = spawnSync(process.execPath, ["--input-type=module", "--eval", CHILD, ...parts.map(String)], {
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(`engine ${parts.join(" ")} failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as EngineTiming;
}

/** `W2  post_cost  kernel  1 thread   2.31 ns [2.20 .. 2.60]   480 MB   61x reference` */
function lineOf(timing: EngineTiming, reference: EngineTiming): string {
  const ns = (x: number) => x.toFixed(2);
  const ratio = timing === reference ? "" : `${(reference.nsPerCell / timing.nsPerCell).toFixed(0)}x faster`;
  return [
    timing.case.padEnd(16),
    timing.variant.padEnd(12),
    timing.path.padEnd(10),
    `${timing.threads} thr`,
    `${ns(timing.nsPerCell).padStart(7)} ns`,
    `[${ns(timing.min)} .. ${ns(timing.max)}]`.padEnd(20),
    `${String(timing.peakMb).padStart(5)} MB`,
    ratio,
  ].join(" ");
}
