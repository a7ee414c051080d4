/** The result in a sentence, and six figures with the benchmark's beneath. */
import type { Account, RunRecord } from "../core/contracts.ts";
import { escapeHtml } from "./escape.ts";
import {
  formatDay,
  formatPercent,
  formatShort,
  formatValue,
  formatWhole,
  type NumberStyle,
  plural,
} from "./number-format.ts";
import { cumulative, finalOf } from "./series.ts";

interface Headline {
  readonly label: string;
  readonly value: string;
  readonly benchmark: string | null;
}

export function renderHeadline(record: RunRecord): string {
  const tiles = headlines(record).map(
    ({ label, value, benchmark }) =>
      `<div><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}</dd>${
        benchmark === null ? "" : `<dd class="beneath">${escapeHtml(benchmark)}</dd>`
      }</div>`,
  );
  const beneath =
    record.benchmark === null
      ? ""
      : `<p class="tiles-note">Beneath each figure: ${escapeHtml(record.benchmark.label)}, the benchmark.</p>`;
  return `<section class="headline" aria-label="Headline figures">
<p class="abstract">${escapeHtml(abstract(record))}</p>
<dl class="tiles">${tiles.join("\n")}</dl>
${beneath}
</section>`;
}

function headlines(record: RunRecord): Headline[] {
  const benchmark = record.benchmark;
  const metric = (label: string, key: string, style: NumberStyle): Headline => ({
    label,
    value: formatValue(record.metrics[key] ?? null, style),
    benchmark: benchmark === null ? null : formatValue(record.benchmarkMetrics?.[key] ?? null, style),
  });
  const ofAccount = (label: string, value: (account: Account) => number): Headline => ({
    label,
    value: formatShort(value(record.account)),
    benchmark: benchmark === null ? null : formatShort(value(benchmark.account)),
  });
  return [
    metric("CAGR", "cagr", "percent"),
    metric("Sharpe ratio", "sharpe", "ratio"),
    metric("Max drawdown", "max_drawdown", "percent"),
    metric("Volatility", "volatility", "percent"),
    ofAccount("Final equity", (account) => finalOf(account.equity)),
    ofAccount("Costs paid", costsPaid),
  ];
}

function abstract(record: RunRecord): string {
  const { equity, axes, ruinBar } = record.account;
  if (equity.length < 2) return `${record.label} has a single bar: there is no return to speak of.`;
  const name = record.label;
  const years = (equity.length - 1) / record.periodsPerYear;
  if (ruinBar >= 0)
    return `${name} started with ${formatWhole(equity[0]!)} and was ruined on ${formatDay(axes.time[ruinBar]!)}.`;
  const turned = `${name} turned ${formatWhole(equity[0]!)} into ${formatWhole(finalOf(equity))}`;
  // A rate per year of a run shorter than one says more about the exponent than about the run.
  if (years < 1)
    return `${turned} over ${plural(equity.length, "bar")}, with a worst drawdown of ${formatPercent(record.metrics.max_drawdown ?? Number.NaN)}.`;
  const { cagr = Number.NaN, volatility = Number.NaN, max_drawdown: worst = Number.NaN } = record.metrics;
  const own =
    `${turned} in ${years.toFixed(1)} years: ${formatPercent(cagr)} a year at a volatility of ${formatPercent(volatility)}, ` +
    `with a worst drawdown of ${formatPercent(worst)}.`;
  if (record.benchmark === null) return own;
  const other = record.benchmarkMetrics ?? {};
  return (
    `${own} ${record.benchmark.label} made ${formatPercent(other.cagr ?? Number.NaN)} a year ` +
    `at ${formatPercent(other.volatility ?? Number.NaN)}, with a worst drawdown of ${formatPercent(other.max_drawdown ?? Number.NaN)}.`
  );
}

function costsPaid(account: Account): number {
  const { fees, slippage, impact, funding, borrow, liquidationLoss } = account;
  const planes = [fees, slippage, impact, funding, borrow, liquidationLoss];
  return planes.reduce((total, plane) => total + finalOf(cumulative(plane)), 0);
}
