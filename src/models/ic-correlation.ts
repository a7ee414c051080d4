/** Pearson's correlation of two short samples, in two passes. */
import type { Floats } from "../core/panel.ts";

/** Fewer pairs than this say nothing about a date. */
export const LEAST_PAIRS = 3;

/**
 * @param x     [>= count] finite
 * @param y     [>= count] finite
 * @param count pairs to read, from 0
 * @returns in [-1, 1]; NaN for fewer than 3 pairs, or when either sample is constant
 */
export function correlation(x: Floats, y: Floats, count: number): number {
  if (count < LEAST_PAIRS || isConstant(x, count) || isConstant(y, count)) return Number.NaN;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < count; i++) {
    sumX += x[i]!;
    sumY += y[i]!;
  }
  const meanX = sumX / count;
  const meanY = sumY / count;
  let squaresX = 0;
  let squaresY = 0;
  let products = 0;
  for (let i = 0; i < count; i++) {
    const offsetX = x[i]! - meanX;
    const offsetY = y[i]! - meanY;
    squaresX += offsetX * offsetX;
    squaresY += offsetY * offsetY;
    products += offsetX * offsetY;
  }
  // In ratios, so that equal samples give 1 to the bit and tiny ones do not underflow.
  return Math.max(-1, Math.min(1, (products / squaresX) * Math.sqrt(squaresX / squaresY)));
}

/** By comparing values, for the mean of equal numbers need not equal them. */
export function isConstant(x: Floats, count: number): boolean {
  for (let i = 1; i < count; i++) if (x[i] !== x[0]) return false;
  return true;
}
