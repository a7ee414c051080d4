/** Equity at the close against the benchmark, on a linear or a logarithmic axis. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, ROWS } from "../chart.ts";
import { formatCurrency, formatDay } from "../number-format.ts";
import { mergeRows, pick, pickAmounts, sampleSeries } from "../sampling.ts";
import { tone } from "../theme.ts";
import { CROSSHAIR, CURRENCY_AXIS, crosshairDot, HOVER_PARAM, lineLayer } from "./time-series.ts";

/** Points kept per series and axis: LTTB sees what the eye sees, and that differs between linear and log. */
const POINTS = 420;

/** @returns a chart with the views `linear` and `log`; the latter leaves out a ruined book's zeros */
export function equityChart(record: RunRecord): Chart {
  const { time } = record.account.axes;
  const equity = record.account.equity;
  const benchmark = record.benchmark;
  const rows = mergeRows(
    ...[equity, ...(benchmark === null ? [] : [benchmark.account.equity])].flatMap((series) => [
      sampleSeries(time, series, POINTS),
      sampleSeries(time, series.map(logOrNaN), POINTS),
    ]),
  );
  const T = equity.length;
  const final = equity[T - 1] ?? Number.NaN;
  const against =
    benchmark === null
      ? ""
      : ` ${benchmark.label} ended at ${formatCurrency(benchmark.account.equity[T - 1] ?? Number.NaN)}.`;
  return {
    id: "equity",
    title: "Equity",
    description:
      `Line chart of equity from ${formatDay(time[0] ?? Number.NaN)} to ${formatDay(time[T - 1] ?? Number.NaN)}: ` +
      `${record.label} went from ${formatCurrency(equity[0] ?? Number.NaN)} to ${formatCurrency(final)}.${against}`,
    caption: "Account value marked at each close, after fees and slippage.",
    legend: [
      { label: record.label, colour: tone("accent"), mark: "line" },
      ...(benchmark === null ? [] : [{ label: benchmark.label, colour: tone("benchmark"), mark: "line" } as const]),
    ],
    columns: {
      t: pick(time, rows, 15),
      strategy: pickAmounts(equity, rows),
      ...(benchmark === null ? {} : { benchmark: pickAmounts(benchmark.account.equity, rows) }),
    },
    views: [
      { key: "linear", label: "Linear", spec: spec(benchmark !== null, null) },
      { key: "log", label: "Log", spec: spec(benchmark !== null, logTicks(equity, benchmark?.account.equity)) },
    ],
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: [
        { field: "strategy", label: record.label, style: "currency", colour: tone("accent") },
        ...(benchmark === null
          ? []
          : [{ field: "benchmark", label: benchmark.label, style: "currency", colour: tone("benchmark") } as const]),
      ],
    },
  };
}

/** @param ticks values to label on a logarithmic axis; null = linear */
function spec(benchmark: boolean, ticks: readonly number[] | null): TopLevelSpec {
  const drawn = ticks === null ? "" : "_log";
  const series = ["strategy", ...(benchmark ? ["benchmark"] : [])];
  const layers = [
    ...(benchmark ? [lineLayer(`benchmark${drawn}`, tone("benchmark"), 1.25)] : []),
    lineLayer(`strategy${drawn}`, tone("accent"), 1.75),
    CROSSHAIR,
    ...(benchmark ? [crosshairDot(`benchmark${drawn}`, tone("benchmark"))] : []),
    crosshairDot(`strategy${drawn}`, tone("accent")),
  ];
  return {
    data: ROWS,
    params: [HOVER_PARAM],
    // The log axis knows no zero: a ruined book's line ends there.
    transform:
      ticks === null
        ? []
        : series.map((name) => ({ calculate: `datum.${name} > 0 ? datum.${name} : null`, as: `${name}_log` })),
    height: 300,
    encoding: {
      y: {
        type: "quantitative",
        scale: ticks === null ? { zero: false } : { type: "log", nice: false },
        axis: {
          ...CURRENCY_AXIS,
          ...(ticks === null ? { tickCount: 6 } : { values: ticks }),
        },
      },
    },
    layer: layers as never,
  } as TopLevelSpec;
}

function logOrNaN(value: number): number {
  return value > 0 ? Math.log(value) : Number.NaN;
}

const LOG_STEPS: readonly (readonly number[])[] = [
  [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9],
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8],
  [1, 1.5, 2, 3, 4, 6, 8],
  [1, 2, 5],
  [1, 3],
  [1],
];
const MOST_TICKS = 8;

/** Round values within the range of the positive equity, by the finest of the step lists that gives few enough. */
function logTicks(...series: readonly (ArrayLike<number> | undefined)[]): number[] {
  let least = Infinity;
  let most = 0;
  for (const values of series)
    for (let t = 0; t < (values?.length ?? 0); t++) {
      const value = values![t]!;
      if (value > 0 && value < least) least = value;
      if (value > most) most = value;
    }
  if (!(most > 0)) return [];
  for (const steps of LOG_STEPS) {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++)
      for (const step of steps) {
        const tick = Number((step * 10 ** power).toPrecision(3));
        if (tick >= least && tick <= most) ticks.push(tick);
      }
    if (ticks.length <= MOST_TICKS) return ticks;
  }
  return [least, most];
}
