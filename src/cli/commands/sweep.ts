/** `ballast run` on an experiment with a `sweep` block: all of its configs, one leaderboard. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { SweepRecord } from "../../core/sweep-record.ts";
import { writeAtomically } from "../../data/atomic-file.ts";
import { writeLeaderboard } from "../../experiment/leaderboard-files.ts";
import { loadWithRaw, relocated } from "../../experiment/load-config.ts";
import { folderMarks } from "../../experiment/run-artifacts.ts";
import { NO_CACHE, openStageCache } from "../../experiment/stage-cache.ts";
import { METRICS } from "../../metrics/catalogue.ts";
import { formatMetric } from "../../metrics/format.ts";
import { renderSweepReport } from "../../report/sweep/sweep-report.ts";
import type { SweepPlan } from "../../sweep/plan-sweep.ts";
import { runSweep } from "../../sweep/run-sweep.ts";
import type { StageWork } from "../../sweep/sweep-notes.ts";
import { CheckFailed } from "../check-failed.ts";
import { printJson, printNote, printResult, printWarning } from "../output.ts";
import { createProgress } from "../progress.ts";
import { earlierTrials, recordSweep } from "../record-sweep.ts";

export interface SweepCommandOptions {
  readonly set?: readonly string[];
  readonly out?: string;
  readonly json?: true;
  readonly workers?: number;
  /** false = --no-cache */
  readonly cache: string | false;
  readonly dryRun?: true;
  readonly explain?: true;
  readonly strict?: true;
  /** false with --no-registry. */
  readonly registry: string | false;
  /** ISO time, UTC. */
  readonly startedAt: string;
}

/** Metrics of the console's table, beside the one trials are ranked by. */
const SHOWN = ["cagr", "sharpe", "max_drawdown", "turnover"];
const ROWS = 10;
/** Of the progress bar, or lines where there is no terminal. */
const STEPS = 20;

export async function runSweepCommand(experiment: string, options: SweepCommandOptions): Promise<void> {
  const { raw, value: config } = loadWithRaw(experiment, options.set);
  const cache = options.cache === false ? NO_CACHE : openStageCache(options.cache);
  const progress = createProgress(STEPS);
  const stop = new AbortController();
  const onInterrupt = () => {
    printNote("\nstopping: trials in flight are finished; once more to break off at once");
    process.removeListener("SIGINT", onInterrupt);
    stop.abort();
  };
  process.on("SIGINT", onInterrupt);
  let shown = -1;
  try {
    const run = await runSweep(raw, config, experiment, {
      cache,
      workers: options.workers,
      stop: stop.signal,
      earlierTrials: (dataHash) => (options.registry === false ? [] : earlierTrials(options.registry, dataHash)),
      onPlan: (plan, stages) => announce(plan, stages, options),
      onProgress(done, of) {
        const step = Math.min(STEPS - 1, Math.floor((STEPS * done) / Math.max(1, of)));
        for (; shown < step; shown++) progress.stage(`${done} of ${of} trials`);
      },
    }).catch((error: unknown) => {
      throw error instanceof InputError ? relocated(error, experiment, options.set ?? []) : error;
    });
    progress.finish();
    if (run === null) return;
    const { record, left } = run;
    const out = options.out ?? join("reports", record.id);
    mkdirSync(out, { recursive: true });
    const before = folderMarks(out);
    await writeLeaderboard(out, record);
    await writeAtomically(join(out, "experiment.yaml"), record.config);
    const report = join(out, "report.html");
    await writeAtomically(report, await renderSweepReport(record));
    if (options.registry !== false)
      recordSweep(run, { registry: options.registry, out, before, startedAt: options.startedAt, experiment });
    if (options.json) printJson({ ...summary(record), left, out, report });
    else {
      printResult(table(record));
      for (const warning of record.warnings) printWarning(warning);
      printResult(`\nleaderboard  ${join(out, "leaderboard.csv")}\nreport       ${report}`);
    }
    if (left > 0) {
      printNote(
        options.cache === false
          ? `stopped with ${left} trials left`
          : `stopped with ${left} trials left; the same command goes on from here`,
      );
      throw new CheckFailed();
    }
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    progress.finish();
  }
}

