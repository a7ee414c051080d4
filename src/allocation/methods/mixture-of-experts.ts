/** Mixture of experts: one softmax portfolio a regime, weighed by the regimes' probabilities at the decision.
 *  A sleeve's score in a regime is its Sharpe ratio under the regime: mean and deviation of its returns with the
 *  regime's probability at each bar as weight. */
import { fail, ok } from "../../core/result.ts";
import { PLAIN_ANSWER, type RegimePosterior, type SleeveWindow, type WeightingMethod } from "../weighting.ts";
import { regimeMixtureWeights, smoothPosterior } from "./regime-mixture.ts";

export const mixtureOfExperts: WeightingMethod = {
  name: "moe",
  usesHistory: true,
  weigh({ window, posterior, parameters }, out) {
    if (posterior === null) return fail("there are no regime probabilities");
    const { temperature, smoothingHalfLifeBars } = parameters.moe;
    const now = posteriorAtEnd(posterior, smoothingHalfLifeBars);
    if (now === null) return fail("no bar of the window has regime probabilities");
    const answer = regimeMixtureWeights(now, conditionalSharpes(window, posterior), temperature, out);
    return answer.ok ? ok(PLAIN_ANSWER) : answer;
  },
};

/** Probabilities after the last bar that has any, smoothed over those before it; null when none has. */
function posteriorAtEnd({ regimes, values }: RegimePosterior, halfLifeBars: number | null): Float64Array | null {
  let smoothed: Float64Array | null = null;
  let last = 0;
  for (let t = 0; t < values.length / regimes; t++) {
    const row = Float64Array.from(values.subarray(t * regimes, (t + 1) * regimes));
    if (row.some((p) => p !== p)) continue;
    smoothPosterior(smoothed ?? undefined, row, t - last, halfLifeBars ?? 0, row);
    smoothed = row;
    last = t;
  }
  return smoothed;
}

/** @returns [regimes*count]; NaN where a regime has too little weight or a sleeve no deviation in it */
export function conditionalSharpes({ returns, bars, count }: SleeveWindow, posterior: RegimePosterior): Float64Array {
  const { regimes, values } = posterior;
  const scores = new Float64Array(regimes * count);
  for (let r = 0; r < regimes; r++)
    for (let k = 0; k < count; k++) {
      let weight = 0;
      let sum = 0;
      for (let t = 0; t < bars; t++) {
        const p = values[t * regimes + r]!;
        const x = returns[t * count + k]!;
        if (p !== p || x !== x) continue;
        weight += p;
        sum += p * x;
      }
      const mean = sum / weight;
      let squares = 0;
      for (let t = 0; t < bars; t++) {
        const p = values[t * regimes + r]!;
        const x = returns[t * count + k]!;
        if (p === p && x === x) squares += p * (x - mean) ** 2;
      }
      const deviation = Math.sqrt(squares / weight);
      scores[r * count + k] = deviation > 1e-14 * Math.abs(mean) ? mean / deviation : Number.NaN;
    }
  return scores;
}
