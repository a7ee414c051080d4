/** Moments of many return series over every half of their blocks of bars: what cross-validation by halves (CSCV) asks for
 *  thousands of times. Blocks are summed once and joined along a tree, so that halves with a common beginning share it. */
import type { Floats } from "../core/panel.ts";

/** Of P trials over the same bars; a missing return is missing for its own trial alone. */
export interface TrialMoments {
  /** [P] present returns. */
  readonly count: Float64Array;
  /** [P] 0 where there is no return. */
  readonly mean: Float64Array;
  /** [P] sum of squared distances from the mean. */
  readonly squares: Float64Array;
}

/** Ways to choose half of `blocks` blocks: C(S, S/2). */
export function halfSplits(blocks: number): number {
  let count = 1;
  for (let k = 1; k <= blocks / 2; k++) count = (count * (blocks / 2 + k)) / k;
  return count;
}

/**
 * Calls `visit` once for each of the C(S, S/2) / 2 ways to cut the blocks into two halves, the first block always in
 * `first`, in ascending order of the blocks in it. The oldest T mod S bars belong to no block.
 *
 * @param trials P >= 1 series [T], T >= S; NaN or infinite = missing
 * @param blocks S, even
 * @param visit  both arguments are overwritten afterwards and must not be kept
 */
export function visitHalves(
  trials: readonly Floats[],
  blocks: number,
  visit: (first: TrialMoments, other: TrialMoments) => void,
): void {
  const byBlock = blockMoments(trials, blocks);
  const half = blocks / 2;
  // Element k of a half: the moments over its first k blocks.
  const first = Array.from({ length: half + 1 }, () => emptyMoments(trials.length));
  const other = Array.from({ length: half + 1 }, () => emptyMoments(trials.length));
  const place = (block: number, inFirst: number): void => {
    const inOther = block - inFirst;
    if (block === blocks) visit(first[half]!, other[half]!);
    if (inFirst < half) {
      join(first[inFirst]!, byBlock[block]!, first[inFirst + 1]!);
      place(block + 1, inFirst + 1);
    }
    if (block > 0 && inOther < half) {
      join(other[inOther]!, byBlock[block]!, other[inOther + 1]!);
      place(block + 1, inFirst);
    }
  };
  place(0, 0);
}

function emptyMoments(trials: number): TrialMoments {
  return { count: new Float64Array(trials), mean: new Float64Array(trials), squares: new Float64Array(trials) };
}

/** [S] of the trials over each block. */
function blockMoments(trials: readonly Floats[], blocks: number): readonly TrialMoments[] {
  const bars = trials[0]!.length;
  const blockBars = Math.floor(bars / blocks);
  return Array.from({ length: blocks }, (_, block) => {
    const out = emptyMoments(trials.length);
    const start = (bars % blocks) + block * blockBars;
    for (let p = 0; p < trials.length; p++) writeMoments(trials[p]!, start, start + blockBars, p, out);
    return out;
  });
}

function writeMoments(returns: Floats, start: number, end: number, p: number, out: TrialMoments): void {
  let count = 0;
  let sum = 0;
  for (let t = start; t < end; t++) {
    if (!Number.isFinite(returns[t]!)) continue;
    count++;
    sum += returns[t]!;
  }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (let t = start; t < end; t++)
    if (Number.isFinite(returns[t]!)) squares += (returns[t]! - mean) * (returns[t]! - mean);
  out.count[p] = count;
  out.mean[p] = mean;
  out.squares[p] = squares;
}

/** out = a joined with b (Chan, Golub & LeVeque 1979). Sums of squares would be cheaper, but turn a stretch of equal
 *  returns into a spread of rounding errors. */
function join(a: TrialMoments, b: TrialMoments, out: TrialMoments): void {
  for (let p = 0; p < out.count.length; p++) {
    const count = a.count[p]! + b.count[p]!;
    const apart = b.mean[p]! - a.mean[p]!;
    const step = count === 0 ? 0 : (apart * b.count[p]!) / count;
    out.count[p] = count;
    out.mean[p] = a.mean[p]! + step;
    out.squares[p] = a.squares[p]! + b.squares[p]! + apart * step * a.count[p]!;
  }
}
