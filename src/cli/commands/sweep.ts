/** `ballast run` on an experiment with a `sweep` block: all of its configs, one leaderboard. */
import { join } from "node:path";
import { InputError } from "../../core/errors.ts";
import { checkWritable } from "../../data/writable-folder.ts";
import { loadWithRaw, relocated } from "../../experiment/load-config.ts";
import type { SweepPlan } from "../../sweep/plan-sweep.ts";
import { runSweep } from "../../sweep/run-sweep.ts";
import type { StageWork } from "../../sweep/sweep-notes.ts";
import type { HoldoutRequest } from "../../sweep/sweep-requests.ts";
import { type CacheOptions, openCache } from "../cache-option.ts";
import { CheckFailed } from "../check-failed.ts";
import { printJson, printNote, printResult, printWarning, wrapped } from "../output.ts";
import { createProgress } from "../progress.ts";
import { earlierTrials, recordSweep } from "../record-sweep.ts";
import { unsavedNote } from "../result-folder.ts";
import { resumeCommand } from "../resume-command.ts";
import { saveSweep } from "../save-sweep.ts";
import { sweepSummary } from "../sweep-summary.ts";
import { sweepText } from "../sweep-text.ts";

export interface SweepCommandOptions extends CacheOptions {
  readonly set?: readonly string[];
  readonly out?: string;
  readonly json?: true;
  readonly workers?: number;
  readonly dryRun?: true;
  readonly explain?: true;
  readonly strict?: true;
  /** true = with the best trial; a text is the id of another. */
  readonly holdout?: true | string;
  /** false with --no-registry. */
  readonly registry: string | false;
  /** ISO time, UTC. */
  readonly startedAt: string;
}

/** Where single runs count their looks too. */
const LOOKS = join(".ballast", "holdout.sqlite");
const REPORTS = "reports";
/** The plan, and the stages that runSweep announces. */
const STAGES = 4;

export async function runSweepCommand(experiment: string, options: SweepCommandOptions): Promise<void> {
  const { raw, value: config } = loadWithRaw(experiment, options.set);
  checkWritable(options.out ?? REPORTS);
  const progress = createProgress(STAGES);
  progress.stage("plan");
  const stop = new AbortController();
  const onInterrupt = () => {
    printNote("\nstopping: trials in flight are finished; once more to break off at once");
    process.removeListener("SIGINT", onInterrupt);
    stop.abort();
  };
  process.on("SIGINT", onInterrupt);
  try {
    const run = await runSweep(raw, config, experiment, {
      cache: openCache(options),
      workers: options.workers,
      stop: stop.signal,
      holdout: holdoutRequest(options),
      earlierTrials: (dataHash) => (options.registry === false ? [] : earlierTrials(options.registry, dataHash)),
      onPlan: (plan, stages) => announce(plan, stages, options),
      onStage: progress.stage,
      onFold: (done, of) => progress.count("folds", done, of),
      onProgress: (done, of) => progress.count("trials", done, of),
    }).catch((error: unknown) => {
      throw error instanceof InputError ? relocated(error, experiment, options.set ?? []) : error;
    });
    progress.finish();
    if (run === null) return;
    const { record, left } = run;
    const out = options.out ?? join(REPORTS, record.id);
    const saved = await saveSweep(run, out);
    const { leaderboard, report } = saved;
    if (options.json) printJson({ ...sweepSummary(record), left, out, report: saved.fault === null ? report : null });
    else {
      printResult(sweepText(record, left));
      for (const warning of record.warnings) printWarning(warning);
      if (saved.fault === null) printResult(`\nleaderboard  ${leaderboard}\nreport       ${report}`);
    }
    for (const warning of run.notes.warnings) printWarning(warning);
    if (options.registry !== false)
      recordSweep(run, saved, { registry: options.registry, startedAt: options.startedAt, experiment });
    const kept = options.cache !== false && run.notes.cache.lost === 0;
    if (saved.fault !== null) {
      printWarning(unsavedNote(saved));
      if (kept) printNote("finished trials are kept: with another --out nothing is computed again");
      throw saved.fault;
    }
    if (left > 0) {
      printNote(`\nstopped with ${left} of ${left + record.trials.length} trials left${kept ? "; go on with" : ""}`);
      printNote(
        kept ? `  ${resumeCommand(experiment, options)}` : "the cache does not keep the others: a new run begins anew",
      );
      throw new CheckFailed();
    }
    if (record.ranking.length === 0 || (options.holdout !== undefined && record.holdout === null))
      throw new CheckFailed();
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    progress.finish();
  }
}

function holdoutRequest({ holdout }: SweepCommandOptions): HoldoutRequest | undefined {
  if (holdout === undefined) return undefined;
  return { trial: holdout === true ? undefined : holdout, store: LOOKS };
}

/** @returns whether to go on */
function announce(plan: SweepPlan, stages: readonly StageWork[], options: SweepCommandOptions): boolean {
  const invalid = plan.trials.filter(({ config }) => config === null);
  const present = stages.filter(({ distinct }) => distinct > 0);
  const counted = present.map(
    ({ stage, distinct, computed }) =>
      `  ${stage.padEnd(14)}${String(distinct).padStart(7)}${String(computed).padStart(11)}`,
  );
  printNote(`${plan.trials.length} configs, ${invalid.length} of them invalid`);
  if (options.dryRun || options.explain) printNote(["  stage         distinct  to compute", ...counted].join("\n"));
  else if (present.length > 0)
    printNote(
      wrapped(`distinct: ${present.map(({ stage, distinct }) => `${stage} ${distinct}`).join(", ")}`, 80, "  "),
    );
  if (options.strict && invalid.length > 0)
    throw new InputError(
      invalid.slice(0, 5).map(({ index, error }) => ({ where: `sweep config ${index}`, rule: error ?? "is invalid" })),
    );
  return options.dryRun !== true;
}
