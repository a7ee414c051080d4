/** One bar of an allocation: whether it decides, over whom, and what then stands. Reads rows <= t and never sees
 *  holdings. */
import type { Axes, Floats } from "../core/panel.ts";
import type { LinearProgramSolver } from "../math/linear-program.ts";
import { aimAt } from "./bar-aim.ts";
import { driftedWeights } from "./drifted-weights.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import { usesStrength, weightingMethod } from "./methods/catalogue.ts";
import {
  type DecisionPlanes,
  initStanding,
  noteMultipliers,
  type StandingTargets,
  writeTargets,
} from "./multipliers.ts";
import type { PlanMemo } from "./plan-memo.ts";
import type { WeightingPolicy } from "./policy.ts";
import { type LastPlan, type SleevePlan, stepTowards } from "./weigh-sleeves.ts";
import type { RegimePosterior } from "./weighting.ts";

export interface AllocationPolicy extends WeightingPolicy {
  /** Returns a method sees, counted back from the decision bar. */
  readonly lookbackBars: number;
  /** Bars between decisions. */
  readonly rebalanceBars: number;
  /** True: targets are multiplied by the scale or leverage of each plan. */
  readonly applyScale: boolean;
  /** True: what a multiplier takes from one asset goes to the others. */
  readonly redistribute: boolean;
  /** What is kept of plans beside their targets. Risk shares, who the planned risk came from, are an estimate a decision
   *  more for methods without one; without plans nobody measures how much of the last one was turned over. */
  readonly records: "risk_shares" | "plans" | "nothing";
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
  /** 0..1, the selector's; null = all 1. */
  readonly multiplier?: Floats | null;
  /** [T*regimes], for `moe`. */
  readonly posterior?: RegimePosterior | null;
  /** For `cdar_min`. */
  readonly linearProgram?: LinearProgramSolver | null;
  /** Of this market, shared with other runs over it; `planAllocation` opens it for its policy. */
  readonly memo?: PlanMemo | null;
}

/** What an allocation carries from bar to bar; plain data. */
export interface AllocationState {
  /** Of the last plan; weight 0 where an asset took no part. */
  readonly standing: StandingTargets;
  /** Bar of the last plan; -1 = none yet. */
  lastBar: number;
}

/** What was decided at one bar. */
export interface Decision {
  /** Positions among all assets, ascending. */
  readonly participants: readonly number[];
  /** Of the participants. */
  readonly plan: SleevePlan;
}

export function initAllocation(assets: number): AllocationState {
  return { standing: initStanding(assets), lastBar: -1 };
}

/** First bar at which the method can see a whole lookback window. */
export function firstDecisionBar(policy: AllocationPolicy): number {
  return weightingMethod(policy.method).usesHistory ? policy.lookbackBars : 0;
}

/** Whether the calendar has a decision at bar t. */
function isDecisionBar(t: number, firstBar: number, policy: AllocationPolicy): boolean {
  return t >= firstBar && (t - firstBar) % policy.rebalanceBars === 0;
}

/**
 * Decides at bar t where the calendar says so, or where the selector has somebody come or go.
 *
 * @param firstBar   no decision before it
 * @param covariance of all sleeves at bar t where that is known; asked at most once, and only on the calendar's bars
 * @param out        row t is written where there is a decision
 * @returns null where no method was asked
 */
