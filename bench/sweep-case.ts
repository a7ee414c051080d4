/** One process of the sweep benchmark: `node sweep-case.ts EXPERIMENT cold|warm|wide WORKERS CACHE [path=value ...]`, or
 *  `... "one by one" N -`. */
import { loadWithRaw, parseConfig } from "../src/experiment/load-config.ts";
import { runExperiment } from "../src/experiment/pipeline.ts";
import { NO_CACHE, openStageCache } from "../src/experiment/stage-cache.ts";
import { runSweep } from "../src/sweep/run-sweep.ts";
import type { SweepTiming } from "./sweep.ts";

const [file, name, count, folder, ...set] = process.argv.slice(2) as [string, string, string, string, ...string[]];
const stages: Record<string, number> = {};
const started = performance.now();
let last = started;
const mark = (stage: string) => {
  const now = performance.now();
  stages[stage] = (stages[stage] ?? 0) + now - last;
  last = now;
};
let configs = Number(count);
if (name === "one by one") await runSome(configs);
else {
  const { raw, value } = loadWithRaw(file, set);
  await runSweep(raw, value, file, {
    cache: folder === "-" ? NO_CACHE : openStageCache(folder),
    workers: Number(count),
    onPlan(plan) {
      configs = plan.trials.length;
      mark("plan");
      return true;
    },
    onProgress(done, of) {
      if (done === of) mark("trials");
    },
  });
  mark("rank and overfitting");
}
const { user, system } = process.cpuUsage();
const timing: SweepTiming = {
  case: name,
  workers: name === "one by one" ? 1 : Number(count),
  configs,
  stages,
  ms: performance.now() - started,
  cpuMs: (user + system) / 1000,
  peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
};
console.log(JSON.stringify(timing));

/** Configs spread over the grid, each from prices to metrics. */
async function runSome(some: number): Promise<void> {
  const { raw, value } = loadWithRaw(file);
  const grid = Object.entries(value.sweep!.grid!);
  const { sweep: _, ...base } = raw as Record<string, unknown>;
  for (let i = 0; i < some; i++) {
    const set = grid.map(
      ([path, values]) => `${path}=${JSON.stringify(values[Math.floor((i * values.length) / some)])}`,
    );
    await runExperiment(parseConfig(JSON.stringify(base), file, set), file);
  }
  mark("runs");
}
