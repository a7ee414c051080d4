/** From strengths and trailing returns to a target at every decision bar: x_i = s_i * w_i, the weights
 *  computed over the assets that take part. Never sees holdings. */
import type { AllocationRecord, TargetWeights } from "../core/contracts.ts";
import type { Axes, Floats } from "../core/panel.ts";
import type { LinearProgramSolver } from "../math/linear-program.ts";
import { groupsAmong } from "./active-sleeves.ts";
import { driftedWeights } from "./drifted-weights.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import { rollingCovariance } from "./estimators/rolling-covariance.ts";
import { WEIGHTING_METHODS } from "./methods/catalogue.ts";
import { effectiveNumber, riskShares } from "./plan-diagnostics.ts";
import type { WeightingPolicy } from "./policy.ts";
import { type SleevePlan, weighSleeves } from "./weigh-sleeves.ts";
import type { RegimePosterior } from "./weighting.ts";

export interface AllocationPolicy extends WeightingPolicy {
  /** Returns a method sees, counted back from the decision bar. */
  readonly lookbackBars: number;
  /** Bars between decisions. */
  readonly rebalanceBars: number;
  /** True: targets are multiplied by the scale or leverage of each plan. */
  readonly applyScale: boolean;
}

/** What plans are made of; all [T*N] unless said otherwise, NaN = missing. */
export interface AllocationInputs {
  readonly axes: Axes;
  /** NaN where a sleeve is not listed: it gets no decision then. */
  readonly listed: Floats;
  /** Simple returns per bar. */
  readonly returns: Floats;
  /** Signed conviction; 0 = out, NaN = no opinion (treated as 0). */
  readonly strength: Floats;
  /** [T*regimes], for `moe`. */
  readonly posterior?: RegimePosterior | null;
  /** For `cdar_min`. */
  readonly linearProgram?: LinearProgramSolver | null;
}

export interface AllocationPlan {
  readonly targets: TargetWeights;
  readonly record: AllocationRecord;
}

/** Sleeves beyond which nobody could read their shares of the risk, so that they are not computed. */
const RISK_SHARES_UP_TO = 100;

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
 * A decision without an answer and without a last plan to keep leaves the bar without a decision; a bar at which
 * nothing is wanted is a decision for cash.
 *
 * @param firstBar no decision before this bar; without it the first bar at which the method can see a whole
 *                 lookback window
 */
export function planAllocation(inputs: AllocationInputs, policy: AllocationPolicy, firstBar?: number): AllocationPlan {
  const { axes, listed } = inputs;
  const bars = axes.time.length;
  const assets = axes.assets.length;
  const values = new Float64Array(bars * assets).fill(Number.NaN);
  const rows: DecisionRow[] = [];
  let last: { readonly bar: number; readonly weights: Float64Array } | null = null;
  const decideAt = (t: number, covariance: CovarianceEstimate | null): void => {
    const participants = takingPart(inputs, t);
    if (participants.length === 0 && !isAnyListed(listed, t, assets)) return;
    const previous =
      last === null ? null : { bars: t - last.bar, weights: driftedWeights(last.weights, inputs.returns, last.bar, t) };
    const known = participants.length === assets ? covariance : null;
    const plan = participants.length === 0 ? CASH : planAt(inputs, policy, t, participants, previous, known);
    rows.push(decisionRow(t, participants, plan, assets));
    if (plan.weights === null) return;
    const weights = new Float64Array(assets);
    for (const [k, n] of participants.entries()) weights[n] = plan.weights[k]!;
    last = { bar: t, weights };
    const size = policy.applyScale ? plan.scale * plan.leverage : 1;
    for (let n = 0; n < assets; n++) {
      if (listed[t * assets + n] !== listed[t * assets + n]) continue;
      values[t * assets + n] = weights[n] === 0 ? 0 : weights[n]! * size * direction(inputs, policy, t * assets + n);
    }
  };
  decideAll(inputs, policy, firstBar, decideAt);
  return { targets: { axes, values }, record: recordOf(rows, assets) };
}

/** Every decision in order, with the covariance of all sleeves where its window has no gap: those share their sums. */
function decideAll(
  { axes, returns }: AllocationInputs,
  policy: AllocationPolicy,
  firstBar: number | undefined,
  decideAt: (t: number, covariance: CovarianceEstimate | null) => void,
): void {
  const assets = axes.assets.length;
  const lookback = policy.lookbackBars;
  const start = firstBar ?? (WEIGHTING_METHODS[policy.method].usesHistory ? lookback : 0);
  const decisionBars: number[] = [];
  for (let t = start; t < axes.time.length; t += policy.rebalanceBars) decisionBars.push(t);
  const wholeSince = barsWithoutGap(returns, assets);
  const asksCovariance = assets <= RISK_SHARES_UP_TO || USES_COVARIANCE.has(policy.method);
  const shared = asksCovariance ? decisionBars.filter((t) => wholeSince[t]! >= lookback) : [];
  let next = 0;
  const upTo = (bar: number): void => {
    for (; next < decisionBars.length && decisionBars[next]! < bar; next++) decideAt(decisionBars[next]!, null);
  };
  rollingCovariance(
    returns,
    assets,
    lookback,
    policy.covariance,
    policy.rebalanceBars,
    Int32Array.from(shared),
    (d, estimate) => {
      upTo(shared[d]!);
      decideAt(shared[d]!, estimate);
      next++;
    },
  );
  upTo(axes.time.length);
}

