/** The sweep of experiments/weighting-selector-sweep.yaml: 1,000 configs cold, again from the cache, and against running
 *  configs one by one, each as `ballast run` does but for its files. Every figure comes from a fresh process. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const EXPERIMENT = fileURLToPath(new URL("../experiments/weighting-selector-sweep.yaml", import.meta.url));
const CHILD = fileURLToPath(new URL("./sweep-case.ts", import.meta.url));
/** Of the configs, run one by one. */
const SAMPLED = 20;

/** What one process measured. */
export interface SweepTiming {
  readonly case: string;
  readonly workers: number;
  readonly configs: number;
  /** Wall time by stage, milliseconds. */
  readonly stages: Readonly<Record<string, number>>;
  readonly ms: number;
  readonly peakMb: number;
}

/** @param options json: one array of timings on stdout instead of a table */
export async function benchSweep({ json }: { readonly json: boolean }): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), "ballast-sweep-"));
  try {
    const timings = [
      timeOf("cold", "2", cache),
      timeOf("warm", "2", cache),
      timeOf("cold", "1", "-"),
      timeOf("one by one", String(SAMPLED), "-"),
    ];
    if (json) {
      console.log(JSON.stringify(timings));
      return;
    }
    for (const { case: name, workers, configs, stages, ms, peakMb } of timings) {
      const parts = Object.entries(stages).map(([stage, time]) => `${stage} ${time.toFixed(0)}`);
      const each = (ms / configs).toFixed(1);
      console.log(
        `${name.padEnd(11)} ${workers} workers ${String(configs).padStart(5)} configs ${ms.toFixed(0).padStart(7)} ms ${each.padStart(7)} ms each ${String(peakMb).padStart(5)} MB  ${parts.join(", ")}`,
      );
    }
    const [cold, , , single] = timings as [SweepTiming, SweepTiming, SweepTiming, SweepTiming];
    const ratio = single.ms / single.configs / (cold.ms / cold.configs);
    console.log(`a config of the sweep is ${ratio.toFixed(1)} times as fast as one run by itself`);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

function timeOf(...parts: readonly string[]): SweepTiming {
  const child = spawnSync(process.execPath, [CHILD, EXPERIMENT, ...parts], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (child.status !== 0) throw new Error(`sweep ${parts.join(" ")} failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as SweepTiming;
}
