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
  const weighted = weight === null ? plain : new Float64Array(width * BLOCK);
  const sums = new Float64Array(width * width);
  for (let from = 0; from < rows.length; from += BLOCK) {
    const size = Math.min(BLOCK, rows.length - from);
    if (size < BLOCK) plain.fill(0);
    standardiseBlock(shape, rows, from, size, plain);
    for (let k = 0; k < size; k++) {
      plain[ones * BLOCK + k] = 1;
      plain[labels * BLOCK + k] = y[rows[from + k]!]! - yCentre;
    }
    if (weight !== null) weighBlock(plain, weight, rows, from, size, weighted);
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

/** @param out [columns*BLOCK] the columns of `plain`, each row times its weight */
function weighBlock(
  plain: Float64Array,
  weight: Float64Array,
  rows: Int32Array,
  from: number,
  size: number,
  out: Float64Array,
): void {
  for (let k = 0; k < size; k++) {
    const heft = weight[rows[from + k]!]!;
    for (let cell = k; cell < plain.length; cell += BLOCK) out[cell] = plain[cell]! * heft;
  }
}

/**
 * sums[i, j] += left_i . right_j for j <= i, and a few above the diagonal that nobody reads. Rows past the end of a
 * block are 0 in `right`. Two i by four j at a time, so that a value read from memory is multiplied more than once.
 */
function addProducts(left: Float64Array, right: Float64Array, width: number, sums: Float64Array): void {
  for (let i = 0; i < width; i += 2) {
    const last = Math.min(i + 1, width - 1);
    const a = i * BLOCK;
    const next = last * BLOCK;
    let j = 0;
    for (; j + 3 <= last && last > i; j += 4) {
      const b = j * BLOCK;
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let k = 0; k < BLOCK; k++) {
        const u = left[a + k]!;
        const v = left[next + k]!;
        const r0 = right[b + k]!;
        const r1 = right[b + BLOCK + k]!;
        const r2 = right[b + 2 * BLOCK + k]!;
        const r3 = right[b + 3 * BLOCK + k]!;
        s00 += u * r0;
        s01 += u * r1;
        s02 += u * r2;
        s03 += u * r3;
        s10 += v * r0;
        s11 += v * r1;
        s12 += v * r2;
        s13 += v * r3;
      }
      const cell = i * width + j;
      sums[cell] = sums[cell]! + s00;
      sums[cell + 1] = sums[cell + 1]! + s01;
      sums[cell + 2] = sums[cell + 2]! + s02;
      sums[cell + 3] = sums[cell + 3]! + s03;
      const below = cell + width;
      sums[below] = sums[below]! + s10;
      sums[below + 1] = sums[below + 1]! + s11;
      sums[below + 2] = sums[below + 2]! + s12;
      sums[below + 3] = sums[below + 3]! + s13;
    }
    for (let row = i; row <= last; row++) {
      for (let column = j; column <= row; column++) {
        let sum = 0;
        for (let k = 0; k < BLOCK; k++) sum += left[row * BLOCK + k]! * right[column * BLOCK + k]!;
        sums[row * width + column] = sums[row * width + column]! + sum;
      }
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
