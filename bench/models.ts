/** Features and models on the S&P 500 table: 30 features, then ten walk-forward folds, which end at 565,000 training rows.
 *  Every pass is a fresh process; passes of ours and of Python's libraries alternate, and every ratio is of such a pair. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchedModel, PARQUET } from "./models-problem.ts";
import { type FoundPython, findPython, PYTHON_LIBRARY, type PythonModel, runPython } from "./models-python.ts";
import { type FeaturesRun, type ModelRun, RUN_FILE, THREADS } from "./models-run.ts";

interface ModelsTiming {
  readonly case: "features" | BenchedModel;
  /** Folds in `ms`; 0 for features. */
  readonly folds: number;
  /** Milliseconds. Of a model all its folds: gathering rows, fitting, scoring; median of the passes of each fold, and
   *  their fastest and slowest. */
  readonly ms: number;
  readonly min: number;
  readonly max: number;
  /** Milliseconds that the median is meant to stay below. */
  readonly target: number | null;
  readonly peakMb: number;
}

interface PeerTiming {
  readonly case: BenchedModel;
  /** "xgboost 1.7.4" */
  readonly against: string;
  readonly folds: number;
  /** Its milliseconds to fit and to predict, as in ModelsTiming. */
  readonly ms: number;
  readonly min: number;
  readonly max: number;
  readonly peakMb: number;
  /** Its time over ours, fitting and predicting alone: median, least and most of the folds and passes. */
  readonly ratio: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
  /** The same of processor time, which other work on the machine moves less: median. */
  readonly cpuRatio: number;
  /** Largest difference between its predictions and ours; null where they are not meant to be the same. */
  readonly difference: number | null;
}

interface Plan {
  readonly model: BenchedModel;
  readonly target: number | null;
  readonly peer: PythonModel | null;
  /** Folds of each process. */
  readonly passes: readonly (readonly number[])[];
}

const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const PASSES = 5;
const FEATURES_TARGET = 3000;
const RIDGE_TARGET = 5000;
const PEAK_TARGET_MB = 2048;

/** A forest takes its time, and scikit-learn's minutes for the smallest fold: not all folds, and that one alone. */
const PLANS: readonly Plan[] = [
  { model: "ridge", target: RIDGE_TARGET, peer: "ridge", passes: Array.from({ length: PASSES }, () => ALL) },
  { model: "ols", target: null, peer: null, passes: Array.from({ length: PASSES }, () => ALL) },
  { model: "xgboost", target: null, peer: "xgboost", passes: ALL.map((fold) => [fold]) },
  { model: "random_forest", target: null, peer: "random_forest", passes: [[0], [4], [9]] },
  { model: "random_forest", target: null, peer: "sklearn_forest", passes: [[0]] },
];

