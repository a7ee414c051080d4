/** Every metric a result can hold: its key in JSON, its name, unit and direction. Tables, reports and leaderboards
 *  read names, order and format from here and nowhere else. */

import type { MetricGroup, MetricInfo, MetricUnit } from "../core/metric-info.ts";

/** Of one return series; always present in a summary. */
export const SERIES_METRICS = [
  metric("total_return", "Total return", "percent", "higher", "return", "Compounded return over the whole period."),
  metric(
    "cagr",
    "CAGR",
    "percent",
    "higher",
    "return",
    "Compound annual growth rate, years counted as periods / periods per year.",
  ),
  metric("hit_rate", "Hit rate", "percent", "higher", "return", "Share of periods with a return above 0."),
  metric("volatility", "Volatility", "percent", "lower", "risk", "Standard deviation of returns (ddof 1), per year."),
  metric(
    "sharpe",
    "Sharpe ratio",
    "ratio",
    "higher",
    "risk",
    "Mean excess return over its standard deviation (ddof 1), per year.",
  ),
  metric(
    "psr",
    "Probabilistic Sharpe",
    "percent",
    "higher",
    "risk",
    "Probability that the true Sharpe ratio is above 0 (Bailey & Lopez de Prado 2012).",
  ),
  metric(
    "sortino",
    "Sortino ratio",
    "ratio",
    "higher",
    "risk",
    "Mean excess return over the downside deviation of all periods, per year.",
  ),
  metric("calmar", "Calmar ratio", "ratio", "higher", "risk", "CAGR over the size of the maximum drawdown."),
  metric("omega", "Omega ratio", "ratio", "higher", "risk", "Sum of gains over sum of losses, threshold 0."),
  metric(
    "max_drawdown",
    "Max drawdown",
    "percent",
    "higher",
    "tail",
    "Deepest fall below a running peak; the peak starts at the initial equity.",
  ),
  metric(
    "max_drawdown_duration",
    "Longest drawdown",
    "bars",
    "lower",
    "tail",
    "Most bars spent below one peak, an unfinished stay included.",
  ),
  metric("cdar_95", "CDaR 5%", "percent", "higher", "tail", "Mean of the worst 5% of drawdowns (ceil of the count)."),
  metric("ulcer_index", "Ulcer index", "percent", "lower", "tail", "Root mean square drawdown."),
  metric(
    "var_95",
    "VaR 95%",
    "percent",
    "higher",
    "tail",
    "5% quantile of returns per period (historical, linear), signed.",
  ),
  metric("cvar_95", "CVaR 95%", "percent", "higher", "tail", "Mean of the returns at or below the VaR, signed."),
  metric(
    "tail_ratio",
    "Tail ratio",
    "ratio",
    "higher",
    "tail",
    "Size of the 95% quantile of returns over that of the 5% quantile.",
  ),
  metric("skewness", "Skewness", "ratio", "higher", "tail", "Skewness of returns, biased."),
  metric(
    "kurtosis",
    "Excess kurtosis",
    "ratio",
    "lower",
    "tail",
    "Excess kurtosis of returns, biased; 0 for a normal distribution.",
  ),
  metric("periods", "Periods", "count", "neutral", "sample", "Returns that the metrics are made of."),
  metric("periods_per_year", "Periods per year", "count", "neutral", "sample", "Factor of annualisation."),
  metric(
    "missing",
    "Missing returns",
    "count",
    "neutral",
    "sample",
    "Returns that were missing and left out, never counted as 0.",
  ),
] as const;

/** Against a benchmark; present when there is one. */
export const RELATIVE_METRICS = [
  metric(
    "alpha",
    "Alpha",
    "percent",
    "higher",
    "benchmark",
    "Jensen's alpha per period times periods per year, not compounded.",
  ),
  metric("beta", "Beta", "ratio", "neutral", "benchmark", "Slope of returns on benchmark returns."),
  metric(
    "information_ratio",
    "Information ratio",
    "ratio",
    "higher",
    "benchmark",
    "Mean difference to the benchmark over the tracking error, per year.",
  ),
  metric(
    "tracking_error",
    "Tracking error",
    "percent",
    "neutral",
    "benchmark",
    "Standard deviation (ddof 1) of the difference to the benchmark, per year.",
  ),
] as const;

