/** From strengths and trailing returns to targets, over a whole run: x_i = m_i s_i w_i, the weights computed over the
 *  assets that take part. Loops over `stepAllocation`; decisions whose windows overlap share their covariance sums. */
import type { AllocationRecord } from "../core/allocation-record.ts";
import type { TargetWeights } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import { allocationRecord, type DecisionRow, decisionRow, RISK_SHARES_UP_TO } from "./decision-row.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import { rollingCovariance } from "./estimators/rolling-covariance.ts";
import { decisionPlanes } from "./multipliers.ts";
import { openPlanMemo } from "./plan-memo.ts";
import {
  type AllocationInputs,
  type AllocationPolicy,
  firstDecisionBar,
  initAllocation,
  stepAllocation,
  takesAllPart,
} from "./plan-step.ts";

export interface AllocationPlan {
  readonly targets: TargetWeights;
  /** [T*N] 1 = a multiplier fell: the decision waits for nothing; null without multipliers. */
  readonly immediate: Uint8Array | null;
  /** Of the first decision that has weights; null without any. */
  readonly firstBar: number | null;
  /** Without a decision where the policy records nothing. */
  readonly record: AllocationRecord;
}

const USES_COVARIANCE: ReadonlySet<string> = new Set([
  "risk_parity",
  "hrp",
  "constrained_mv",
  "max_diversification",
  "fractional_kelly",
  "adaptive_kelly",
]);

/**
 * Target weights for every decision bar.
 *
 * An asset without a price at the decision bar gets no decision (NaN): nobody can say then whether it is
 * halted or gone, and the account closes it if it stays away. One with a price that takes no part, or is cut, gets 0.
 * A decision without an answer and without a last plan to keep leaves the bar without a decision, as does one before
 * the signal says anything; a bar at which nothing is wanted is a decision for cash.
 *
 * @param firstBar no decision before this bar; without it the first bar at which the method can see a whole
 *                 lookback window
 */
export function planAllocation(inputs: AllocationInputs, policy: AllocationPolicy, firstBar?: number): AllocationPlan {
  const { axes, returns } = inputs;
  const bars = axes.time.length;
  const assets = axes.assets.length;
  const start = firstBar ?? firstDecisionBar(policy);
  const out = decisionPlanes(bars * assets, inputs.multiplier ?? null);
  const rows: DecisionRow[] = [];
  let firstDecision = -1;
  const state = initAllocation(assets);
  if (inputs.memo) openPlanMemo(inputs.memo, policy, start);
  let next = 0;
  const stepTo = (past: number, covarianceOf: (t: number) => CovarianceEstimate | null) => {
    for (; next < past; next++) {
      const decision = stepAllocation(state, next, inputs, policy, start, () => covarianceOf(next), out);
      if (decision === null) continue;
      const { participants, plan } = decision;
      if (firstDecision < 0 && plan.weights !== null) firstDecision = next;
      if (policy.records === "nothing") continue;
      rows.push(decisionRow(next, participants, plan, assets, policy.records === "risk_shares"));
    }
  };
  const shared = sharedBars(inputs, policy, start);
  rollingCovariance(
    returns,
    assets,
    policy.lookbackBars,
    policy.covariance,
    policy.rebalanceBars,
    shared,
    (d, estimate) => stepTo(shared[d]! + 1, (t) => (t === shared[d] ? estimate : null)),
  );
  stepTo(bars, () => null);
  return {
    targets: { axes, values: out.targets },
    immediate: out.immediate,
    firstBar: firstDecision < 0 ? null : firstDecision,
    record: allocationRecord(rows, assets),
  };
}

/**
 * The covariance of all sleeves at one of the calendar's bars, to the bit what a whole run has there; null where each
 * plan estimates its own.
 *
 * @param inputs rows up to t are read
 */
export function covarianceAt(inputs: AllocationInputs, policy: AllocationPolicy, t: number): CovarianceEstimate | null {
  const assets = inputs.axes.assets.length;
  if (
    !isCovarianceShared(policy, assets) ||
    barsWithoutGap(inputs.returns, assets, t, policy.lookbackBars) < policy.lookbackBars
  )
    return null;
  let found: CovarianceEstimate | null = null;
  const { returns } = inputs;
  rollingCovariance(
    returns,
    assets,
    policy.lookbackBars,
    policy.covariance,
    policy.rebalanceBars,
    Int32Array.of(t),
    (_, estimate) => {
      found = estimate;
    },
  );
  return found;
}

/** The calendar's bars at which all sleeves take part and whose window has no gap. */
function sharedBars(inputs: AllocationInputs, policy: AllocationPolicy, start: number): Int32Array {
  const { axes, returns } = inputs;
  const assets = axes.assets.length;
  const bars: number[] = [];
  if (!isCovarianceShared(policy, assets)) return Int32Array.from(bars);
  // Rows from here up to the bar have no gap.
  let whole = 0;
  let next = 0;
  for (let t = start; t < axes.time.length; t += policy.rebalanceBars) {
    if (!takesAllPart(inputs, t)) continue;
    for (; next <= t; next++) if (!isRowWhole(returns, next, assets)) whole = next + 1;
    if (t - whole + 1 >= policy.lookbackBars) bars.push(t);
  }
  return Int32Array.from(bars);
}

function isCovarianceShared(policy: AllocationPolicy, assets: number): boolean {
  if (assets === 0) return false;
  if (typeof policy.method !== "string" || USES_COVARIANCE.has(policy.method) || policy.volatilityTarget !== null)
    return true;
  return policy.records === "risk_shares" && assets <= RISK_SHARES_UP_TO;
}

/** Rows in a row up to t, itself included, in which every sleeve has a return; counted up to `most`. */
function barsWithoutGap(returns: Floats, assets: number, t: number, most: number): number {
  let bars = 0;
  while (bars < most && t - bars >= 0 && isRowWhole(returns, t - bars, assets)) bars++;
  return bars;
}

function isRowWhole(returns: Floats, t: number, assets: number): boolean {
  for (let i = t * assets; i < (t + 1) * assets; i++) if (returns[i] !== returns[i]) return false;
  return true;
}
