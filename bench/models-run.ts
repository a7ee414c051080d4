/** One process of the models' benchmark, `node bench/models-run.ts <case> ...`; its figures go to stdout as JSON.
 *    features                          computes the features a few times
 *    rows <folder>                     writes the rows and folds that Python reads
 *    <model> <folds, as 0,1,2> <file>  fits and scores, one fold after the other; all scores go to the file */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { computeFeatures } from "../src/data/features/compute-features.ts";
import { MODELS } from "../src/models/catalogue.ts";
import { rowsToScore } from "../src/models/design-matrix.ts";
import type { FitContext, FittedModel, TrainingSet } from "../src/models/model.ts";
import { prepareXgboost, xgboostObstacle } from "../src/models/xgboost-library.ts";
import {
  type BenchedModel,
  loadSp500,
  type ModelsProblem,
  modelsProblem,
  PARAMETERS,
  rowsOfFold,
  SEED,
  SPECS,
} from "./models-problem.ts";

export const RUN_FILE = fileURLToPath(import.meta.url);

export interface FeaturesRun {
  /** Milliseconds of each run; the first is cold. */
  readonly ms: readonly number[];
  readonly peakMb: number;
}

export interface FoldTiming {
  readonly fold: number;
  /** Milliseconds to gather the rows of the fold. */
  readonly gatherMs: number;
  /** Milliseconds to fit and to score the test. */
  readonly ms: number;
  /** Milliseconds of processor time that took, over all threads. */
  readonly cpuMs: number;
}

/** `obstacle` says why the model cannot be had here. */
export type ModelRun =
  | { readonly obstacle: string }
  | { readonly obstacle: null; readonly folds: readonly FoldTiming[]; readonly peakMb: number };

/** What Python is told beside the binary files, all row-major: x.f32, x.f64, y.f64 (NaN = no label). */
export interface RowsForPython {
  readonly columns: number;
  readonly threads: number;
  readonly seed: number;
  readonly parameters: typeof PARAMETERS;
  /** Rows [from, to) each; of the training rows, those with a label count. */
  readonly folds: readonly {
    readonly train: readonly number[];
    readonly test: readonly number[];
    readonly mean: number;
  }[];
}

export const THREADS = availableParallelism();
const FEATURE_RUNS = 5;

async function runFeatures(): Promise<FeaturesRun> {
  const market = await loadSp500();
  const ms: number[] = [];
  for (let run = 0; run < FEATURE_RUNS; run++) {
    const start = performance.now();
    computeFeatures(market, SPECS);
    ms.push(performance.now() - start);
  }
  return { ms, peakMb: peakMb() };
}

async function runModel(kind: BenchedModel, folds: readonly number[], file: string): Promise<ModelRun> {
  if (kind === "xgboost" || kind === "random_forest") {
    prepareXgboost();
    const obstacle = xgboostObstacle();
    if (obstacle !== null) return { obstacle };
  }
  const problem = modelsProblem(await loadSp500());
  const scores = openSync(file, "w");
  const timings = folds.map((fold): FoldTiming => {
    const start = performance.now();
    const { training, test } = rowsOfFold(problem, problem.folds[fold]!);
    const before = process.cpuUsage();
    const gathered = performance.now();
    const out = new Float64Array(test.cells.length);
    fitted(kind, training).score(test.x, out.length, out);
    const ms = performance.now() - gathered;
    const { user, system } = process.cpuUsage(before);
    writeSync(scores, out);
    return { fold, gatherMs: gathered - start, ms, cpuMs: (user + system) / 1000 };
  });
  closeSync(scores);
  return { obstacle: null, folds: timings, peakMb: peakMb() };
}

function fitted(kind: BenchedModel, training: TrainingSet): FittedModel {
  const context: FitContext = { seed: SEED, threads: THREADS, cancelled: () => false };
  switch (kind) {
    case "ridge":
      return MODELS.ridge.fit(training, PARAMETERS.ridge, context);
    case "ols":
      return MODELS.ols.fit(training, PARAMETERS.ols, context);
    case "xgboost":
      return MODELS.xgboost.fit(training, PARAMETERS.xgboost, context);
    case "random_forest":
      return MODELS.random_forest.fit(training, PARAMETERS.random_forest, context);
  }
}

async function writeRows(folder: string): Promise<void> {
  const problem = modelsProblem(await loadSp500());
  const { features, labels } = problem;
  const bars = labels.endBar.length;
  const { x, cells } = rowsToScore(features, 0, bars);
  const y = Float64Array.from(cells, (cell) => labels.values[cell]!);
  writeFileSync(join(folder, "x.f64"), x);
  writeFileSync(join(folder, "x.f32"), Float32Array.from(x));
  writeFileSync(join(folder, "y.f64"), y);
  const told: RowsForPython = {
    columns: features.names.length,
    threads: THREADS,
    seed: SEED,
    parameters: PARAMETERS,
    folds: foldsForPython(problem, cells, y),
  };
  writeFileSync(join(folder, "rows.json"), JSON.stringify(told));
}

function foldsForPython({ features, folds }: ModelsProblem, cells: Int32Array, y: Float64Array) {
  const rowOf = (bar: number): number => {
    const row = cells.findIndex((cell) => cell >= bar * features.assets);
    return row < 0 ? cells.length : row;
  };
  const range = ({ from, to }: { readonly from: number; readonly to: number }) => [rowOf(from), rowOf(to)];
  return folds.map(({ train, test }) => {
    const [from, to] = range(train[0]!);
    const known = y.subarray(from, to).filter((label) => label === label);
    return {
      train: [from!, to!],
      test: range(test[0]!),
      mean: known.reduce((sum, label) => sum + label, 0) / known.length,
    };
  });
}

function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

if (process.argv[1] === RUN_FILE) {
  const [task = "", ...rest] = process.argv.slice(2);
  const answer =
    task === "features"
      ? await runFeatures()
      : task === "rows"
        ? await writeRows(rest[0]!)
        : await runModel(task as BenchedModel, rest[0]!.split(",").map(Number), rest[1]!);
  if (answer !== undefined) console.log(JSON.stringify(answer));
}
