/** Models side by side on the console, within 80 columns; development and holdout apart. */
import type { ModelComparison, ScoreBacktest, ScorerDifference } from "../core/model-comparison.ts";
import type { HorizonRecord, ModelRecord, TrainingNotes } from "../core/model-record.ts";
import { formatBarTime } from "../data/calendar.ts";
import { wrapped } from "./output.ts";

const NAME = 16;
const CELL = 8;
const WIDTH = 80;

export function comparisonText(comparison: ModelComparison, notes: TrainingNotes): string {
  const { models } = comparison;
  const held = models.holdoutBar !== null;
  const blocks = [
    heading(comparison),
    ...models.horizons.map((horizon) => icTable(comparison, horizon, "development")),
    tradedTable(comparison, notes, "development"),
    ...(held
      ? [
          holdoutLine(models, notes),
          ...models.horizons.map((horizon) => icTable(comparison, horizon, "holdout")),
          tradedTable(comparison, notes, "holdout"),
        ]
      : []),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function heading({ name, synthetic, models, against }: ModelComparison): string[] {
  const { time, assets } = models.axes;
  const timeOf = formatBarTime(time);
  const folds = models.horizons.map(({ splits }) => splits.length).join(" and ");
  return [
    `${name}, models compared${synthetic ? "  (synthetic data)" : ""}`,
    `${timeOf(time[0]!)} to ${timeOf(time.at(-1)!)}, ${time.length} bars, ${assets.length} assets, ${folds} folds`,
    wrapped(
      `rank ICs and their differences from ${against.name}'s with Newey-West t; traded is the mix of short and long score, turnover and costs a year`,
      WIDTH,
      "  ",
    ),
  ];
}

type Period = "development" | "holdout";

/** Each score against its own horizon's returns. */
function icTable(comparison: ModelComparison, { name: horizon, horizonBars }: HorizonRecord, period: Period): string[] {
  const { models, scorers, differences, against } = comparison;
  const head = row(`${horizonBars} bars, ${period === "holdout" ? "held" : "dev"}`, [
    "IC",
    "Rank IC",
    "t (NW)",
    "ICIR",
    "Above 0",
    "Differ.",
    "t (NW)",
    "p",
  ]);
  const lines = scorers.map((scorer) => {
    const isThis = (one: { kind: string; name: string }) => one.kind === scorer.kind && one.name === scorer.name;
    const found = models.evaluations.find((one) => isThis(one) && one.score === horizon && one.horizon === horizon)?.[
      period
    ];
    const difference = differences.find((one) => isThis(one) && one.score === horizon)?.[period];
    const of = (pick: (found: NonNullable<ScorerDifference["holdout"]>) => string) =>
      scorer.name === against.name ? "-" : difference ? pick(difference) : "n/a";
    return row(scorer.name, [
      digits(found?.ic.mean, 4),
      digits(found?.rankIc.mean, 4),
      digits(found?.rankIc.tStatNeweyWest, 2),
      digits(found?.rankIc.icir, 2),
      percent(found?.rankIc.hitRatio, 1),
      of(({ mean }) => digits(mean, 4)),
      of(({ tStatNeweyWest }) => digits(tStatNeweyWest, 2)),
      of(({ pValue }) => digits(pValue, 3)),
    ]);
  });
  return [head, ...lines];
}

/** The mix of each scorer as an account. */
function tradedTable({ backtests }: ModelComparison, notes: TrainingNotes, period: Period): string[] {
  const isDevelopment = period === "development";
  const head = ["Return", "CAGR", "Vol.", "Sharpe", "Drawd.", "Turnov.", "Costs", ...(isDevelopment ? ["Fit"] : [])];
  return [
    row(`traded, ${isDevelopment ? "dev" : "held"}`, head),
    ...backtests.map((one) =>
      row(one.name, [...tradedCells(one, period), ...(isDevelopment ? [fitTime(one, notes)] : [])]),
    ),
  ];
}

function tradedCells(one: ScoreBacktest, period: Period): string[] {
  const found = one[period];
  return [
    percent(found?.totalReturn, 1),
    percent(found?.cagr, 1),
    percent(found?.volatility, 1),
    digits(found?.sharpe, 2),
    percent(found?.maxDrawdown, 1),
    digits(found?.turnover, 1),
    percent(found?.costDrag, 1),
  ];
}

function fitTime({ kind, name }: ScoreBacktest, { fits }: TrainingNotes): string {
  const own = fits.filter((fit) => fit.model === name);
  if (kind !== "model") return "-";
  if (own.every(({ fromCache }) => fromCache)) return "cached";
  return `${(own.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(1)} s`;
}

function holdoutLine({ axes, holdoutBar }: ModelRecord, { holdoutLooks }: TrainingNotes): string[] {
  const date = formatBarTime(axes.time)(axes.time[holdoutBar!]!);
  const looks = holdoutLooks === 1 ? "1 experiment has" : `${holdoutLooks ?? "unknown how many"} experiments have`;
  return [wrapped(`holdout from ${date}: ${looks} looked at it; not to choose by`, WIDTH, "  ")];
}

function row(name: string, cells: readonly string[]): string {
  return name.slice(0, NAME).padEnd(NAME) + cells.map((cell) => cell.padStart(CELL)).join("");
}

const digits = (value: number | undefined, places: number) =>
  value !== undefined && Number.isFinite(value) ? value.toFixed(places).replace(/^-(0\.?0*)$/, "$1") : "n/a";
const percent = (value: number | undefined, places: number) =>
  value === undefined || !Number.isFinite(value) ? "n/a" : `${digits(100 * value, places)}%`;
