/** A wide panel of targets laid onto a market's axes. Bars and symbols the panel does not mention stay NaN, "no
 *  decision"; a value at a symbol or date that the market lacks is an error, for a weight must not vanish silently. */
import { type Fault, InputError, nearestName } from "../core/errors.ts";
import { type Axes, assetIndex } from "../core/panel.ts";
import { formatBarTime } from "./calendar.ts";
import { cutFaults } from "./fault-list.ts";
import type { WidePanel } from "./wide-csv.ts";

/**
 * @param wide weights or scores; NaN = no decision
 * @param axes the market's
 * @param file how messages name the panel's file
 * @returns [T*N] on `axes`, freshly allocated
 * @throws InputError for a column with values that is no symbol of the market, with the nearest one, or a row with
 *         values at a date that is no bar of it, with its line and the bars around it
 */
export function alignTargets(wide: WidePanel, axes: Axes, file: string): Float64Array {
  const indexOf = assetIndex(axes);
  const faults: Fault[] = [];
  const { values } = wide;
  const columns = wide.axes.assets.length;
  const columnHasValue = (n: number) => values.some((x, i) => i % columns === n && x === x);
  const rowHasValue = (t: number) => values.subarray(t * columns, (t + 1) * columns).some((x) => x === x);
  const assets = wide.axes.assets.map((symbol, column) => {
    const n = indexOf.get(symbol);
    if (n === undefined && columnHasValue(column))
      faults.push({
        where: `${file} ${symbol}`,
        rule: "the market has no such symbol",
        suggestion: nearestName(symbol, axes.assets),
      });
    return n ?? -1;
  });
  const bars = Array.from({ length: wide.axes.time.length }, (_, t) => {
    const at = firstBarFrom(axes, wide.axes.time[t]!);
    if (axes.time[at] === wide.axes.time[t]) return at;
    if (rowHasValue(t)) faults.push(strayDate(wide, t, axes, at, file));
    return -1;
  });
  if (faults.length > 0) throw new InputError(cutFaults(faults, faults.length, file));

  const targets = new Float64Array(axes.time.length * axes.assets.length).fill(Number.NaN);
  for (let t = 0; t < bars.length; t++)
    for (let n = 0; n < columns; n++)
      if (bars[t]! >= 0 && assets[n]! >= 0)
        targets[bars[t]! * axes.assets.length + assets[n]!] = values[t * columns + n]!;
  return targets;
}

/** Position of the first bar not before `time`; T when all are. */
function firstBarFrom(axes: Axes, time: number): number {
  let low = 0;
  let high = axes.time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (axes.time[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function strayDate(wide: WidePanel, t: number, axes: Axes, next: number, file: string): Fault {
  const timeOf = formatBarTime(axes.time);
  const neighbours = [axes.time[next - 1], axes.time[next]].flatMap((time) =>
    time === undefined ? [] : [timeOf(time)],
  );
  const around =
    neighbours.length === 2
      ? `the bars around it are ${neighbours.join(" and ")}`
      : `the nearest bar is ${neighbours[0]}`;
  return {
    where: `${file}:${wide.lineOf(t)} ${formatBarTime(wide.axes.time)(wide.axes.time[t]!)}`,
    rule: `the market has no bar at this date; ${around}`,
  };
}
