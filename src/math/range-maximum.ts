/** Largest value over any stretch of one series, O(log T) a question after O(T) to build: a segment tree laid out
 *  bottom-up, the leaf of x[t] at T + t and the parent of node i at i / 2. */
import type { Floats } from "../core/panel.ts";

/**
 * @param x [T] NaN = missing, passed over
 * @returns largest of x[from..end-1]; NaN where the stretch is empty or has no value
 */
export function rangeMaximum(x: Floats): (from: number, end: number) => number {
  const T = x.length;
  const tree = new Float64Array(2 * T);
  for (let t = 0; t < T; t++) tree[T + t] = x[t]!;
  for (let i = T - 1; i > 0; i--) tree[i] = larger(tree[2 * i]!, tree[2 * i + 1]!);
  return (from, end) => {
    let most = Number.NaN;
    for (let low = T + from, high = T + end; low < high; low >>= 1, high >>= 1) {
      if (low & 1) most = larger(most, tree[low++]!);
      if (high & 1) most = larger(most, tree[--high]!);
    }
    return most;
  };
}

/** The larger of the two, or the one that is there. */
function larger(a: number, b: number): number {
  return a >= b || b !== b ? a : b;
}
