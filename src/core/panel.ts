/** The plane every stage reads and writes: bars by assets, row-major, NaN = missing.
 *  Axes are shared by reference, so alignment is an identity test and never a comparison of labels. */
import { InputError } from "./errors.ts";

/** A Float64Array its holder may read but not write. */
export interface Floats
  extends Readonly<Omit<Float64Array, "set" | "fill" | "sort" | "reverse" | "copyWithin" | "buffer" | "subarray">> {
  subarray(begin?: number, end?: number): Floats;
}

/** Two panels are aligned iff `a.axes === b.axes`. */
export interface Axes {
  /** [T] UTC milliseconds labelling each bar, strictly increasing. */
  readonly time: Floats;
  /** [N] distinct symbols; cell (t, n) of every panel on these axes belongs to assets[n]. */
  readonly assets: readonly string[];
}

/** Cell (t, n) is values[t * N + n]; NaN = missing. */
export interface Panel {
  readonly axes: Axes;
  readonly values: Floats;
}

/**
 * Axes over copies of the given labels.
 *
 * @param time   [T] UTC ms, finite and strictly increasing
 * @param assets [N] distinct, non-empty
 * @throws InputError naming the first label that breaks the rule
 */
export function createAxes(time: Iterable<number>, assets: readonly string[]): Axes {
  const labels = Float64Array.from(time);
  for (let t = 0; t < labels.length; t++) {
    if (!Number.isFinite(labels[t]!))
      throw InputError.of({ where: `time[${t}]`, rule: "must be finite UTC milliseconds", got: labels[t]! });
    if (t > 0 && !(labels[t]! > labels[t - 1]!))
      throw InputError.of({ where: `time[${t}]`, rule: "must be later than the bar before it", got: labels[t]! });
  }
  const seen = new Set<string>();
  for (const symbol of assets) {
    if (symbol === "" || seen.has(symbol))
      throw InputError.of({ where: "assets", rule: "symbols must be distinct and non-empty", got: symbol });
    seen.add(symbol);
  }
  return { time: labels, assets: [...assets] };
}

/**
 * A panel over `axes`; `values` is kept, not copied.
 *
 * @param values [T*N], NaN = missing
 * @throws InputError when the length is not T*N
 */
export function createPanel(axes: Axes, values: Floats): Panel {
  const cells = axes.time.length * axes.assets.length;
  if (values.length !== cells)
    throw InputError.of({
      where: "panel",
      rule: `must have ${axes.time.length} x ${axes.assets.length} cells`,
      got: values.length,
    });
  return { axes, values };
}

/** Position of each symbol on the axes. */
export function assetIndex(axes: Axes): ReadonlyMap<string, number> {
  return new Map(axes.assets.map((symbol, n) => [symbol, n]));
}
