/** Some bars of a training set, as a training set. */
import type { TrainingSet } from "./model.ts";
import type { BarRange } from "./split.ts";

/** The rows whose bars lie in the ranges, copied. */
export function rowsWithin(set: TrainingSet, ranges: readonly BarRange[]): TrainingSet {
  const { features, x, y, weight, bar, labelEnd } = set;
  const spans = ranges.map(({ from, to }) => ({ from: firstRow(bar, from), to: firstRow(bar, to) }));
  const rows = spans.reduce((sum, { from, to }) => sum + to - from, 0);
  const columns = features.length;
  const part = {
    features,
    x: new Float64Array(rows * columns),
    y: new Float64Array(rows),
    weight: weight === null ? null : new Float64Array(rows),
    bar: new Int32Array(rows),
    labelEnd: new Int32Array(rows),
  };
  let at = 0;
  for (const { from, to } of spans) {
    part.x.set(x.subarray(from * columns, to * columns), at * columns);
    part.y.set(y.subarray(from, to), at);
    part.weight?.set(weight!.subarray(from, to), at);
    part.bar.set(bar.subarray(from, to), at);
    part.labelEnd.set(labelEnd.subarray(from, to), at);
    at += to - from;
  }
  return part;
}

/** First row at `bar` or later. */
function firstRow(bars: Int32Array, bar: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars[middle]! < bar) low = middle + 1;
    else high = middle;
  }
  return low;
}
