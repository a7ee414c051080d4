/** `ballast runs`: what was ever run, side by side, and once more. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError, nearestName } from "../../core/errors.ts";
import { configDifferences } from "../../experiment/config-differences.ts";
import { removeRun } from "../../experiment/registry.ts";
import { useRegistry } from "../../experiment/registry-file.ts";
import { isMeasured, listRuns, type RunFilter, readRun, type SavedRun } from "../../experiment/registry-queries.ts";
import { deleteFiles, ownFiles } from "../../experiment/remove-files.ts";
import { type Reproduction, reproduceRun } from "../../experiment/reproduce.ts";
import { RUN_KINDS } from "../../experiment/run-entry.ts";
import { METRICS } from "../../metrics/catalogue.ts";
import { renderReport } from "../../report/html.ts";
import { rerunTrial } from "../../sweep/rerun-trial.ts";
import { CheckFailed } from "../check-failed.ts";
import { optionNumber } from "../option-number.ts";
import { printJson, printNote, printResult } from "../output.ts";
import { createProgress } from "../progress.ts";
import { registryOption } from "../registry-option.ts";
import { comparisonText, reproductionText, runList, runText } from "../run-tables.ts";

interface RunsOptions {
  readonly registry: string;
  readonly json?: true;
}

/** Stages of a run, its report and the comparison. */
const STAGES = 10;

export function addRuns(program: Command): void {
  const runs = program.command("runs").description("list, compare, reproduce and remove recorded runs");
  addList(runs);
  addShow(runs);
  addCompare(runs);
  addReproduce(runs);
  addRemove(runs);
}

function addList(runs: Command): void {
  runs
    .command("list")
    .description("recorded runs, the latest first")
    .option("--name <text>", "whose name contains this")
    .option("--data <hash>", "on the data whose hash begins like this")
    .option("--since <date>", "started on this day (UTC) or later", optionSince)
    .option("--sweep <id>", "trials of the sweep whose id, or its hash, begins like this")
    .addOption(new Option("--kind <kind>", "without it runs and sweeps").choices(RUN_KINDS))
    .option("--sort <metric>", "best first by this metric")
    .option("--limit <n>", "at most so many", optionNumber({ whole: true, least: 1 }), 20)
    .addOption(registryOption())
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExample:\n  ballast runs list --name momentum --sort sharpe --limit 5")
    .action((options: RunFilter & RunsOptions) => {
      const { total, runs: found } = useRegistry(options.registry, "read", (database) => {
        if (options.sort !== undefined) checkMetric(database, options.sort);
        return listRuns(database, options);
      });
      if (options.json) printJson({ registry: options.registry, total, runs: found });
      else printResult(runList(found, total, options.sort));
    });
}

function addShow(runs: Command): void {
  runs
    .command("show")
    .argument("<id>", "run id, or as much of it or its hash as fits only one")
    .description("everything recorded of one run")
    .addOption(registryOption())
    .option("--json", "print one JSON object, the resolved config in it")
    .addHelpText("after", "\nExample:\n  ballast runs show quickstart-f79cca6a")
    .action((id: string, options: RunsOptions) => {
      const run = savedRun(options.registry, id);
      if (options.json) printJson(run);
      else printResult(runText(run));
    });
}

function addCompare(runs: Command): void {
  runs
    .command("compare")
    .argument("<id...>", "two runs or more")
    .description("differences of config, and metrics side by side")
    .addOption(registryOption())
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExample:\n  ballast runs compare f79cca6a 03d1e2aa")
    .action((ids: readonly string[], options: RunsOptions) => {
      const found = useRegistry(options.registry, "read", (database) => ids.map((id) => readRun(database, id)));
      if (new Set(found.map(({ id }) => id)).size < 2)
        throw InputError.of({ where: "run id", rule: "two different runs are needed to compare", got: ids.join(" ") });
      if (options.json)
        printJson({
          runs: found.map(({ id, metrics }) => ({ id, metrics })),
          differences: configDifferences(found).map(({ path, values }) => ({
            path,
            values: values.map((value) => value ?? null),
          })),
        });
      else printResult(comparisonText(found));
    });
}

