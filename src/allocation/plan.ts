/** From strengths and trailing returns to a target at every decision bar: x_i = s_i * w_i, the weights
 *  computed over the assets that take part and summing to one. Never sees holdings. */
import type { TargetWeights } from "../core/contracts.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { simpleReturns } from "../math/returns.ts";
import { WEIGHTING_METHODS, type WeightingMethodName } from "./methods/catalogue.ts";
import type { WeightingMethod } from "./weighting.ts";

export interface AllocationPolicy {
  readonly method: WeightingMethodName;
  /** Returns a method sees, counted back from the decision bar. */
  readonly lookbackBars: number;
  /** Bars between decisions. */
  readonly rebalanceBars: number;
  /** Returns an asset must have in the window to take part, at least 2; ignored by methods without history. */
  readonly minHistoryBars: number;
}

/** A decision bar at which the method had no answer; the book holds. */
export interface AllocationEvent {
  readonly bar: number;
  readonly reason: string;
}

export interface AllocationPlan {
  readonly targets: TargetWeights;
  /** Bars with a decision, ascending. */
  readonly decisionBars: Int32Array;
  readonly events: readonly AllocationEvent[];
}

/**
 * Target weights for every decision bar.
 *
 * An asset without a close at the decision bar gets no decision (NaN): nobody can say then whether it is
 * halted or gone, and the account closes it if it stays away. One with a close but too little history, or
 * strength 0, gets weight 0.
 *
 * @param strength [T*N] signed conviction, 0 = out, NaN = no opinion (treated as 0)
 * @param firstBar no decision before this bar; without it the first bar at which the method can see
 *                 a whole lookback window
 */
export function planAllocation(
  market: Ohlcv,
  strength: Floats,
  policy: AllocationPolicy,
  firstBar?: number,
): AllocationPlan {
  const { axes, close } = market;
  const bars = axes.time.length;
  const assets = axes.assets.length;
  const method: WeightingMethod = WEIGHTING_METHODS[policy.method];
  const returns = new Float64Array(method.usesHistory ? close.length : 0);
  if (method.usesHistory) simpleReturns(close, assets, returns);

  const values = new Float64Array(bars * assets).fill(Number.NaN);
  const decisionBars: number[] = [];
  const events: AllocationEvent[] = [];
  const start = firstBar ?? (method.usesHistory ? policy.lookbackBars : 0);
  for (let t = start; t < bars; t += policy.rebalanceBars) {
    const reason = decide(method, close, returns, strength, t, assets, policy, values);
    if (reason === undefined) decisionBars.push(t);
    else events.push({ bar: t, reason });
  }
  return { targets: { axes, values }, decisionBars: Int32Array.from(decisionBars), events };
}

/** Writes row t of `values`, or leaves it NaN and returns why. */
function decide(
  method: WeightingMethod,
  close: Floats,
  returns: Float64Array,
  strength: Floats,
  t: number,
  assets: number,
  policy: AllocationPolicy,
  values: Float64Array,
): string | undefined {
  const row = t * assets;
  if (!anyPrice(close, row, assets)) return "no asset has a price";
  const from = Math.max(0, t - policy.lookbackBars + 1);
  const window = t - from + 1;
  const participants: number[] = [];
  for (let n = 0; n < assets; n++) {
    const conviction = strength[row + n]!;
    if (close[row + n] !== close[row + n] || conviction !== conviction || conviction === 0) continue;
    if (method.usesHistory && countPresent(returns, n, from, t, assets) < policy.minHistoryBars) continue;
    participants.push(n);
  }
  const count = participants.length;
  const windowReturns = new Float64Array(method.usesHistory ? window * count : 0);
  if (method.usesHistory)
    for (let i = 0; i < window; i++)
      for (let k = 0; k < count; k++) windowReturns[i * count + k] = returns[(from + i) * assets + participants[k]!]!;

  const weights = new Float64Array(count);
  if (count > 0) {
    const answer = method.weigh({ returns: windowReturns, bars: window, count }, weights);
    if (!answer.ok) return answer.reason;
  } else if (method.usesHistory && anyStrength(strength, row, assets)) return "no asset has enough history";

  for (let n = 0; n < assets; n++) if (close[row + n] === close[row + n]) values[row + n] = 0;
  for (let k = 0; k < count; k++) values[row + participants[k]!] = strength[row + participants[k]!]! * weights[k]!;
  return undefined;
}

function countPresent(returns: Float64Array, n: number, from: number, to: number, assets: number): number {
  let present = 0;
  for (let t = from; t <= to; t++) if (returns[t * assets + n] === returns[t * assets + n]) present++;
  return present;
}

function anyPrice(close: Floats, row: number, assets: number): boolean {
  for (let n = 0; n < assets; n++) if (close[row + n] === close[row + n]) return true;
  return false;
}

function anyStrength(strength: Floats, row: number, assets: number): boolean {
  for (let n = 0; n < assets; n++) if (strength[row + n]! !== 0 && strength[row + n] === strength[row + n]) return true;
  return false;
}
