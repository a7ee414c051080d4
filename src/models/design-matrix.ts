/** From planes of features and labels [T*N] to the rows that models learn from and score: one row a bar and asset. */
import type { Floats } from "../core/panel.ts";
import type { TrainingSet } from "./model.ts";
import { recencyWeights } from "./sample-weights.ts";

/** Rows written at a time: as many as stay in a processor's cache while column after column is filled in. */
const GATHERED_AT_ONCE = 512;

export interface FeaturePlanes {
  /** [F] distinct. */
  readonly names: readonly string[];
  /** [F] planes [T*N], NaN = missing. */
  readonly values: readonly Floats[];
  /** N */
  readonly assets: number;
}

export interface LabelPlane {
  /** [T*N], NaN = no label. */
  readonly values: Floats;
  /** Bar at whose close the labels of a bar are known. */
  readonly endBar: (bar: number) => number;
}

export interface TrainingWindow {
  /** First decision bar. */
  readonly from: number;
  /** Bar after the last. */
  readonly to: number;
  /** Rows whose label is not known before this bar are purged: the start of the test window, less an embargo. */
  readonly knownBefore: number;
}

/** Rows, and which cell each is of. */
export interface RowsToScore {
  /** [rows*F] row-major. */
  readonly x: Float64Array;
  /** [rows] t*N + n, ascending. */
  readonly cells: Int32Array;
}

/**
 * The rows of a window that have a label and a feature, by bar and then by asset.
 *
 * @param halfLifeBars of the weights by recency, counted from the last row's bar; null = no weights
 * @returns also how many rows with a feature the purge left out, whether or not they would have had a label: nobody
 *          could know that yet
 */
export function trainingSetOf(
  features: FeaturePlanes,
  labels: LabelPlane,
  window: TrainingWindow,
  halfLifeBars: number | null,
): { readonly set: TrainingSet; readonly purged: number } {
  const { assets, names } = features;
  const { cells, purged } = labelledCells(features, labels, window);
  const y = new Float64Array(cells.length);
  const bar = new Int32Array(cells.length);
  const labelEnd = new Int32Array(cells.length);
  for (let r = 0; r < cells.length; r++) {
    const t = Math.floor(cells[r]! / assets);
    y[r] = labels.values[cells[r]!]!;
    bar[r] = t;
    labelEnd[r] = labels.endBar(t);
  }
  const weight = halfLifeBars === null ? null : new Float64Array(cells.length);
  if (weight !== null && halfLifeBars !== null) recencyWeights(bar, halfLifeBars, weight);
  return { set: { features: names, x: gathered(features, cells), y, weight, bar, labelEnd }, purged };
}

/** Cells with a feature and a label that is known in time, ascending; `purged` counts those of bars it is not known for. */
function labelledCells(
  features: FeaturePlanes,
  labels: LabelPlane,
  { from, to, knownBefore }: TrainingWindow,
): { readonly cells: Int32Array; readonly purged: number } {
  const { assets } = features;
  const cells = cellsWithFeatures(features, from, to);
  let count = 0;
  let purged = 0;
  let known = false;
  for (let i = 0, past = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell >= past) {
      const t = Math.floor(cell / assets);
      known = labels.endBar(t) < knownBefore;
      past = (t + 1) * assets;
    }
    const label = labels.values[cell]!;
    if (!known) purged++;
    else if (label === label) cells[count++] = cell;
  }
  return { cells: cells.subarray(0, count), purged };
}

/** The rows of bars [from, to) that have at least one feature: all that any model can score. */
export function rowsToScore(features: FeaturePlanes, from: number, to: number): RowsToScore {
  const cells = cellsWithFeatures(features, from, to);
  return { x: gathered(features, cells), cells };
}

function cellsWithFeatures({ values, assets }: FeaturePlanes, from: number, to: number): Int32Array {
  const cells = new Int32Array(Math.max(0, to - from) * assets);
  let count = 0;
  for (let cell = from * assets; cell < to * assets; cell++) {
    let present = false;
    for (let f = 0; f < values.length && !present; f++) present = values[f]![cell] === values[f]![cell];
    if (present) cells[count++] = cell;
  }
  return cells.slice(0, count);
}

function gathered({ values }: FeaturePlanes, cells: Int32Array): Float64Array {
  const columns = values.length;
  const x = new Float64Array(cells.length * columns);
  for (let from = 0; from < cells.length; from += GATHERED_AT_ONCE) {
    const to = Math.min(from + GATHERED_AT_ONCE, cells.length);
    for (let f = 0; f < columns; f++) {
      const plane = values[f]!;
      for (let i = from; i < to; i++) x[i * columns + f] = plane[cells[i]!]!;
    }
  }
  return x;
}
