/** `ballast run`: an experiment file in, a folder of results and a summary out. */
import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../core/errors.ts";
import { checkWritable } from "../../data/writable-folder.ts";
import { loadConfig, relocated } from "../../experiment/load-config.ts";
import { runExperiment } from "../../experiment/pipeline.ts";
import { runSummary, writeRun } from "../../experiment/write-run.ts";
import { renderMetrics } from "../../metrics/summary-text.ts";
import { renderReport } from "../../report/html.ts";
import { addCacheOptions, openCache } from "../cache-option.ts";
import { optionList } from "../option-list.ts";
import { optionPath } from "../option-path.ts";
import { printJson, printResult, printWarning } from "../output.ts";
import { createProgress } from "../progress.ts";
import { recordFinishedRun } from "../record-run.ts";
import { registryOption } from "../registry-option.ts";
import { fillResultFolder, unsavedNote } from "../result-folder.ts";
import { comparisonTable, intervalNote, runHeading } from "../run-heading.ts";
import { workersOption } from "../workers-option.ts";
import { runSweepCommand, type SweepCommandOptions } from "./sweep.ts";

interface RunOptions extends Omit<SweepCommandOptions, "startedAt"> {
  readonly set?: readonly string[];
  readonly out?: string;
  readonly json?: true;
  /** false with --no-registry. */
  readonly registry: string | false;
}

const REPORTS = "reports";

/** Stages runExperiment announces of every experiment, and the two that follow here; comparison and models add one each. */
const STAGES = 10;

export function addRun(program: Command): void {
  const run = program
    .command("run")
    .argument("<experiment>", "experiment file (YAML)")
    .description("run an experiment and write its results and report")
    .option("--set <path=value>", "override a config value; may be repeated", optionList)
    .option("--out <dir>", "folder for the results (default: reports/<id>)", optionPath)
    .option("--json", "print one JSON object on stdout")
    .addOption(registryOption())
    .option("--no-registry", "do not record the run")
    .addOption(workersOption("threads of a sweep or of training"));
  addCacheOptions(run)
    .option("--resume", "sweep: go on with what a stopped run left, as every run with a cache does")
    .option("--dry-run", "sweep: print the plan and stop")
    .option("--explain", "sweep: print how many results of each stage have to be computed")
    .option("--strict", "sweep: refuse to start where a config is invalid")
    .option("--holdout [id]", "sweep: run the best trial, or the one with this id, on the holdout once, and count it")
    .addHelpText(
      "after",
      "\nExample:\n  ballast run experiments/quickstart.yaml\n  ballast run experiments/quickstart.yaml --set allocation.lookback_bars=120",
    )
    .action(async (experiment: string, options: RunOptions) => {
      const startedAt = new Date().toISOString();
      const config = loadConfig(experiment, options.set);
      if (config.sweep !== undefined) return runSweepCommand(experiment, { ...options, startedAt });
      refuseSweepOptions(options);
      checkWritable(options.out ?? REPORTS);
      const progress = createProgress(
        STAGES + [config.comparison, config.l5].filter((block) => block !== undefined).length,
      );
      try {
        const { workers } = options;
        const cache = openCache(options);
        const run = await runExperiment(config, experiment, progress.stage, {
          workers,
          cache,
          onFold: (done, of) => progress.count("folds", done, of),
        }).catch((error: unknown) => {
          throw error instanceof InputError ? relocated(error, experiment, options.set ?? []) : error;
        });
        const out = options.out ?? join(REPORTS, run.record.id);
        progress.stage("render report");
        const started = performance.now();
        const html = await renderReport(run.record);
        progress.stage("write results");
        const timings = [...run.timings, { stage: "render report", ms: performance.now() - started }];
        const report = join(out, "report.html");
        const saved = await fillResultFolder(out, async () => {
          await writeRun({ ...run, timings }, out, html);
        });
        progress.finish();
        if (options.json) printJson({ ...runSummary(run.record), out, report: saved.fault === null ? report : null });
        else {
          const { record } = run;
          printResult(runHeading(record));
          printResult(
            renderMetrics(
              record.metrics,
              record.benchmarkMetrics ?? undefined,
              { strategy: record.label, benchmark: record.benchmark?.label ?? "" },
              record.ownMetrics,
            ),
          );
          printResult(intervalNote(record));
          printResult(comparisonTable(record));
          for (const warning of record.warnings) printWarning(warning);
          if (saved.fault === null) printResult(`\nreport  ${report}`);
        }
        for (const warning of run.stateWarnings) printWarning(warning);
        if (options.registry !== false) recordFinishedRun({ ...run, timings }, saved, options.registry, startedAt);
        if (saved.fault !== null) {
          printWarning(unsavedNote(saved));
          throw saved.fault;
        }
      } finally {
        progress.finish();
      }
    });
}

/** What only a sweep answers must not run something else instead. */
function refuseSweepOptions({ dryRun, explain, strict, holdout }: RunOptions): void {
  const given = { "--dry-run": dryRun, "--explain": explain, "--strict": strict, "--holdout": holdout };
  const asked = Object.entries(given).find(([, on]) => on);
  if (asked !== undefined)
    throw InputError.of({ where: asked[0], rule: "is for experiments with a `sweep` block, and this one has none" });
}
