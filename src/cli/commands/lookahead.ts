/** `ballast lookahead`: proof that an experiment decides on nothing later than each close. */
import type { Command } from "commander";
import { InputError } from "../../core/errors.ts";
import { createRng } from "../../core/rng.ts";
import { formatBarTime } from "../../data/calendar.ts";
import { stagePlanes } from "../../experiment/decide.ts";
import { loadDecisionInputs } from "../../experiment/decision-inputs.ts";
import { loadConfig, relocated } from "../../experiment/load-config.ts";
import { type LookAheadReport, proveNoLookAhead } from "../../experiment/look-ahead.ts";
import { openMarket } from "../../experiment/open-market.ts";
import { CheckFailed } from "../check-failed.ts";
import { optionList } from "../option-list.ts";
import { optionNumber } from "../option-number.ts";
import { printJson, printResult, wrapped } from "../output.ts";
import { createProgress } from "../progress.ts";

interface LookaheadOptions {
  readonly set?: readonly string[];
  readonly cuts: number;
  readonly json?: true;
}

export function addLookahead(program: Command): void {
  program
    .command("lookahead")
    .argument("<experiment>", "experiment file (YAML)")
    .description("prove that no decision reads later rows, or name the first that does")
    .option("--cuts <n>", "random bars at which the data are cut", optionNumber({ whole: true, least: 1 }), 8)
    .option("--set <path=value>", "override a config value; may be repeated", optionList)
    .option("--json", "print one JSON object on stdout")
    .addHelpText(
      "after",
      "\nEverything before execution runs again on the data up to each cut; every number\nup to there must be the same to the bit. Exit code 1 when one is not.\n\nExample:\n  ballast lookahead experiments/quickstart.yaml --cuts 20",
    )
    .action(async (experiment: string, options: LookaheadOptions) => {
      const config = loadConfig(experiment, options.set);
      const progress = createProgress(options.cuts + 1);
      try {
        progress.stage("load prices");
        const market = await openMarket(config, experiment);
        const inputs = await loadDecisionInputs(config, market, experiment);
        const timeOf = (bar: number) => formatBarTime(inputs.market.axes.time)(inputs.market.axes.time[bar]!);
        const report = await proveNoLookAhead(
          (known) => stagePlanes(config, known),
          inputs,
          { count: options.cuts, rng: createRng(config.seed).fork("lookahead") },
          (cut) => progress.stage(`cut at ${timeOf(cut)}`),
        );
        progress.finish();
        if (report.cuts.length === 0)
          throw InputError.of({
            where: experiment,
            rule: "has no bar after its first decision at which data could be cut",
          });
        if (options.json) printJson({ name: config.name, proven: report.leak === null, ...report });
        else printResult(verdict(report, timeOf, inputs.market.axes.assets));
        if (report.leak !== null) throw new CheckFailed();
      } catch (error) {
        throw error instanceof InputError ? relocated(error, experiment, options.set ?? []) : error;
      } finally {
        progress.finish();
      }
    });
}

function verdict(
  { cuts, planes, compared, leak }: LookAheadReport,
  timeOf: (bar: number) => string,
  assets: readonly string[],
): string {
  const stages = [...new Set(planes.map(({ stage }) => stage))].join(", ");
  if (leak === null)
    return [
      `no look-ahead found: ${compared} numbers are the same to the bit`,
      `data cut at ${cuts.map(timeOf).join(", ")}`,
      `stages: ${stages}`,
    ]
      .map((line) => wrapped(line, 80, "  "))
      .join("\n");
  return [
    `LOOK-AHEAD in ${leak.stage}, ${leak.column}`,
    `${assets[leak.asset]} at ${timeOf(leak.bar)}: ${leak.whole} with all the data,`,
    `${leak.known} with the data up to ${timeOf(leak.cut)}`,
  ].join("\n");
}