/** @returns whether to go on */
function announce(plan: SweepPlan, stages: readonly StageWork[], options: SweepCommandOptions): boolean {
  const invalid = plan.trials.filter(({ config }) => config === null);
  const counted = stages
    .filter(({ distinct }) => distinct > 0)
    .map(
      ({ stage, distinct, computed }) =>
        `  ${stage.padEnd(14)}${String(distinct).padStart(7)}${String(computed).padStart(11)}`,
    );
  printNote(`${plan.trials.length} configs, ${invalid.length} of them invalid`);
  if (options.dryRun || options.explain) printNote(["  stage         distinct  to compute", ...counted].join("\n"));
  if (options.strict && invalid.length > 0)
    throw new InputError(
      invalid.slice(0, 5).map(({ index, error }) => ({ where: `sweep config ${index}`, rule: error ?? "is invalid" })),
    );
  return options.dryRun !== true;
}

function summary(record: SweepRecord): Readonly<Record<string, unknown>> {
  const { trials, ranking } = record;
  const count = (state: string) => trials.filter((trial) => trial.state === state).length;
  return {
    id: record.id,
    name: record.name,
    trials: trials.length,
    done: count("done"),
    invalid: count("invalid"),
    failed: count("failed"),
    rankBy: record.rankBy,
    best: ranking.slice(0, ROWS).map((index) => {
      const { id, values, metrics } = trials.find((trial) => trial.index === index)!;
      return { id, values: Object.fromEntries(record.axes.map(({ path }, a) => [path, values[a] ?? null])), metrics };
    }),
    overfitting: record.overfitting === null ? null : { ...record.overfitting, logits: undefined },
    stages: record.stages,
  };
}

/** The best trials within 80 columns: values of the axes, then metrics. */
function table({ axes, trials, ranking, rankBy, overfitting }: SweepRecord): string {
  const metrics = [rankBy, ...SHOWN.filter((key) => key !== rankBy)].slice(0, 4);
  const heads = [...axes.map(({ path }) => path.split(".").at(-1)!), ...metrics];
  const byIndex = new Map(trials.map((trial) => [trial.index, trial]));
  // Configs that come to the same trial stand for one another.
  const shown = new Set<string>();
  const best = ranking.filter((index) => {
    const { id } = byIndex.get(index)!;
    return !shown.has(id) && shown.add(id);
  });
  const rows = best.slice(0, ROWS).map((index) => {
    const trial = byIndex.get(index)!;
    const cells = trial.values.map((value) => (value === undefined ? "" : String(value)));
    return [...cells, ...metrics.map((key) => formatted(key, trial.metrics[key] ?? Number.NaN))];
  });
  const widths = fitted(heads.map((head, c) => Math.max(head.length, ...rows.map((row) => row[c]!.length))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => cell.slice(0, widths[c]).padEnd(widths[c]!))
      .join("  ")
      .trimEnd();
  const failed = trials.filter(({ state }) => state !== "done").length;
  const luck =
    overfitting === null
      ? []
      : [
          "",
          `deflated Sharpe of the best ${(100 * overfitting.deflatedSharpe).toFixed(1)}% over ${overfitting.trials} trials,`,
          `probability of backtest overfitting ${(100 * overfitting.pbo).toFixed(1)}%`,
        ];
  return [
    `${ranking.length} trials by ${rankBy}${failed > 0 ? `, ${failed} without a result` : ""}`,
    "",
    line(heads),
    ...rows.map(line),
    ...luck,
  ].join("\n");
}

/** The widest columns cut until all fit into 80, two apart. */
function fitted(wanted: readonly number[]): number[] {
  const widths = [...wanted];
  const room = 80 - 2 * (widths.length - 1);
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= 4) break;
    widths[widest]!--;
  }
  return widths;
}

function formatted(key: string, value: number): string {
  const info = METRICS.find((metric) => metric.key === key);
  return info === undefined ? String(value) : formatMetric(value, info.unit);
}
