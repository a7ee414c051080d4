/** The value V' that is left after paying for the trades that bring the traded assets to w_i * V'.
 *  Solves V' = V - sum cost(x_i(V') - h_i): piecewise linear, one root, found by safeguarded Newton. */
import type { CostRates } from "./policy.ts";

export interface SizingProblem {
  /** Value before the trades, > 0. */
  readonly value: number;
  /** [K] target weights of the assets traded. */
  readonly weights: Float64Array;
  /** [K] current raw value of each of them. */
  readonly held: Float64Array;
  readonly count: number;
  /** Sum of |value| of what is not traded. */
  readonly untouchedGross: number;
  readonly maxLeverage: number;
}

/**
 * Target value of one unit of weight when the book is worth `after`: `after` itself, or less where
 * gross exposure would pass the cap.
 *
 * @param grossWeight sum of |w_i| over the traded assets
 */
export function valuePerWeight(
  after: number,
  grossWeight: number,
  untouchedGross: number,
  maxLeverage: number,
): number {
  if (maxLeverage === Number.POSITIVE_INFINITY || grossWeight === 0) return after;
  return Math.min(after, Math.max(0, maxLeverage * after - untouchedGross) / grossWeight);
}

/**
 * @returns V' in currency, NaN when even closing every traded position costs more than the book is worth
 */
export function postCostValue(problem: SizingProblem, rates: CostRates): number {
  const { value, weights, held, count, untouchedGross, maxLeverage } = problem;
  const buyCost = rates.slippage + rates.fee * (1 + rates.slippage);
  const sellCost = rates.slippage + rates.fee * (1 - rates.slippage);
  if (buyCost === 0) return value;
  let grossWeight = 0;
  let closingCost = 0;
  for (let k = 0; k < count; k++) {
    grossWeight += Math.abs(weights[k]!);
    closingCost += held[k]! > 0 ? sellCost * held[k]! : -buyCost * held[k]!;
  }
  if (closingCost >= value) return Number.NaN;

  let low = 0;
  let high = value;
  let after = value;
  for (let iteration = 0; iteration < 200; iteration++) {
    const perWeight = valuePerWeight(after, grossWeight, untouchedGross, maxLeverage);
    const slopePerWeight = perWeight === after ? 1 : perWeight > 0 ? maxLeverage / grossWeight : 0;
    let excess = after - value;
    let slope = 1;
    for (let k = 0; k < count; k++) {
      const trade = weights[k]! * perWeight - held[k]!;
      const side = trade > 0 ? buyCost : -sellCost;
      excess += side * trade;
      slope += side * weights[k]! * slopePerWeight;
    }
    if (excess > 0) high = after;
    else low = after;
    const newton = after - excess / slope;
    const next = newton >= low && newton <= high ? newton : low + (high - low) / 2;
    if (Math.abs(next - after) <= 4e-16 * value) return next;
    after = next;
  }
  return after;
}
