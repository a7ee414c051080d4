/** Scores side by side: in short, tested against one of them, traded, and how long they took to fit. */
import type { ModelComparison, PeriodPerformance, ScorerDifference } from "../../core/model-comparison.ts";
import type { TrainingNotes } from "../../core/model-record.ts";
import { formatPercent, formatValue, formatWhole, plural } from "../number-format.ts";
import { formatIc, ownEvaluation } from "../scorers.ts";
import { type Column, left, type RowGroup, renderRows, renderTable, right } from "../table.ts";
import type { Period } from "./score-tables.ts";

/** The figures to choose by, or not to. @returns "" for a holdout that there is none of */
export function glanceTable(comparison: ModelComparison, period: Period, notes: TrainingNotes): string {
  const { models, scorers, backtests } = comparison;
  if (period === "holdout" && models.holdoutBar === null) return "";
  const isDevelopment = period === "development";
  const rows = scorers.map((scorer) => {
    const ics = models.horizons.flatMap(({ name }) => {
      const rankIc = ownEvaluation(models, scorer, name)?.[period]?.rankIc;
      return [formatIc(rankIc?.mean ?? Number.NaN), formatValue(rankIc?.tStatNeweyWest ?? null, "ratio")];
    });
    const traded = backtests.find(({ kind, name }) => kind === scorer.kind && name === scorer.name)?.[period];
    return [
      scorer.label,
      ...ics,
      formatValue(traded?.sharpe ?? null, "ratio"),
      formatPercent(traded?.maxDrawdown ?? Number.NaN),
      formatPercent(traded?.costDrag ?? Number.NaN),
      ...(isDevelopment ? [fitTime(scorer.kind === "model" ? scorer.name : null, notes)] : []),
    ];
  });
  const columns = [
    left("Score"),
    ...models.horizons.flatMap(({ horizonBars }) => [right(`IC ${formatWhole(horizonBars)}`), right("t")]),
    right("Sharpe"),
    right("Drawdown"),
    right("Cost drag"),
    ...(isDevelopment ? [right("Fit time")] : []),
  ];
  const looked = notes.holdoutLooks === null ? "" : ` ${holdoutSentence(notes.holdoutLooks)}`;
  return renderRows(
    isDevelopment
      ? "Development: mean rank IC of each score against the returns of its own horizon, with Newey-West t; Sharpe ratio, worst drawdown and costs a year of the mix traded; time of all fits."
      : `Holdout: the same figures on bars that nothing was fitted to or chosen by.${looked}`,
    columns,
    rows,
  );
}

function holdoutSentence(looks: number): string {
  return looks === 1
    ? "This is the first experiment to look at it."
    : `${formatWhole(looks)} different experiments have looked at it, this one included: the best of many looks good by chance.`;
}

function fitTime(model: string | null, { fits }: TrainingNotes): string {
  if (model === null) return "–";
  const own = fits.filter((fit) => fit.model === model);
  if (own.length > 0 && own.every(({ fromCache }) => fromCache)) return "cached";
  return seconds(own.reduce((sum, { ms }) => sum + ms, 0));
}

function seconds(ms: number): string {
  return ms < 100 ? `${formatWhole(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** The paired difference test, a group a horizon. @returns "" with nothing to hold against */
export function differencesTable({ models, differences, against }: ModelComparison): string {
  const held = models.holdoutBar !== null;
  const groups = models.horizons
    .map(
      ({ name, horizonBars }): RowGroup => ({
        label: `Returns over ${plural(horizonBars, "bar")}`,
        rows: differences
          .filter(({ horizon }) => horizon === name)
          .map((one) => [
            one.score === "mix" ? `${one.label}, mix` : one.label,
            ...differenceCells(one, "development"),
            ...(held ? differenceCells(one, "holdout").slice(0, 3) : []),
          ]),
      }),
    )
    .filter(({ rows }) => rows.length > 0);
  if (groups.length === 0) return "";
  const tests = differences.length;
  return renderTable({
    caption:
      `Rank IC of each score less that of ${against.label}, date by date on the dates both have: mean, Newey-West t (lag horizon − 1), two-sided p, share of dates ahead` +
      `${held ? "; then the same in the holdout, which is not to choose by" : ""}. ` +
      `Of ${plural(tests, "test")} one alone below 0.05 means little: by Bonferroni it takes a p below ${(0.05 / tests).toPrecision(2)}.`,
    columns: [
      left(`Less ${against.label}`),
      right("Difference"),
      right("t"),
      right("p"),
      right("Ahead"),
      ...(held ? [right("Holdout"), right("t"), right("p")] : []),
    ],
    groups,
  });
}

function differenceCells(one: ScorerDifference, period: Period): string[] {
  const found = one[period];
  if (found === null) return ["n/a", "n/a", "n/a", "n/a"];
  return [
    formatIc(found.mean),
    formatValue(found.tStatNeweyWest, "ratio"),
    Number.isFinite(found.pValue) ? found.pValue.toFixed(3) : formatValue(null, "ratio"),
    formatPercent(found.ahead),
  ];
}

/** Each mix as an account over one period. @returns "" for a holdout that there is none of */
export function backtestTable({ backtests }: ModelComparison, period: Period): string {
  const rows = backtests.flatMap((one) => {
    const found = one[period];
    return found === null ? [] : [[one.label, ...performanceCells(found)]];
  });
  if (rows.length === 0) return "";
  const columns: readonly Column[] = [
    left("Score"),
    right("Return"),
    right("CAGR"),
    right("Volatility"),
    right("Sharpe"),
    right("Drawdown"),
    right("Turnover a year"),
    right("Cost drag"),
  ];
  return renderRows(
    `Each mix of short and long score traded, ${period}: the same signal, selection, allocation, costs and first decision for all.`,
    columns,
    rows,
  );
}

function performanceCells(found: PeriodPerformance): readonly string[] {
  return [
    formatPercent(found.totalReturn),
    formatPercent(found.cagr),
    formatPercent(found.volatility),
    formatValue(found.sharpe, "ratio"),
    formatPercent(found.maxDrawdown),
    formatValue(found.turnover, "ratio"),
    formatPercent(found.costDrag),
  ];
}

/** Wall time by model and horizon; the one table that differs between reruns. @returns "" without a fit */
export function fitTimeTable({ models }: ModelComparison, { fits, workers, threadsPerWorker }: TrainingNotes): string {
  const rows = models.models.flatMap((model) =>
    models.horizons.map(({ name }) => {
      const own = fits.filter((fit) => fit.model === model && fit.horizon === name);
      const fresh = own.filter(({ fromCache }) => !fromCache);
      const total = fresh.reduce((sum, { ms }) => sum + ms, 0);
      return [
        model,
        name,
        formatWhole(own.length),
        formatWhole(own.length - fresh.length),
        fresh.length === 0 ? "–" : seconds(total),
        fresh.length === 0 ? "–" : seconds(total / fresh.length),
      ];
    }),
  );
  if (rows.length === 0) return "";
  return renderRows(
    `Time of the fits that were not in the cache, tuning and importances included; ${plural(workers, "worker")} of ${plural(threadsPerWorker, "thread")}. This table differs from one rerun to the next.`,
    [left("Model"), left("Horizon"), right("Fits"), right("Cached"), right("Time"), right("A fit")],
    rows,
  );
}
