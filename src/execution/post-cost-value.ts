/** The value V' that is left after paying for the trades that bring the traded assets to w_i * V', or the fraction
 *  f_i of the way there. Solves V' = V - sum cost(f_i (w_i V' - h_i)), increasing in V', by Newton steps kept inside a
 *  bracket. */
import type { RebalanceScratch } from "./step-context.ts";
import { tradeCost, tradeCostSlope } from "./trade-cost.ts";

export interface SizingProblem {
  /** Value before the trades, > 0. */
  readonly value: number;
  /** Assets traded; the first `count` entries of every scratch plane speak of them. */
  readonly count: number;
  /** Sum of f_i |w_i| over them, f_i the fraction of the way that is traded. */
  readonly grossWeight: number;
  /** Sum of |value| of what is not traded: all of other assets, (1 - f_i) |h_i| of these. */
  readonly untouchedGross: number;
  readonly maxLeverage: number;
  readonly minFee: number;
}

/** Room under the cap below this share of the book is rounding, too little to hold anything in. */
export const ROOM_TOLERANCE = 1e-12;

/**
 * Target value of one unit of weight when the book is worth `after`: `after` itself, or less where
 * gross exposure would pass the cap.
 */
export function valuePerWeight(
  after: number,
  grossWeight: number,
  untouchedGross: number,
  maxLeverage: number,
): number {
  if (maxLeverage === Number.POSITIVE_INFINITY || grossWeight === 0) return after;
  const room = maxLeverage * after - untouchedGross;
  return room <= ROOM_TOLERANCE * after ? 0 : Math.min(after, room / grossWeight);
}

/** The trade that takes the k-th asset its fraction of the way to `target`, no larger than its limit. */
export function limitedTrade(scratch: RebalanceScratch, k: number, target: number): number {
  const wanted = scratch.fraction[k]! * (target - scratch.held[k]!);
  const limit = scratch.limit[k]!;
  return Math.abs(wanted) <= limit ? wanted : Math.sign(wanted) * limit;
}

/**
 * @returns V' in currency, NaN when even closing every traded position costs more than the book is worth
 */
export function postCostValue(problem: SizingProblem, scratch: RebalanceScratch): number {
  const { value, count, grossWeight, untouchedGross, maxLeverage, minFee } = problem;
  let closingCost = 0;
  for (let k = 0; k < count; k++) closingCost += tradeCost(scratch, k, limitedTrade(scratch, k, 0), minFee);
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
      const weight = scratch.weights[k]!;
      const trade = limitedTrade(scratch, k, weight * perWeight);
      excess += tradeCost(scratch, k, trade, minFee);
      if (Math.abs(trade) < scratch.limit[k]!)
        slope += tradeCostSlope(scratch, k, trade, minFee) * scratch.fraction[k]! * weight * slopePerWeight;
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
