/** `ballast metrics`: every metric of a return or equity series in a file. */
import { type Command, Option } from "commander";
import { InputError, nearestName } from "../../core/errors.ts";
import { inferPeriodsPerYear } from "../../data/calendar.ts";
import { loadWide, type WidePanel } from "../../data/wide-csv.ts";
import { equityReturns } from "../../metrics/returns.ts";
import { summarise } from "../../metrics/summary.ts";
import { renderMetrics } from "../../metrics/summary-text.ts";
import { optionNumber } from "../option-number.ts";
import { printJson, printNote, printResult } from "../output.ts";

interface MetricsOptions {
  readonly column?: string;
  readonly benchmark?: string;
  readonly kind: "returns" | "equity";
  readonly periodsPerYear?: number;
  readonly riskFree: number;
  readonly json?: true;
}

export function addMetrics(program: Command): void {
  program
    .command("metrics")
    .argument("<file>", "wide CSV or Parquet: date,<series>...")
    .description("performance metrics of a series in a file")
    .option("--column <name>", "the series (needed when there are several)")
    .option("--benchmark <name>", "another column, for alpha, beta and the like")
    .addOption(new Option("--kind <kind>", "what the columns hold").choices(["returns", "equity"]).default("returns"))
    .option("--risk-free <rate>", "annual rate, as a fraction", optionNumber({ above: -1 }), 0)
    .option("--periods-per-year <n>", "for annualising (default: from the calendar)", optionNumber({ above: 0 }))
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      "\nExample:\n  ballast metrics returns.csv --column fund --benchmark index --json\n  ballast metrics reports/mine/equity.csv --column equity --kind equity",
    )
    .action(async (file: string, options: MetricsOptions) => {
      const panel = await loadWide(file);
      const name = options.column ?? onlyColumn(panel, options.benchmark, file);
      const series = column(panel, name, options.kind, file, "--column");
      if (options.kind === "returns" && looksLikeLevels(series))
        printNote(
          `warning: ${name} is never below 0 and mostly above 0.5; levels rather than returns need --kind equity`,
        );
      const benchmark =
        options.benchmark === undefined
          ? undefined
          : column(panel, options.benchmark, options.kind, file, "--benchmark");
      const periodsPerYear = options.periodsPerYear ?? inferPeriodsPerYear(panel.axes.time);
      const metrics = summarise(series, { periodsPerYear, riskFreeAnnual: options.riskFree, benchmark });
      if (options.json) printJson({ column: name, ...metrics });
      else printResult(renderMetrics(metrics, undefined, { strategy: name, benchmark: "" }));
    });
}

function onlyColumn(panel: WidePanel, benchmark: string | undefined, file: string): string {
  const names = panel.axes.assets.filter((name) => name !== benchmark);
  if (names.length === 1) return names[0]!;
  throw InputError.of({
    where: file,
    rule: `has ${names.length} columns, say which with --column: ${names.slice(0, 8).join(", ")}`,
  });
}

/** No series of returns is never negative and mostly above 50%. */
function looksLikeLevels(series: Float64Array): boolean {
  const present = series.filter((x) => !Number.isNaN(x));
  return (
    present.length > 1 && present.every((x) => x >= 0) && present.filter((x) => x > 0.5).length * 2 > present.length
  );
}

/** Returns of one column; a price-like series that is not positive has none. */
function column(
  panel: WidePanel,
  name: string,
  kind: MetricsOptions["kind"],
  file: string,
  option: string,
): Float64Array {
  const { assets, time } = panel.axes;
  const n = assets.indexOf(name);
  if (n < 0)
    throw InputError.of({
      where: file,
      rule: `has no column for ${option}`,
      got: name,
      suggestion: nearestName(name, assets),
    });
  const series = Float64Array.from({ length: time.length }, (_, t) => panel.values[t * assets.length + n]!);
  if (kind === "returns") return series;
  const negative = series.findIndex((x) => x < 0);
  if (negative >= 0)
    throw InputError.of({
      where: `${file}:${panel.lineOf(negative)} ${name}`,
      rule: "equity must not be negative",
      got: series[negative]!,
    });
  return equityReturns(series);
}
