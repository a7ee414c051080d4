/** `npm run bench -- <name> [--json]`: each benchmark prints medians with their spread, and ratios from one run. */
import { benchAllocation } from "./allocation.ts";
import { benchEngine } from "./engine.ts";
import { benchLoad } from "./load.ts";
import { benchModels } from "./models.ts";
import { benchSelection } from "./selection.ts";
import { benchSweep } from "./sweep.ts";

const BENCHMARKS: Readonly<Record<string, (options: { readonly json: boolean }) => Promise<void>>> = {
  allocation: benchAllocation,
  engine: benchEngine,
  load: benchLoad,
  models: benchModels,
  selection: benchSelection,
  sweep: benchSweep,
};

const [name = "", ...flags] = process.argv.slice(2);
const bench = BENCHMARKS[name];
if (bench === undefined) {
  console.error(`bench: unknown benchmark "${name}", expected one of ${Object.keys(BENCHMARKS).join(", ")}`);
  process.exitCode = 2;
} else await bench({ json: flags.includes("--json") });
