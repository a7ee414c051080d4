/** Turnover by calendar month; by day or bar by bar in shorter runs. */
import type { TopLevelSpec } from "vega-lite";
import type { RunRecord } from "../../core/contracts.ts";
import { type Chart, ROWS, singleView } from "../chart.ts";
import { formatDay, formatTime, formatWholePercent, monthName, plural } from "../number-format.ts";
import { significant } from "../sampling.ts";
import { tone } from "../theme.ts";
import { HOVER_PARAM, TIME_X } from "./time-series.ts";

/** Most columns drawn one by one; beyond it bars are summed by day, and days by month. */
const MOST_COLUMNS = 130;
const DAY = 86_400_000;

type BucketUnit = "bar" | "day" | "month";

interface Bucket {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  sum: number;
}

/** @returns null when nothing was ever traded */
export function turnoverChart(record: RunRecord): Chart | null {
  const { time } = record.account.axes;
  const { turnover } = record.account;
  const total = turnover.reduce((sum, value) => sum + (Number.isFinite(value) ? value : 0), 0);
  if (total === 0) return null;
  const unit = bucketUnit(time);
  const buckets = unit === "bar" ? byBar(time, turnover) : byCalendar(time, turnover, unit);
  const perYear = record.metrics.turnover ?? Number.NaN;
  return {
    id: "turnover",
    title: `Turnover by ${unit}`,
    description: `Bar chart of turnover by ${unit}; in all ${formatWholePercent(total)} of equity over ${plural(turnover.length, "bar")}.`,
    caption:
      `Traded notional (buys and sells) as a share of equity, summed by ${unit}; ` +
      `${formatWholePercent(total)} in all, ${formatWholePercent(perYear)} a year.`,
    legend: [],
    columns: {
      t: buckets.map((bucket) => (bucket.from + bucket.to) / 2),
      from: buckets.map((bucket) => bucket.from),
      to: buckets.map((bucket) => bucket.to),
      turnover: buckets.map((bucket) => significant(bucket.sum, 5)),
      label: buckets.map((bucket) => bucket.label),
    },
    views: singleView(SPEC),
    readout: {
      by: "nearest",
      title: { field: "label", label: "", style: "text" },
      fields: [{ field: "turnover", label: "turnover", style: "percent", colour: tone("accent") }],
    },
  };
}

const SPEC = {
  data: ROWS,
  params: [HOVER_PARAM],
  height: 150,
  mark: { type: "rect", color: tone("accent"), x2Offset: { expr: "width / length(data('rows')) > 4 ? -1 : 0" } },
  encoding: {
    x: { ...TIME_X, field: "from" },
    x2: { field: "to" },
    y: { field: "turnover", type: "quantitative", axis: { format: "~%", tickCount: 4 } },
    y2: { datum: 0 },
    opacity: { condition: { test: "hover === null || datum.t === hover", value: 0.85 }, value: 0.4 },
  },
} as unknown as TopLevelSpec;

function bucketUnit(time: ArrayLike<number>): BucketUnit {
  const T = time.length;
  if (T <= MOST_COLUMNS) return "bar";
  return (time[T - 1]! - time[0]!) / DAY < MOST_COLUMNS ? "day" : "month";
}

/** Days or months in UTC that have a bar, in order. */
function byCalendar(time: ArrayLike<number>, turnover: ArrayLike<number>, unit: "day" | "month"): Bucket[] {
  const buckets: Bucket[] = [];
  for (let t = 0; t < time.length; t++) {
    const date = new Date(time[t]!);
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth();
    const day = date.getUTCDate();
    const from = Date.UTC(year, month, unit === "day" ? day : 1);
    if (buckets[buckets.length - 1]?.from !== from)
      buckets.push({
        label: unit === "day" ? formatDay(from) : `${monthName(month + 1)} ${year}`,
        from,
        to: unit === "day" ? from + DAY : Date.UTC(year, month + 1, 1),
        sum: 0,
      });
    if (Number.isFinite(turnover[t]!)) buckets[buckets.length - 1]!.sum += turnover[t]!;
  }
  return buckets;
}

/** Each bar reaches to the next; the last is as long as the one before it. */
function byBar(time: ArrayLike<number>, turnover: ArrayLike<number>): Bucket[] {
  const last = time.length - 1;
  const length = last > 0 ? time[last]! - time[last - 1]! : DAY;
  return Array.from({ length: time.length }, (_, t) => ({
    label: formatTime(time[t]!),
    from: time[t]!,
    to: t < last ? time[t + 1]! : time[t]! + length,
    sum: Number.isFinite(turnover[t]!) ? turnover[t]! : 0,
  }));
}
