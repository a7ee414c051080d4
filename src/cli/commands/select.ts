/** `ballast select`: who takes part, bar by bar, from a price file and an asset_selector block. */
import { type Command, Option } from "commander";
import { type SelectionSummary, type SelectRequest, selectAssets } from "../../experiment/select-assets.ts";
import { optionNumber } from "../option-number.ts";
import { optionPath } from "../option-path.ts";
import { printJson, printResult, printWarning } from "../output.ts";

type SelectOptions = SelectRequest & { readonly json?: true };

/** Assets the table shows; the file has them all. */
const MOST_ROWS = 40;

export function addSelect(program: Command): void {
  program
    .command("select")
    .description("score the assets of a price file and say who takes part, bar by bar")
    .requiredOption("--prices <file>", "long OHLCV CSV or Parquet: date,symbol,open,high,low,close")
    .requiredOption(
      "--config <file>",
      "YAML with an asset_selector block; of an experiment\nonly that and data.periods_per_year are read",
    )
    .requiredOption("--out <file>", "CSV date,symbol,state,k,multiplier,score,sharpe,\ndrawdown,reason", optionPath)
    .option(
      "--periods-per-year <n>",
      "annualises the Sharpe ratio (default: from the config,\nelse from the calendar)",
      optionNumber({ above: 0 }),
    )
    .addOption(new Option("--repair <how>", "rows that break the OHLC rule").choices(["drop", "clip"]))
    .option("--json", "print a summary as one JSON object")
    .addHelpText(
      "after",
      "\nExample:\n  ballast select --prices prices.csv --config selector.yaml \\\n    --out selection.csv",
    )
    .action(async ({ json, ...request }: SelectOptions) => {
      const summary = await selectAssets(request);
      if (json) printJson(summary);
      else show(summary);
    });
}

function show({ states, events, warnings, bars, assets, periodsPerYear, out }: SelectionSummary): void {
  const shown = states.slice(0, MOST_ROWS);
  const width = Math.min(12, Math.max(6, ...shown.map(({ symbol }) => symbol.length)));
  const row = (symbol: string, ...cells: readonly (string | number)[]) =>
    symbol.slice(0, width).padEnd(width) + cells.map((cell) => String(cell).padStart(11)).join("");
  const kinds = Object.entries(events).map(([kind, count]) => `${kind} ${count}`);
  const lines = [
    `${assets} assets, ${bars} bars, ${periodsPerYear} a year; bars in each state and the
mean multiplier`,
    "",
    row("Asset", "active", "underperf.", "cooldown", "re-entry", "no close", "multiplier"),
    ...shown.map((of) =>
      row(
        of.symbol,
        of.active,
        of.underperforming,
        of.cooldown,
        of.reEntry,
        of.notListed,
        Number.isNaN(of.meanMultiplier) ? "-" : of.meanMultiplier.toFixed(2),
      ),
    ),
    ...(states.length > shown.length ? [`and ${states.length - shown.length} more assets, see the file`] : []),
    "",
    ...(kinds.length === 0 ? ["no events"] : ["events", ...kinds.map((kind) => `  ${kind}`)]),
  ];
  printResult(lines.join("\n"));
  for (const warning of warnings) printWarning(warning);
  printResult(`\nresults  ${out}`);
}
