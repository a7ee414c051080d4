/** `ballast models compare`: the models and combiners of an experiment side by side on the same folds. */
import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../core/errors.ts";
import { checkWritable } from "../../data/writable-folder.ts";
import { compareModels } from "../../experiment/compare-models.ts";
import { loadConfig, relocated } from "../../experiment/load-config.ts";
import { comparisonSummary, writeComparison } from "../../experiment/write-comparison.ts";
import { renderModelComparison } from "../../report/model-comparison.ts";
import { addCacheOptions, type CacheOptions, openCache } from "../cache-option.ts";
import { comparisonText } from "../comparison-text.ts";
import { optionList } from "../option-list.ts";
import { optionPath } from "../option-path.ts";
import { printJson, printResult, printWarning } from "../output.ts";
import { createProgress } from "../progress.ts";
import { fillResultFolder, unsavedNote } from "../result-folder.ts";
import { workersOption } from "../workers-option.ts";

interface CompareOptions extends CacheOptions {
  readonly set?: readonly string[];
  readonly out?: string;
  readonly against?: string;
  readonly json?: true;
  readonly workers?: number;
}

const REPORTS = "reports";

/** Stages compareModels announces, and the two that follow here. */
const STAGES = 6;

export function addModels(program: Command): void {
  const models = program.command("models").description("models of an experiment");
  const compare = models
    .command("compare")
    .argument("<experiment>", "experiment file (YAML) with an l5 block")
    .description("ranking, models and combiners side by side on the same folds")
    .option("--set <path=value>", "override a config value; may be repeated", optionList)
    .option("--out <dir>", "folder for the results (default: reports/<id>-models)", optionPath)
    .option("--against <name>", "score that differences are taken from\n(default: the first model)")
    .option("--json", "print one JSON object on stdout")
    .addOption(workersOption("threads of training"));
  addCacheOptions(compare)
    .addHelpText(
      "after",
      "\nExample:\n  ballast models compare experiments/model-comparison.yaml\n  ballast models compare experiments/two-track-l5.yaml --against ranking",
    )
    .action(async (experiment: string, options: CompareOptions) => {
      const config = loadConfig(experiment, options.set);
      checkWritable(options.out ?? REPORTS);
      const progress = createProgress(STAGES);
      try {
        const { against, workers } = options;
        const run = await compareModels(config, experiment, progress.stage, {
          against,
          workers,
          cache: openCache(options),
          onFold: (done, of) => progress.count("folds", done, of),
        }).catch((error: unknown) => {
          throw error instanceof InputError ? relocated(error, experiment, options.set ?? []) : error;
        });
        const { comparison, notes, stateWarnings } = run;
        const out = options.out ?? join(REPORTS, `${comparison.id}-models`);
        progress.stage("render report");
        const html = await renderModelComparison(comparison, notes);
        progress.stage("write results");
        const report = join(out, "report.html");
        const saved = await fillResultFolder(out, async () => {
          await writeComparison(run, out, html);
        });
        progress.finish();
        if (options.json)
          printJson({
            ...comparisonSummary(comparison),
            holdoutLooks: notes.holdoutLooks,
            out,
            report: saved.fault === null ? report : null,
          });
        else {
          printResult(comparisonText(comparison, notes));
          for (const warning of comparison.warnings) printWarning(warning);
          if (saved.fault === null) printResult(`\nreport  ${report}`);
        }
        for (const warning of stateWarnings) printWarning(warning);
        if (saved.fault !== null) {
          printWarning(unsavedNote(saved));
          throw saved.fault;
        }
      } finally {
        progress.finish();
      }
    });
}