/** Of an account; present when trades were simulated. */
export const ACCOUNT_METRICS = [
  metric(
    "turnover",
    "Turnover per year",
    "multiple",
    "lower",
    "trading",
    "Notional bought plus notional sold over equity, per year.",
  ),
  metric(
    "cost_drag",
    "Cost drag per year",
    "percent",
    "lower",
    "trading",
    "Fees, slippage, impact, funding, borrowing and forfeited margin per year over mean equity.",
  ),
  metric(
    "exposure",
    "Mean gross exposure",
    "percent",
    "neutral",
    "trading",
    "Mean over the bars of the sum of |position| over equity.",
  ),
  metric("total_fees", "Fees", "currency", "lower", "trading", "Fees paid over the whole period."),
  metric(
    "total_slippage",
    "Slippage",
    "currency",
    "lower",
    "trading",
    "Lost to slippage against raw prices over the whole period.",
  ),
  metric(
    "total_impact",
    "Impact",
    "currency",
    "lower",
    "trading",
    "Lost to the prices that the trades themselves moved.",
  ),
  metric("total_funding", "Funding", "currency", "lower", "trading", "Paid less received as funding of positions."),
  metric("total_borrow", "Borrowing", "currency", "lower", "trading", "Paid for borrowing what was sold short."),
  metric(
    "total_liquidation_loss",
    "Forfeited margin",
    "currency",
    "lower",
    "trading",
    "Margin lost at liquidations beyond the loss in price.",
  ),
  { key: "fills", label: "Fills", unit: "count", better: "neutral", group: "trading", describe: "Executions." },
  metric("round_trips", "Round trips", "count", "neutral", "trading", "Positions opened and closed again."),
  metric(
    "win_rate",
    "Winning round trips",
    "percent",
    "higher",
    "trading",
    "Share of closed round trips with a profit after costs.",
  ),
  metric(
    "profit_factor",
    "Profit factor",
    "ratio",
    "higher",
    "trading",
    "Profits over losses of closed round trips, after costs.",
  ),
  metric(
    "holding_bars",
    "Mean holding",
    "bars",
    "neutral",
    "trading",
    "Mean bars from entry to exit of closed round trips.",
  ),
] as const;

export type SeriesMetricKey = (typeof SERIES_METRICS)[number]["key"];
export type RelativeMetricKey = (typeof RELATIVE_METRICS)[number]["key"];
export type AccountMetricKey = (typeof ACCOUNT_METRICS)[number]["key"];
export type MetricKey = SeriesMetricKey | RelativeMetricKey | AccountMetricKey;

/** Order in which groups are shown, with their headings. */
export const METRIC_GROUPS: readonly { readonly group: MetricGroup; readonly label: string }[] = [
  { group: "return", label: "Return" },
  { group: "risk", label: "Risk and reward" },
  { group: "tail", label: "Drawdowns and tails" },
  { group: "benchmark", label: "Against the benchmark" },
  { group: "trading", label: "Trading" },
  { group: "sample", label: "Sample" },
];

const GROUP_ORDER = METRIC_GROUPS.map(({ group }) => group);

/** All metrics in the order in which they are shown. */
export const METRICS: readonly MetricInfo<MetricKey>[] = [
  ...SERIES_METRICS,
  ...RELATIVE_METRICS,
  ...ACCOUNT_METRICS,
].sort((a, b) => GROUP_ORDER.indexOf(a.group) - GROUP_ORDER.indexOf(b.group));

function metric<const Key extends string>(
  key: Key,
  label: string,
  unit: MetricUnit,
  better: MetricInfo["better"],
  group: MetricGroup,
  describe: string,
): MetricInfo<Key> {
  return { key, label, unit, better, group, describe };
}
