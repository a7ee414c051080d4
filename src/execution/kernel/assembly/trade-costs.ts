/** What a bar's trades cost, made or only measured, from the sums their passes leave. */
import { Bar } from "./bar";
import { both, pick } from "./lanes";
import { Terms } from "./terms";

/** What the trades made cost, fees and slippage together. */
@inline
export function costOf<COSTS>(bar: Bar, terms: Terms): v128 {
  const sums = bar.sums;
  if (isInteger<COSTS>()) return f64x2.add(sums.fees, sums.slippage);
  return f64x2.add(f64x2.mul(terms.costSum, sums.traded), f64x2.mul(terms.costProduct, sums.net));
}

/** The same of trades that were only measured. */
@inline
export function prospectOf<COSTS>(bar: Bar, terms: Terms): v128 {
  const sums = bar.sums;
  if (isInteger<COSTS>()) return sums.cost;
  return f64x2.add(f64x2.mul(terms.costTwice, sums.purchases), f64x2.mul(terms.costRest, sums.net));
}

@inline
export function slopeOf<COSTS>(bar: Bar, terms: Terms): v128 {
  const sums = bar.sums;
  if (isInteger<COSTS>()) return sums.slope;
  return f64x2.add(f64x2.mul(terms.costTwice, sums.boughtWeight), f64x2.mul(terms.costRest, sums.weight));
}

/** Fees, slippage and notional of the trades made, where one rate holds for all assets. */
@inline
export function charge<COSTS>(bar: Bar, terms: Terms): void {
  if (isInteger<COSTS>()) return;
  const sums = bar.sums;
  const notional = f64x2.add(sums.traded, f64x2.mul(terms.slippage, sums.net));
  sums.notional = notional;
  sums.fees = f64x2.mul(terms.fee, notional);
  sums.slippage = f64x2.mul(terms.slippage, sums.traded);
}

/** Notes what the trades cost, as a guess at what the next will. */
@inline
export function noteCost<COSTS>(bar: Bar, terms: Terms): void {
  const cost = costOf<COSTS>(bar, terms);
  terms.lastCost = pick(f64x2.gt(cost, both(0)), cost, terms.lastCost);
}
