/** The `ballast` command: one file a subcommand, errors rendered once, exit codes 0 done, 1 failed run, 2 bad input. */
import { Command, CommanderError } from "commander";
import { InputError, renderFault } from "../core/errors.ts";
import { systemFailure } from "../core/system-failure.ts";
import { codeVersion } from "../experiment/code-version.ts";
import { CheckFailed } from "./check-failed.ts";
import { addBacktest } from "./commands/backtest.ts";
import { addData } from "./commands/data.ts";
import { addIc } from "./commands/ic.ts";
import { addInit } from "./commands/init.ts";
import { addLookahead } from "./commands/lookahead.ts";
import { addMetrics } from "./commands/metrics.ts";
import { addModels } from "./commands/models.ts";
import { addRun } from "./commands/run.ts";
import { addRuns } from "./commands/runs.ts";
import { addSchema } from "./commands/schema.ts";
import { addSelect } from "./commands/select.ts";
import { addWeights } from "./commands/weights.ts";
import { printNote } from "./output.ts";

const BAD_INPUT = 2;
const FAILED = 1;

/**
 * Runs one command line.
 *
 * @param args without node and script
 * @returns the exit code; nothing is thrown
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    return exitCode(error);
  }
}

function createProgram(): Command {
  const program = new Command("ballast")
    .description(
      "Backtests target-weight portfolios: decides at the close, trades at the next open, gives an honest account.",
    )
    .version(codeVersion().version)
    .configureHelp({ helpWidth: 80, showGlobalOptions: false })
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .exitOverride();
  for (const add of [
    addRun,
    addRuns,
    addBacktest,
    addSelect,
    addWeights,
    addMetrics,
    addIc,
    addLookahead,
    addModels,
    addData,
    addSchema,
    addInit,
  ])
    add(program);
  program.addHelpText(
    "after",
    "\nFirst steps:\n  ballast init my-project\n  ballast run experiments/quickstart.yaml\n  ballast data check prices.csv",
  );
  inheritSettings(program);
  return program;
}

/** Commander's complaint in the form of every other one. */
function oneLine(text: string): string {
  return `ballast: ${text
    .trim()
    .replace(/^error: /, "")
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/\.$/, "")}, see --help\n`;
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 || error.code === "commander.help" ? 0 : BAD_INPUT;
  if (error instanceof CheckFailed) return FAILED;
  if (error instanceof InputError) {
    for (const fault of error.faults) printNote(`ballast: ${renderFault(fault)}`);
    return BAD_INPUT;
  }
  const failure = systemFailure(error);
  if (failure !== undefined) printNote(`ballast: ${failure}`);
  else {
    printNote(
      `ballast: a defect in ballast, please report it: ${error instanceof Error ? error.message : String(error)}`,
    );
    if (error instanceof Error && process.env.BALLAST_DEBUG !== undefined) printNote(error.stack ?? "");
    else printNote("(BALLAST_DEBUG=1 shows where)");
  }
  return FAILED;
}

function inheritSettings(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent);
    inheritSettings(child);
  }
}