/** @param options json: one array of timings on stdout instead of lines */
export async function benchModels({ json }: { readonly json: boolean }): Promise<void> {
  if (!existsSync(PARQUET)) {
    console.error("models: skipped, ../shared/data/sp500_5yr_daily.parquet is not there");
    if (json) console.log("[]");
    return;
  }
  const timings: (ModelsTiming | PeerTiming)[] = [];
  const take = (timing: ModelsTiming | PeerTiming): void => {
    timings.push(timing);
    if (!json) console.log(lineOf(timing));
  };
  const folder = mkdtempSync(join(tmpdir(), "ballast-bench-models-"));
  try {
    if (!json) console.log(`${THREADS} threads; ms: median [fastest .. slowest]`);
    take(timeFeatures());
    ourProcess(["rows", folder]);
    for (const plan of PLANS) for (const timing of timePlan(plan, folder)) take(timing);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (json) console.log(JSON.stringify(timings));
}

function timeFeatures(): ModelsTiming {
  const { ms, peakMb } = JSON.parse(ourProcess(["features"])) as FeaturesRun;
  const spread = spreadOf(ms);
  return { case: "features", folds: 0, ...spread, target: FEATURES_TARGET, peakMb: Math.round(peakMb) };
}

/** By fold, in milliseconds. */
interface Samples {
  readonly ours: Map<number, number[]>;
  readonly theirs: Map<number, number[]>;
  readonly ratios: number[];
  readonly cpuRatios: number[];
  peakMb: number;
  theirPeakMb: number;
  difference: number;
}

function* timePlan(plan: Plan, folder: string): Generator<ModelsTiming | PeerTiming> {
  const { model, target, peer } = plan;
  const found = peer === null ? null : findPython(PYTHON_LIBRARY[peer]);
  if (typeof found === "string") console.error(`${model}, ${PYTHON_LIBRARY[peer!]}: ${found}`);
  const python = typeof found === "string" ? null : found;
  // our forest has been timed beside XGBoost's, and on more folds
  const ours = peer !== "sklearn_forest";
  if (!ours && python === null) return;
  const samples = collect(plan, python, folder);
  if (typeof samples === "string") {
    console.error(`${model}: skipped, ${samples}`);
    return;
  }
  const { peakMb, theirPeakMb } = samples;
  if (ours)
    yield { case: model, folds: samples.ours.size, ...totalOf(samples.ours), target, peakMb: Math.round(peakMb) };
  if (python === null) return;
  const ratio = spreadOf(samples.ratios, 3);
  yield {
    case: model,
    against: `${PYTHON_LIBRARY[peer!]} ${python.version}`,
    folds: samples.theirs.size,
    ...totalOf(samples.theirs),
    peakMb: Math.round(theirPeakMb),
    ratio: ratio.ms,
    ratioMin: ratio.min,
    ratioMax: ratio.max,
    cpuRatio: spreadOf(samples.cpuRatios, 3).ms,
    difference: ours ? samples.difference : null,
  };
}

/** @returns or why the model cannot be had here */
function collect({ model, peer, passes }: Plan, python: FoundPython | null, folder: string): Samples | string {
  const samples: Samples = {
    ours: new Map(),
    theirs: new Map(),
    ratios: [],
    cpuRatios: [],
    peakMb: 0,
    theirPeakMb: 0,
    difference: 0,
  };
  const [ourFile, theirFile] = [join(folder, "ours.f64"), join(folder, "theirs.f64")];
  for (const folds of passes) {
    const run = JSON.parse(ourProcess([model, folds.join(","), ourFile])) as ModelRun;
    if (run.obstacle !== null) return run.obstacle;
    samples.peakMb = Math.max(samples.peakMb, run.peakMb);
    for (const { fold, gatherMs, ms } of run.folds) append(samples.ours, fold, gatherMs + ms);
    if (python === null || peer === null) continue;
    const beside = runPython(python, peer, folds, folder, theirFile);
    samples.theirPeakMb = Math.max(samples.theirPeakMb, beside.peakMb);
    for (const [i, { fold, ms, cpuMs }] of beside.folds.entries()) {
      append(samples.theirs, fold, ms);
      samples.ratios.push(ms / run.folds[i]!.ms);
      samples.cpuRatios.push(cpuMs / run.folds[i]!.cpuMs);
    }
    samples.difference = Math.max(samples.difference, largestDifference(ourFile, theirFile));
  }
  return samples;
}

function ourProcess(task: readonly string[]): string {
  const child = spawnSync(process.execPath, [RUN_FILE, ...task], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`${task.join(" ")} failed: ${child.stderr}`);
  return child.stdout;
}

function append(samples: Map<number, number[]>, fold: number, ms: number): void {
  const known = samples.get(fold);
  if (known === undefined) samples.set(fold, [ms]);
  else known.push(ms);
}

/** Sums over the folds. */
function totalOf(samples: ReadonlyMap<number, readonly number[]>): { ms: number; min: number; max: number } {
  const total = { ms: 0, min: 0, max: 0 };
  for (const each of samples.values()) {
    const { ms, min, max } = spreadOf(each);
    total.ms += ms;
    total.min += min;
    total.max += max;
  }
  return total;
}

function spreadOf(samples: readonly number[], digits = 0): { ms: number; min: number; max: number } {
  const sorted = [...samples].sort((a, b) => a - b);
  const round = (x: number): number => Number(x.toFixed(digits));
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { ms: round(median), min: round(sorted[0]!), max: round(sorted.at(-1)!) };
}

function largestDifference(ourFile: string, theirFile: string): number {
  const [ours, theirs] = [ourFile, theirFile].map((file) => new Float64Array(readFileSync(file).buffer));
  if (ours!.length !== theirs!.length)
    throw new Error(`${ours!.length} scores of ours, ${theirs!.length} of Python's: not the same rows`);
  const difference = ours!.reduce((worst, score, i) => Math.max(worst, Math.abs(score - theirs![i]!)), 0);
  if (difference !== difference) throw new Error("a score that only one side has");
  return difference;
}

/** `ridge          10 folds      4,012 ms [3,900 .. 4,400]  below 5,000  peak 900 MB` */
function lineOf(timing: ModelsTiming | PeerTiming): string {
  const shown = (x: number): string => Math.round(x).toLocaleString("en-US");
  const folds = timing.folds === 0 ? "" : `${timing.folds} fold${timing.folds === 1 ? "" : "s"}`;
  const ms = `${shown(timing.ms).padStart(9)} ms ${`[${shown(timing.min)} .. ${shown(timing.max)}]`.padEnd(22)}`;
  const above = !("against" in timing) && timing.peakMb > PEAK_TARGET_MB ? ` ABOVE ${shown(PEAK_TARGET_MB)}` : "";
  const peak = `peak ${shown(timing.peakMb).padStart(5)} MB${above}`;
  const head = `${timing.case.padEnd(14)} ${("against" in timing ? timing.against : "ballast").padEnd(14)} ${folds.padEnd(9)}`;
  if ("against" in timing) {
    const { ratio, ratioMin, ratioMax, cpuRatio, difference } = timing;
    const same = difference === null ? "" : `, predictions to ${difference.toExponential(0)}`;
    return `${head}${ms} ${peak}  ${ratio} x ours [${ratioMin} .. ${ratioMax}]${ratio < 1 ? " UNDER 1" : ""}, processor ${cpuRatio}${same}`;
  }
  const { target } = timing;
  const goal = target === null ? "" : `  ${timing.ms < target ? "below" : "ABOVE"} ${shown(target)}`;
  return `${head}${ms} ${peak}${goal}`;
}
