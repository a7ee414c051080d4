/** Which bars of long series a chart draws, and its columns at those bars. Sampling picks rows and never averages,
 *  so each value shown is a value of the account. */
import type { Floats } from "../core/panel.ts";
import { lttb } from "./lttb.ts";

/**
 * Bars that keep the shape of one series, its extremes and its gaps: LTTB on every run of finite values with points
 * shared out by length, the smallest and largest value, and one missing bar from each gap so that the line breaks there.
 *
 * @param time   [T] increasing
 * @param values [T] NaN = missing
 * @param keep   points aimed at; gaps and extremes may add a few
 */
export function sampleSeries(time: Floats, values: Floats, keep: number): number[] {
  const rows: number[] = [];
  const T = values.length;
  if (T <= keep) return Array.from({ length: T }, (_, t) => t);
  let least = -1;
  let most = -1;
  let t = 0;
  while (t < T) {
    if (!Number.isFinite(values[t]!)) {
      if (t === 0 || Number.isFinite(values[t - 1]!)) rows.push(t);
      t++;
      continue;
    }
    const from = t;
    while (t < T && Number.isFinite(values[t]!)) {
      if (least < 0 || values[t]! < values[least]!) least = t;
      if (most < 0 || values[t]! > values[most]!) most = t;
      t++;
    }
    rows.push(...lttb(time, values, Math.max(2, Math.round((keep * (t - from)) / T)), from, t));
  }
  return mergeRows(rows, least < 0 ? [] : [least, most]);
}

/** Every `stride`-th bar, at most about `keep` of them, always with the first and the last. */
export function sampleEvenly(
  bars: number,
  keep: number,
): { readonly rows: readonly number[]; readonly stride: number } {
  const stride = Math.max(1, Math.ceil(bars / keep));
  const rows: number[] = [];
  for (let t = 0; t < bars; t += stride) rows.push(t);
  if (bars > 0 && rows[rows.length - 1] !== bars - 1) rows.push(bars - 1);
  return { rows, stride };
}

/** Union of row lists, ascending, without repeats. */
export function mergeRows(...lists: readonly Iterable<number>[]): number[] {
  const union = new Set<number>();
  for (const list of lists) for (const row of list) union.add(row);
  return [...union].sort((a, b) => a - b);
}

/** `values` at `rows`, to `digits` significant digits; what is not finite becomes null. */
export function pick(values: Floats, rows: readonly number[], digits: number): (number | null)[] {
  return rows.map((row) => significant(values[row]!, digits));
}

/** Amounts at `rows`: eight significant digits, and always the cents, since readouts print them. */
export function pickAmounts(values: Floats, rows: readonly number[]): (number | null)[] {
  return rows.map((row) => {
    const value = values[row]!;
    return Math.abs(value) < 1e6 ? significant(value, 8) : significant(Math.round(value * 100) / 100, 17);
  });
}

/** `value` to `digits` significant digits, so that JSON stays short; null when not finite. */
export function significant(value: number, digits: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}
