/** The sweep of experiments/weighting-selector-sweep.yaml: 1,000 configs cold, again from the cache, ten times as many
 *  thresholds, and against running configs one by one, each as `ballast run` does but for its files. Every figure comes
 *  from a fresh process; wall time and the processor time of all its threads, as others may use the machine too. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadWithRaw } from "../src/experiment/load-config.ts";

const EXPERIMENT = fileURLToPath(new URL("../experiments/weighting-selector-sweep.yaml", import.meta.url));
const CHILD = fileURLToPath(new URL("./sweep-case.ts", import.meta.url));
/** Of the configs, run one by one. */
const SAMPLED = 20;
/** Thresholds of the selector, ten times those of the experiment over the same range: 10,000 configs. */
const WIDE_THRESHOLDS = Array.from({ length: 200 }, (_, i) => (i + 1) / 500);

/** What one process measured. */
export interface SweepTiming {
  readonly case: string;
  readonly workers: number;
  readonly configs: number;
  /** Wall time by stage, milliseconds. */
  readonly stages: Readonly<Record<string, number>>;
  readonly ms: number;
  /** Of all threads, start included. */
  readonly cpuMs: number;
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
      timeOf("wide", "2", join(cache, "wide"), wideGrid()),
    ];
    if (json) {
      console.log(JSON.stringify(timings));
      return;
    }
    for (const { case: name, workers, configs, stages, ms, cpuMs, peakMb } of timings) {
      const parts = Object.entries(stages).map(([stage, time]) => `${stage} ${time.toFixed(0)}`);
      const each = (ms / configs).toFixed(1);
      console.log(
        `${name.padEnd(11)} ${workers} workers ${String(configs).padStart(5)} configs ${ms.toFixed(0).padStart(7)} ms ${each.padStart(7)} ms each ${cpuMs.toFixed(0).padStart(7)} ms cpu ${String(peakMb).padStart(5)} MB  ${parts.join(", ")}`,
      );
    }
    const [cold, , , single, wide] = timings as [SweepTiming, SweepTiming, SweepTiming, SweepTiming, SweepTiming];
    const each = ({ ms, configs }: SweepTiming) => ms / configs;
    const cpuEach = ({ cpuMs, configs }: SweepTiming) => cpuMs / configs;
    const times = (ratio: number) => ratio.toFixed(ratio < 10 ? 2 : 1);
    console.log(
      `a config of the sweep is ${times(each(single) / each(cold))} times as fast as one run by itself, ${times(cpuEach(single) / cpuEach(cold))} times by processor time`,
    );
    console.log(
      `a config of ${wide.configs} takes ${times(each(wide) / each(cold))} of the time of one of ${cold.configs} (processor ${times(cpuEach(wide) / cpuEach(cold))}), and ${times(wide.peakMb / cold.peakMb)} times the memory in all`,
    );
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** The experiment's grid with more thresholds, as an override. */
function wideGrid(): string {
  const { grid } = loadWithRaw(EXPERIMENT).value.sweep!;
  return `sweep.grid=${JSON.stringify({ ...grid, "asset_selector.exclude_score_threshold": WIDE_THRESHOLDS })}`;
}

function timeOf(...parts: readonly string[]): SweepTiming {
  const child = spawnSync(process.execPath, [CHILD, EXPERIMENT, ...parts], { encoding: "utf8", maxBuffer: 1 << 26 });
  if (child.status !== 0) throw new Error(`sweep ${parts.join(" ")} failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as SweepTiming;
}
