/** Weighted sums of products of standardised features, centred on their weighted means: what ridge is solved from.
 *  Rows are read once, in blocks that stay in cache; every penalty is solved from the same sums. */
import type { TrainingSet } from "./model.ts";
import type { Standardisation } from "./standardise.ts";

/** Over the features that vary, in order; A of them. */
export interface NormalEquations {
  /** Positions among all features. */
  readonly active: Int32Array;
  /** [A*A] sum w (z_i - m_i)(z_j - m_j), symmetric. */
  readonly gram: Float64Array;
  /** [A] sum w (z_i - m_i)(y - mean y). */
  readonly moment: Float64Array;
  /** [A] weighted means m of the standardised features; 0 but for rounding without weights. */
  readonly means: Float64Array;
  /** Weighted mean of y. */
  readonly yMean: number;
}

/** Rows standardised at a time: 32 columns of them take 64 KB. */
const BLOCK = 256;

/** @param rows the rows that count; a missing feature counts as its mean */
export function normalEquations(
  { x, y, weight, features }: TrainingSet,
  rows: Int32Array,
  { centre, scale, varies }: Standardisation,
): NormalEquations {
  const active = Int32Array.from(features.keys()).filter((f) => varies[f] === 1);
  const shape = { x, columns: features.length, active, centre, scale };
  const width = active.length + 2;
  const ones = active.length;
  const labels = ones + 1;
  const yCentre = meanOf(y, rows);
  const plain = new Float64Array(width * BLOCK);
  const weighted = new Float64Array(width * BLOCK);
  const sums = new Float64Array(width * width);
  for (let from = 0; from < rows.length; from += BLOCK) {
    const size = Math.min(BLOCK, rows.length - from);
    if (size < BLOCK) plain.fill(0);
    standardiseBlock(shape, rows, from, size, plain);
    for (let k = 0; k < size; k++) {
      plain[ones * BLOCK + k] = 1;
      plain[labels * BLOCK + k] = y[rows[from + k]!]! - yCentre;
    }
    for (let k = 0; k < size; k++) {
      const heft = weight === null ? 1 : weight[rows[from + k]!]!;
      for (let c = 0; c < width; c++) weighted[c * BLOCK + k] = plain[c * BLOCK + k]! * heft;
    }
    addProducts(weighted, plain, width, sums);
  }
  return centred(sums, width, active, yCentre);
}

function meanOf(y: Float64Array, rows: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += y[rows[i]!]!;
  return sum / rows.length;
}

interface Source {
  readonly x: Float64Array;
  readonly columns: number;
  readonly active: Int32Array;
  readonly centre: Float64Array;
  readonly scale: Float64Array;
}

/** @param out [width*BLOCK] one feature after the other, so that products run along memory */
function standardiseBlock(
  { x, columns, active, centre, scale }: Source,
  rows: Int32Array,
  from: number,
  size: number,
  out: Float64Array,
): void {
  for (let k = 0; k < size; k++) {
    const row = rows[from + k]! * columns;
    for (let a = 0; a < active.length; a++) {
      const f = active[a]!;
      const z = (x[row + f]! - centre[f]!) / scale[f]!;
      out[a * BLOCK + k] = z === z ? z : 0;
    }
  }
}

/** sums[i, j] += left_i . right_j for j <= i, four j at a time; rows past the end of a block are 0 in `right`. */
function addProducts(left: Float64Array, right: Float64Array, width: number, sums: Float64Array): void {
  for (let i = 0; i < width; i++) {
    const a = i * BLOCK;
    let j = 0;
    for (; j + 3 <= i; j += 4) {
      const b = j * BLOCK;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0; k < BLOCK; k++) {
        const value = left[a + k]!;
        s0 += value * right[b + k]!;
        s1 += value * right[b + BLOCK + k]!;
        s2 += value * right[b + 2 * BLOCK + k]!;
        s3 += value * right[b + 3 * BLOCK + k]!;
      }
      const cell = i * width + j;
      sums[cell] = sums[cell]! + s0;
      sums[cell + 1] = sums[cell + 1]! + s1;
      sums[cell + 2] = sums[cell + 2]! + s2;
      sums[cell + 3] = sums[cell + 3]! + s3;
    }
    for (; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < BLOCK; k++) sum += left[a + k]! * right[j * BLOCK + k]!;
      sums[i * width + j] = sums[i * width + j]! + sum;
    }
  }
}

/** Takes the means out of the sums; the columns after the features are the ones and the labels. */
function centred(sums: Float64Array, width: number, active: Int32Array, yCentre: number): NormalEquations {
  const count = active.length;
  const ones = count * width;
  const labels = ones + width;
  const total = sums[ones + count]!;
  const means = new Float64Array(count);
  for (let a = 0; a < count; a++) means[a] = sums[ones + a]! / total;
  const yShift = sums[labels + count]! / total;
  const gram = new Float64Array(count * count);
  const moment = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const value = sums[i * width + j]! - total * means[i]! * means[j]!;
      gram[i * count + j] = value;
      gram[j * count + i] = value;
    }
    moment[i] = sums[labels + i]! - total * means[i]! * yShift;
  }
  return { active, gram, moment, means, yMean: yCentre + yShift };
}
