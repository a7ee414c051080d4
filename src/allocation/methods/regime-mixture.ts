/** Mixture of regime experts: w = sum_r p(r) w(r), w(r) the softmax of a regime's scores over its positive ones.
 *  A regime without a positive score is dropped and the posterior renormalised over the rest. */
import { fail, ok, type Result } from "../../core/result.ts";

export interface RegimeMixtureReport {
  /** Positions of the regimes that remain, ascending. */
  readonly regimesUsed: readonly number[];
  /** [R*N] w(r) by rows, zeros for a dropped regime */
  readonly regimeWeights: Float64Array;
}

/**
 * @param posterior   [R] probabilities >= 0
 * @param scores      [R*N] row-major; 0, negative and NaN are not positive and get weight 0
 * @param temperature of the softmax, above 0, unit of the scores
 * @param out         [N] written in full when ok, else untouched: weights >= 0 that sum to 1
 * @returns a reason when no regime with a positive probability has a positive score
 */
export function regimeMixtureWeights(
  posterior: Float64Array,
  scores: Float64Array,
  temperature: number,
  out: Float64Array,
): Result<RegimeMixtureReport> {
  const regimes = posterior.length;
  const n = out.length;
  if (scores.length !== regimes * n)
    throw new RangeError(`scores has ${scores.length} cells, expected ${regimes} regimes x ${n} assets`);
  if (!(temperature > 0)) return fail(`temperature must be above 0, got ${temperature}`);
  const regimeWeights = new Float64Array(regimes * n);
  const regimesUsed: number[] = [];
  let mass = 0;
  for (let r = 0; r < regimes; r++) {
    if (!(posterior[r]! >= 0 && Number.isFinite(posterior[r]!)))
      return fail(`posterior of regime ${r} is ${posterior[r]}`);
    for (let i = r * n; i < (r + 1) * n; i++)
      if (scores[i] === Number.POSITIVE_INFINITY) return fail(`a score of regime ${r} is infinite`);
    if (!positiveSoftmax(scores, r * n, n, temperature, regimeWeights)) continue;
    regimesUsed.push(r);
    mass += posterior[r]!;
  }
  if (regimesUsed.length === 0) return fail("no regime has a positive score");
  if (!(mass > 0)) return fail("every regime with a positive score has probability 0");
  out.fill(0);
  for (const r of regimesUsed) {
    const probability = posterior[r]! / mass;
    for (let i = 0; i < n; i++) out[i] = out[i]! + probability * regimeWeights[r * n + i]!;
  }
  return ok({ regimesUsed, regimeWeights });
}

/**
 * EWMA of the posterior: p + a (q - p), a = 1 - 2^(-days / halfLifeDays).
 *
 * @param previous  [R] smoothed posterior of the last time; left out at the first, when q is taken as it is
 * @param posterior [R] q
 * @param days      since `previous`
 * @param halfLifeDays 0 = no smoothing
 * @param out       [R] written in full; may alias either input
 */
export function smoothPosterior(
  previous: Float64Array | undefined,
  posterior: Float64Array,
  days: number,
  halfLifeDays: number,
  out: Float64Array,
): void {
  const share = previous === undefined || halfLifeDays === 0 ? 1 : 1 - 2 ** (-days / halfLifeDays);
  for (let r = 0; r < posterior.length; r++) {
    const from = previous === undefined ? posterior[r]! : previous[r]!;
    out[r] = share === 1 ? posterior[r]! : from + share * (posterior[r]! - from);
  }
}

/** Softmax over the positive scores of one row; false, with the row left at zero, when there is none. */
function positiveSoftmax(
  scores: Float64Array,
  row: number,
  n: number,
  temperature: number,
  out: Float64Array,
): boolean {
  let best = 0;
  for (let i = row; i < row + n; i++) if (scores[i]! > best) best = scores[i]!;
  if (!(best > 0)) return false;
  let sum = 0;
  for (let i = row; i < row + n; i++) {
    // Against the best score, as score / temperature may exceed what exp can hold.
    out[i] = scores[i]! > 0 ? Math.exp((scores[i]! - best) / temperature) : 0;
    sum += out[i]!;
  }
  for (let i = row; i < row + n; i++) out[i] = out[i]! / sum;
  return true;
}