function addReproduce(runs: Command): void {
  runs
    .command("reproduce")
    .argument("<id>", "run id, or as much of it or its hash as fits only one")
    .description("run again from the recorded config and compare every byte")
    .addOption(registryOption())
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nThe registry and the run's folder stay as they are. Exit code 1 when a file is not\nthe same; the first in the order in which they come about is named.\n\nExample:\n  ballast runs reproduce quickstart-f79cca6a",
    )
    .action(async (id: string, options: RunsOptions) => {
      const result = await reproduce(savedRun(options.registry, id));
      if (options.json) printJson(result);
      else printResult(reproductionText(result));
      if (!result.same) throw new CheckFailed();
    });
}

function addRemove(runs: Command): void {
  runs
    .command("rm")
    .argument("<id>", "run id, or as much of it or its hash as fits only one")
    .description("forget a run, or a sweep with its trials; its files stay")
    .option("--files", "delete its files too, those that are still as they were written")
    .addOption(registryOption())
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nWhat was tried on which data stays counted.\n\nExample:\n  ballast runs rm quickstart-f79cca6a --files",
    )
    .action((wanted: string, options: RunsOptions & { files?: true }) => {
      const { run, files, removed } = useRegistry(options.registry, "change", (database) => {
        const run = readRun(database, wanted);
        const files = options.files ? ownFiles(run) : [];
        return { run, files, removed: removeRun(database, run.id) };
      });
      const left = options.files ? deleteFiles(run.out!, files) : [];
      if (options.json) return printJson({ id: run.id, removed, files, left });
      printResult(`removed ${run.id}${removed > 1 ? ` and ${removed - 1} trial${removed > 2 ? "s" : ""}` : ""}`);
      if (left.length > 0) printNote(`not of this run, and left in ${run.out}: ${left.join(", ")}`);
      else if (!options.files && run.out !== null) printNote(`its files stay in ${run.out}`);
    });
}

function savedRun(registry: string, id: string): SavedRun {
  return useRegistry(registry, "read", (database) => readRun(database, id));
}

/** In the folder of then, where the paths of the config start. */
async function reproduce(saved: SavedRun): Promise<Reproduction> {
  const folder = mkdtempSync(join(tmpdir(), "ballast-reproduce-"));
  const here = process.cwd();
  const stages = saved.kind === "trial" ? 1 : STAGES + (/^comparison:/m.test(saved.config) ? 1 : 0);
  const progress = createProgress(stages);
  if (saved.kind === "trial") progress.stage("run the trial");
  try {
    if (resolve(saved.workingFolder) !== here && existsSync(saved.workingFolder)) process.chdir(saved.workingFolder);
    return await reproduceRun(saved, { folder, render: renderReport, rerunTrial, onStage: progress.stage });
  } finally {
    process.chdir(here);
    progress.finish();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Texts of this form compare like the times they stand for. */
function optionSince(text: string): string {
  const [, day, time = "00:00"] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)Z?)?$/.exec(text) ?? [];
  const known = new Date(`${day}T${time}Z`);
  if (Number.isNaN(known.getTime()) || known.toISOString().slice(0, 10) !== day)
    throw new InvalidArgumentError("Must be a date YYYY-MM-DD or a time YYYY-MM-DDTHH:MM.");
  return text.replace(/Z$/, "");
}

function checkMetric(database: DatabaseSync, name: string): void {
  const known = METRICS.map(({ key }) => key as string);
  if (known.includes(name) || isMeasured(database, name)) return;
  throw InputError.of({
    where: "--sort",
    rule: "must be a metric",
    got: name,
    suggestion: nearestName(name, known),
  });
}
