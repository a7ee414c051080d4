/** Loss from the running maximum of equity, strategy against benchmark. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { equityDrawdowns } from "../../metrics/drawdown.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatDay, formatPercent } from "../number-format.ts";
import { mergeRows, pick, sampleSeries } from "../sampling.ts";
import { tone } from "../theme.ts";
import { CROSSHAIR, crosshairDot, HOVER_PARAM, lineLayer, TIME_X } from "./time-series.ts";

const POINTS = 600;

/** The deepest point of either series is always among the points drawn. */
export function drawdownChart(record: RunRecord): Chart {
  const { time } = record.account.axes;
  const strategy = equityDrawdowns(record.account.equity);
  const benchmark = record.benchmark === null ? null : equityDrawdowns(record.benchmark.account.equity);
  const benchmarkLabel = record.benchmark?.label ?? "";
  const rows = mergeRows(
    sampleSeries(time, strategy, POINTS),
    benchmark === null ? [] : sampleSeries(time, benchmark, POINTS),
  );
  const trough = deepest(strategy);
  const worst = trough < 0 ? Number.NaN : strategy[trough]!;
  const when = trough < 0 ? Number.NaN : time[trough]!;
  return {
    id: "drawdown",
    title: "Drawdown",
    description: `Area chart of the drawdown of ${record.label}; the worst is ${formatPercent(worst)}.`,
    caption:
      worst < 0
        ? `Loss from the highest close so far. The dot marks the worst, ${formatPercent(worst)} on ${formatDay(when)}.`
        : "Loss from the highest close so far: there was none.",
    legend: [
      { label: record.label, colour: tone("accent"), mark: "area" },
      ...(benchmark === null ? [] : [{ label: benchmarkLabel, colour: tone("benchmark"), mark: "line" } as const]),
    ],
    columns: {
      t: pick(time, rows, 15),
      strategy: pick(strategy, rows, 5),
      ...(benchmark === null ? {} : { benchmark: pick(benchmark, rows, 5) }),
    },
    views: singleView(spec(benchmark !== null, worst < 0 ? when : null)),
    readout: {
      by: "nearest",
      title: { field: "t", label: "", style: "date" },
      fields: [
        { field: "strategy", label: record.label, style: "percent", colour: tone("accent") },
        ...(benchmark === null
          ? []
          : [{ field: "benchmark", label: benchmarkLabel, style: "percent", colour: tone("benchmark") } as const]),
      ],
    },
  };
}

/** @param troughTime `t` of the dot; null = none */
function spec(benchmark: boolean, troughTime: number | null): TopLevelSpec {
  return {
    data: ROWS,
    params: [HOVER_PARAM],
    height: 170,
    encoding: { y: { type: "quantitative", scale: { domainMax: 0 }, axis: { format: "~%", tickCount: 4 } } },
    layer: [
      {
        mark: { type: "area", color: tone("accent"), opacity: 0.16, line: false },
        encoding: { x: TIME_X, y: { field: "strategy", type: "quantitative" } },
      },
      ...(benchmark ? [lineLayer("benchmark", tone("benchmark"), 1)] : []),
      lineLayer("strategy", tone("accent"), 1.25),
      {
        transform: [{ filter: `datum.t === ${troughTime}` }],
        mark: { type: "point", filled: true, size: 36, opacity: 1, color: tone("loss") },
        encoding: { x: TIME_X, y: { field: "strategy", type: "quantitative" } },
      },
      CROSSHAIR,
      ...(benchmark ? [crosshairDot("benchmark", tone("benchmark"))] : []),
      crosshairDot("strategy", tone("accent")),
    ],
  } as unknown as TopLevelSpec;
}

/** Bar of the smallest value; -1 when all are NaN. */
function deepest(series: ArrayLike<number>): number {
  let best = -1;
  for (let t = 0; t < series.length; t++) if (series[t]! < (best < 0 ? Infinity : series[best]!)) best = t;
  return best;
}
