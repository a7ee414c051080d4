/** Under `pre_cost`, buys can ask for more than there is: who gets less, and by how much. */
import type { ExecutionPolicy } from "./policy.ts";
import { ROOM_TOLERANCE } from "./post-cost-value.ts";
import type { RebalanceScratch } from "./step-context.ts";
import { tradeCost } from "./trade-cost.ts";

/**
 * Shrinks the buys in scratch.trade so that cash after all sells covers them.
 *
 * @param value worth of the book before trading; bounds what may be borrowed
 * @returns share of the buys that cash could pay if trading were free; below 1 the targets themselves were too large
 */
export function fitToCash(
  cash: number,
  value: number,
  count: number,
  policy: ExecutionPolicy,
  scratch: RebalanceScratch,
): number {
  const { trade } = scratch;
  const { minFee } = policy.costs;
  const borrowable = policy.maxLeverage < Number.POSITIVE_INFINITY ? Math.max(0, policy.maxLeverage - 1) * value : 0;
  let sold = 0;
  let proceeds = 0;
  let bought = 0;
  let wanted = 0;
  for (let k = 0; k < count; k++) {
    const size = trade[k]!;
    const cost = tradeCost(scratch, k, size, minFee);
    if (size < 0) {
      sold -= size;
      proceeds -= size + cost;
    } else {
      bought += size;
      wanted += size + cost;
    }
  }
  const left = cash + borrowable + proceeds;
  const available = left <= ROOM_TOLERANCE * value ? 0 : left;
  // a shortfall of rounding is none: cutting for it would leave dust of a position that was to be closed
  if (wanted <= available + ROOM_TOLERANCE * value) return 1;

  if (policy.cashShortfall === "pro_rata") {
    const spend = (share: number) => {
      let total = 0;
      for (let k = 0; k < count; k++)
        if (trade[k]! > 0) total += share * trade[k]! + tradeCost(scratch, k, share * trade[k]!, minFee);
      return total;
    };
    const share = largestWithin(1, available, spend);
    for (let k = 0; k < count; k++) if (trade[k]! > 0) trade[k]! *= share;
  } else {
    for (let k = 0; k < count; k++) scratch.order[k] = k;
    let left = available;
    for (const k of scratch.order.subarray(0, count).sort((a, b) => trade[a]! - trade[b]! || a - b)) {
      if (trade[k]! <= 0) continue;
      const spend = (size: number) => size + tradeCost(scratch, k, size, minFee);
      trade[k] = largestWithin(trade[k]!, left, spend);
      left = Math.max(0, left - spend(trade[k]!));
    }
  }
  // a buy cut just where it turns a position round would leave dust of it
  for (let k = 0; k < count; k++)
    if (trade[k]! > 0 && Math.abs(scratch.held[k]! + trade[k]!) <= ROOM_TOLERANCE * value) trade[k] = -scratch.held[k]!;
  return Math.min(1, Math.max(0, cash + borrowable + sold) / bought);
}

/** The largest x <= most with spend(x) <= budget, for an increasing spend: in one step where spend is proportional,
 *  by bisection where impact or a minimum fee bends it. */
function largestWithin(most: number, budget: number, spend: (x: number) => number): number {
  if (budget <= 0) return 0;
  const cost = spend(most);
  if (cost <= budget) return most;
  const proportional = most * (budget / cost);
  if (Math.abs(spend(proportional) - budget) <= 1e-13 * budget) return proportional;
  let low = 0;
  let high = most;
  for (let middle = most / 2; middle > low && middle < high; middle = low + (high - low) / 2) {
    if (spend(middle) <= budget) low = middle;
    else high = middle;
  }
  return low;
}
