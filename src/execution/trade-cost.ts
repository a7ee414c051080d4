/** What one trade costs as a function of its size: slippage and impact move the fill price against the trader,
 *  the fee is charged on the notional at that price. All sizes are raw notional, currency at the price before either. */
import type { RebalanceScratch } from "./step-context.ts";

/**
 * Fraction of the price lost to impact when `notional` is traded: scale * sqrt(notional), the square-root law
 * k * sigma * sqrt(traded / ADV) with k * sigma / sqrt(ADV) as the scale.
 */
export function impactFraction(scale: number, notional: number): number {
  return scale === 0 ? 0 : scale * Math.sqrt(notional);
}

/** Fill price over raw price; a sale never fetches less than nothing. */
export function fillFactor(buys: boolean, slippage: number, impact: number): number {
  return buys ? 1 + slippage + impact : Math.max(0, 1 - slippage - impact);
}

/**
 * Cost of trading `trade` of the k-th traded asset.
 *
 * @param trade signed raw notional; nothing costs nothing
 * @returns currency, >= 0: fee plus what the fill price loses against the raw price
 */
export function tradeCost(scratch: RebalanceScratch, k: number, trade: number, minFee: number): number {
  if (trade === 0) return 0;
  const size = Math.abs(trade);
  const factor = fillFactor(trade > 0, scratch.slippage[k]!, impactFraction(scratch.impactScale[k]!, size));
  return size * Math.abs(factor - 1) + Math.max(minFee, scratch.fee[k]! * size * factor);
}

/** Derivative of tradeCost by the signed trade, from the side the trade is on. */
export function tradeCostSlope(scratch: RebalanceScratch, k: number, trade: number, minFee: number): number {
  const size = Math.abs(trade);
  const impact = impactFraction(scratch.impactScale[k]!, size);
  const fee = scratch.fee[k]!;
  const slippage = scratch.slippage[k]!;
  const proportional = fee * size * fillFactor(trade > 0, slippage, impact) >= minFee;
  const moved = slippage + 1.5 * impact;
  const perSize = moved + (proportional ? fee * (trade > 0 ? 1 + moved : 1 - moved) : 0);
  return trade > 0 ? perSize : -perSize;
}