/** [T] rows in a row, this one included, in which every sleeve has a return. */
function barsWithoutGap(returns: Floats, assets: number): Int32Array {
  const bars = new Int32Array(returns.length / Math.max(1, assets));
  for (let t = 0; t < bars.length; t++) {
    let whole = true;
    for (let i = t * assets; i < (t + 1) * assets && whole; i++) whole = returns[i] === returns[i];
    bars[t] = whole ? (bars[t - 1] ?? 0) + 1 : 0;
  }
  return bars;
}

interface DecisionRow {
  readonly bar: number;
  readonly plan: SleevePlan;
  /** [N] shares of the plan's volatility; null where they are not computed. */
  readonly riskShares: Float64Array | null;
}

function decisionRow(bar: number, participants: readonly number[], plan: SleevePlan, assets: number): DecisionRow {
  if (plan.weights === null || participants.length > RISK_SHARES_UP_TO) return { bar, plan, riskShares: null };
  const shares = new Float64Array(assets).fill(Number.NaN);
  const own = riskShares(plan.weights, plan.covariance().matrix);
  for (const [k, n] of participants.entries()) shares[n] = own[k]!;
  return { bar, plan, riskShares: shares };
}

/** Nothing is wanted: no question to any method. */
const CASH: SleevePlan = {
  weights: new Float64Array(0),
  method: "cash",
  events: [],
  scale: 1,
  leverage: 1,
  turnover: Number.NaN,
  covariance: () => ({ matrix: new Float64Array(0), used: "diagonal", rows: 0, warning: null }),
};

function isAnyListed(listed: Floats, t: number, assets: number): boolean {
  for (let i = t * assets; i < (t + 1) * assets; i++) if (listed[i] === listed[i]) return true;
  return false;
}

/** What a weight is multiplied by: the strength, of which `signal` has used the size already. */
function direction({ strength }: AllocationInputs, policy: AllocationPolicy, cell: number): number {
  return policy.method === "signal" ? Math.sign(strength[cell]!) : strength[cell]!;
}

function takingPart({ axes, listed, strength }: AllocationInputs, t: number): number[] {
  const row = t * axes.assets.length;
  return axes.assets.flatMap((_, n) => {
    const conviction = strength[row + n]!;
    const priced = listed[row + n] === listed[row + n];
    return priced && conviction === conviction && conviction !== 0 ? [n] : [];
  });
}

function planAt(
  inputs: AllocationInputs,
  policy: AllocationPolicy,
  t: number,
  participants: readonly number[],
  previous: { readonly bars: number; readonly weights: Float64Array } | null,
  covariance: CovarianceEstimate | null,
): SleevePlan {
  const { axes, returns, strength } = inputs;
  const assets = axes.assets.length;
  const from = Math.max(0, t - policy.lookbackBars + 1);
  const bars = t - from + 1;
  const count = participants.length;
  const window = new Float64Array(bars * count);
  for (let i = 0; i < bars; i++)
    for (let k = 0; k < count; k++) window[i * count + k] = returns[(from + i) * assets + participants[k]!]!;
  const posterior = inputs.posterior ?? null;
  return weighSleeves(
    {
      window: { returns: window, bars, count },
      strength: Float64Array.from(participants, (n) => Math.abs(strength[t * assets + n]!)),
      posterior:
        posterior === null
          ? null
          : {
              regimes: posterior.regimes,
              values: posterior.values.subarray(from * posterior.regimes, (t + 1) * posterior.regimes),
            },
      trades: null,
      previous: previous === null ? null : Float64Array.from(participants, (n) => previous.weights[n]!),
      barsSincePrevious: previous?.bars ?? 0,
      linearProgram: inputs.linearProgram ?? null,
      covariance,
      names: participants.map((n) => axes.assets[n]!),
    },
    { ...policy, constraints: { ...policy.constraints, groups: groupsAmong(policy.constraints.groups, participants) } },
  );
}

function recordOf(rows: readonly DecisionRow[], assets: number): AllocationRecord {
  const shareRows = new Float64Array(rows.length * assets).fill(Number.NaN);
  for (const [d, row] of rows.entries()) if (row.riskShares !== null) shareRows.set(row.riskShares, d * assets);
  const figure = (of: (plan: SleevePlan) => number) => Float64Array.from(rows, ({ plan }) => of(plan));
  return {
    bars: Int32Array.from(rows, ({ bar }) => bar),
    decided: Uint8Array.from(rows, ({ plan }) => (plan.weights === null ? 0 : 1)),
    methods: rows.map(({ plan }) => plan.method),
    turnover: figure(({ turnover }) => turnover),
    effectiveNumber: figure(({ weights }) => (weights === null ? Number.NaN : effectiveNumber(weights))),
    scale: figure(({ scale }) => scale),
    leverage: figure(({ leverage }) => leverage),
    riskShares: shareRows,
    events: rows.flatMap(({ bar, plan }) => plan.events.map((event) => ({ bar, ...event }))),
  };
}