export function stepAllocation(
  state: AllocationState,
  t: number,
  inputs: AllocationInputs,
  policy: AllocationPolicy,
  firstBar: number,
  covariance: () => CovarianceEstimate | null,
  out: DecisionPlanes,
): Decision | null {
  const { listed, strength } = inputs;
  const assets = inputs.axes.assets.length;
  const multiplier = inputs.multiplier ?? null;
  const { standing } = state;
  const isWanted = (cell: number) => strength[cell] === strength[cell] && strength[cell] !== 0;
  const change = noteMultipliers(standing, t, listed, multiplier, isWanted, out);
  const due = isDecisionBar(t, firstBar, policy);
  const begun = state.lastBar >= 0;
  if (!due && !(begun && change.comesOrGoes)) {
    if (begun && change.any) writeTargets(standing, t, listed, multiplier, policy.redistribute, "changed", out);
    return null;
  }
  const participants = takingPart(inputs, t);
  if (participants.length === 0 && !hasOpinion(inputs, t)) return null;
  const known = due && participants.length === assets ? covariance() : null;
  const plan = participants.length === 0 ? CASH : planAt(state, inputs, policy, t, participants, known);
  if (plan.weights !== null) {
    adopt(state, t, plan, participants, inputs, policy);
    writeTargets(standing, t, listed, multiplier, policy.redistribute, "all", out);
  } else if (begun && change.any) writeTargets(standing, t, listed, multiplier, policy.redistribute, "changed", out);
  return { participants, plan };
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

/** Whether the signal says anything at all of what is listed, be it 0. */
function hasOpinion({ axes, listed, strength }: AllocationInputs, t: number): boolean {
  const assets = axes.assets.length;
  for (let i = t * assets; i < (t + 1) * assets; i++)
    if (listed[i] === listed[i] && strength[i] === strength[i]) return true;
  return false;
}

/** Ascending. */
function takingPart(inputs: AllocationInputs, t: number): number[] {
  const assets = inputs.axes.assets.length;
  const participants: number[] = [];
  for (let n = 0; n < assets; n++) if (takesPart(inputs, t * assets + n)) participants.push(n);
  return participants;
}

/** Whether every asset takes part in a decision at bar t. */
export function takesAllPart(inputs: AllocationInputs, t: number): boolean {
  const assets = inputs.axes.assets.length;
  for (let i = t * assets; i < (t + 1) * assets; i++) if (!takesPart(inputs, i)) return false;
  return true;
}

function takesPart({ listed, strength, multiplier }: AllocationInputs, cell: number): boolean {
  if (multiplier !== undefined && multiplier !== null && !(multiplier[cell]! > 0)) return false;
  const conviction = strength[cell]!;
  return listed[cell] === listed[cell] && conviction === conviction && conviction !== 0;
}

function adopt(
  state: AllocationState,
  t: number,
  plan: SleevePlan,
  participants: readonly number[],
  { axes, strength }: AllocationInputs,
  policy: AllocationPolicy,
): void {
  const { weight, direction } = state.standing;
  const row = t * axes.assets.length;
  const size = policy.applyScale ? plan.scale * plan.leverage : 1;
  weight.fill(0);
  for (let k = 0; k < participants.length; k++) {
    const n = participants[k]!;
    weight[n] = plan.weights![k]!;
    direction[n] = size * directionOf(strength[row + n]!, policy);
  }
  state.lastBar = t;
}

/** What a weight is multiplied by: the strength, but its sign where the method has used the size already. */
function directionOf(strength: number, { method }: AllocationPolicy): number {
  return usesStrength(method) ? Math.sign(strength) : strength;
}

function planAt(
  state: AllocationState,
  inputs: AllocationInputs,
  policy: AllocationPolicy,
  t: number,
  participants: readonly number[],
  covariance: CovarianceEstimate | null,
): SleevePlan {
  const aim = aimAt(inputs, policy, t, participants, covariance);
  const { maxTurnover, smoothingHalfLifeBars } = policy.constraints;
  const isStepFree = maxTurnover === null && smoothingHalfLifeBars === null && aim.weights !== null;
  if (state.lastBar < 0 || (isStepFree && policy.records === "nothing")) return stepTowards(aim, NO_LAST_PLAN, policy);
  const previous = driftedWeights(state.standing.weight, inputs.returns, state.lastBar, t);
  for (let k = 0; k < participants.length; k++) previous[k] = previous[participants[k]!]!;
  return stepTowards(aim, { previous, barsSincePrevious: t - state.lastBar }, policy);
}

const NO_LAST_PLAN: LastPlan = { previous: null, barsSincePrevious: 0 };
