/** Rolling Sharpe ratio and rolling volatility over about half a year: two charts of one shape. */
import type { TopLevelSpec } from "vega-lite";
import type { Account, RunRecord } from "../../core/contracts.ts";
import type { Floats } from "../../core/panel.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatPercent, type NumberStyle } from "../number-format.ts";
import { mergeRows, pick, sampleSeries } from "../sampling.ts";
import { type RollingWindow, rollingAccountSharpe, rollingAccountVolatility, rollingWindowBars } from "../series.ts";
import { tone } from "../theme.ts";
import { CROSSHAIR, crosshairDot, HOVER_PARAM, lineLayer, ZERO_RULE } from "./time-series.ts";

const POINTS = 600;

interface RollingKind {
  readonly id: string;
  readonly name: string;
  readonly style: NumberStyle;
  readonly axisFormat: string;
  readonly zeroRule: boolean;
  /** What the caption adds. */
  readonly note: string;
  readonly of: (account: Account, window: RollingWindow) => Floats;
}

/** @returns null when the run is too short for one full window */
export function rollingSharpeChart(record: RunRecord): Chart | null {
  return rollingChart(record, {
    id: "rolling-sharpe",
    name: "Rolling Sharpe ratio",
    style: "ratio",
    axisFormat: "~f",
    zeroRule: true,
    note: `, over a risk-free rate of ${formatPercent(record.riskFreeAnnual)} a year`,
    of: rollingAccountSharpe,
  });
}

/** @returns null when the run is too short for one full window */
export function rollingVolatilityChart(record: RunRecord): Chart | null {
  return rollingChart(record, {
    id: "rolling-volatility",
    name: "Rolling volatility",
    style: "percent",
    axisFormat: "~%",
    zeroRule: false,
    note: "",
    of: rollingAccountVolatility,
  });
}

function rollingChart(record: RunRecord, kind: RollingKind): Chart | null {
  const { time } = record.account.axes;
  const { periodsPerYear, riskFreeAnnual } = record;
  const windowBars = rollingWindowBars(periodsPerYear);
  const window: RollingWindow = { windowBars, periodsPerYear, riskFreeAnnual };
  const strategy = kind.of(record.account, window);
  if (!strategy.some(Number.isFinite)) return null;
  const benchmark =
    record.benchmark === null
      ? null
      : { label: record.benchmark.label, values: kind.of(record.benchmark.account, window) };
  const rows = mergeRows(
    sampleSeries(time, strategy, POINTS),
    benchmark === null ? [] : sampleSeries(time, benchmark.values, POINTS),
  );
  return {
    id: kind.id,
    title: `${kind.name}, ${windowBars} bars`,
    description: `Line chart of the ${kind.name.toLowerCase()} over ${windowBars} bars of ${record.label}.`,
    caption:
      `Each point looks back over ${windowBars} bars; annualised with ${record.periodsPerYear} periods a year` +
      `${kind.note}.`,
    legend: [
      { label: record.label, colour: tone("accent"), mark: "line" },
      ...(benchmark === null ? [] : [{ label: benchmark.label, colour: tone("benchmark"), mark: "line" } as const]),
    ],
    columns: {
      t: pick(time, rows, 15),
      strategy: pick(strategy, rows, 5),
      ...(benchmark === null ? {} : { benchmark: pick(benchmark.values, rows, 5) }),
    },
    views: singleView(spec(kind, benchmark !== null)),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: [
        { field: "strategy", label: record.label, style: kind.style, colour: tone("accent") },
        ...(benchmark === null
          ? []
          : [{ field: "benchmark", label: benchmark.label, style: kind.style, colour: tone("benchmark") } as const]),
      ],
    },
  };
}

function spec(kind: RollingKind, benchmark: boolean): TopLevelSpec {
  return {
    data: ROWS,
    params: [HOVER_PARAM],
    height: 170,
    encoding: { y: { type: "quantitative", scale: { zero: true }, axis: { format: kind.axisFormat, tickCount: 4 } } },
    layer: [
      ...(kind.zeroRule ? [ZERO_RULE] : []),
      ...(benchmark ? [lineLayer("benchmark", tone("benchmark"), 1)] : []),
      lineLayer("strategy", tone("accent"), 1.5),
      CROSSHAIR,
      ...(benchmark ? [crosshairDot("benchmark", tone("benchmark"))] : []),
      crosshairDot("strategy", tone("accent")),
    ],
  } as unknown as TopLevelSpec;
}
