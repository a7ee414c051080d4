/** One account that follows one config after another. Where the config changes, the whole book is traded, with costs, to
 *  what the new config's own account holds and wants at that close; from then on it trades that config's decisions under
 *  that config's rules. Cash and positions are the account's own throughout.
 *  What a config's later decisions take for granted comes with it: slices under way, plans that its gate dropped, its
 *  stops (the entries they count from, but not under margin, where entries are money, and what they forbid), and its
 *  guards: the losses they have seen, and a pause they began. */
import { type MovePlan, OUTSIDE_PLANS, type PlanGate, type TargetWeights } from "../core/contracts.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { type AccountState, initAccount } from "../execution/account-state.ts";
import type { ExecutionPolicy } from "../execution/policy.ts";
import { barInputs, createLedger, stepContext } from "../execution/reference.ts";
import { stepAccount } from "../execution/step.ts";
import type { BarInputs, Ledger, StepContext } from "../execution/step-context.ts";

/** What a config decides over all bars, and how it trades. */
export interface LegDecisions {
  /** [T*N] NaN = hold. */
  readonly targets: Floats;
  readonly moves: MovePlan | null;
  readonly policy: ExecutionPolicy;
}

/** A config and the bars it is traded on, from the open of `from` on. */
export interface Leg {
  readonly decisions: LegDecisions;
  readonly from: number;
  readonly to: number;
}

/** What the account takes over from the config's own. */
interface Handover {
  /** [N] weights it is about to hold, decided at the close before the leg. */
  readonly aim: Float64Array;
  /** The config's own account at that close, and at the next. */
  readonly before: AccountState;
  readonly after: AccountState;
}

interface Stepper {
  readonly inputs: BarInputs;
  readonly context: StepContext;
}

/**
 * @param legs at least one, in order, each beginning where the one before ends; neighbours differ in their decisions.
 *             Before the first the account is in cash
 * @returns the account's planes over all bars
 */
export function runLegs(market: Ohlcv, fundingRate: Floats | null, legs: readonly Leg[]): Ledger {
  const assets = market.axes.assets.length;
  const ledger = createLedger(market.axes);
  const taken = handovers(market, fundingRate, legs);
  const state = initAccount(legs[0]!.decisions.policy, assets);
  for (const [k, leg] of legs.entries()) {
    const { aim, before, after } = taken[k]!;
    const stepper = stepperOf(market, fundingRate, legRows(market, leg, aim), ledger);
    const step = (t: number) => stepAccount(state, t, stepper.inputs, stepper.context);
    if (k === 0) for (let t = 0; t < leg.from; t++) step(t);
    forgetOrders(state);
    takeGuards(state, before);
    takeEntries(state, before, leg.decisions.policy);
    step(leg.from);
    takeEntries(state, after, leg.decisions.policy);
    takeVerdicts(state, after);
    for (let t = leg.from + 1; t < leg.to; t++) step(t);
  }
  return ledger;
}

function stepperOf(
  market: Ohlcv,
  fundingRate: Floats | null,
  { targets, moves, policy }: LegDecisions,
  ledger: Ledger,
): Stepper {
  const weights: TargetWeights = { axes: market.axes, values: targets };
  return {
    inputs: barInputs(market, weights, policy, { fundingRate, moves }),
    context: stepContext(market, policy, ledger),
  };
}

/** The leg's decisions from the close before it on, the first of them for the whole book, its gates seen to already. */
function legRows(market: Ohlcv, { decisions, from, to }: Leg, aim: Float64Array): LegDecisions {
  const assets = market.axes.assets.length;
  const first = (from - 1) * assets;
  const end = (to - 1) * assets;
  const targets = new Float64Array(market.close.length).fill(Number.NaN);
  targets.set(decisions.targets.slice(first, end), first);
  targets.set(aim, first);
  if (decisions.moves === null) return { ...decisions, targets };
  const { moves } = decisions;
  const fraction = Float64Array.from(moves.fraction).fill(1, first, first + assets);
  return { ...decisions, targets, moves: { fraction, gate: moves.gate && ungated(moves.gate, first, assets) } };
}

function ungated(gate: PlanGate, first: number, assets: number): PlanGate {
  return { ...gate, opening: gate.opening.slice().fill(OUTSIDE_PLANS, first, first + assets) };
}

/** What each leg takes over, from its config's own account run beside the others. */
function handovers(market: Ohlcv, fundingRate: Floats | null, legs: readonly Leg[]): readonly Handover[] {
  const taken = new Map<Leg, Handover>();
  for (const [decisions, own] of Map.groupBy(legs, (leg) => leg.decisions)) {
    const ledger = createLedger(market.axes);
    const { inputs, context } = stepperOf(market, fundingRate, decisions, ledger);
    const state = initAccount(decisions.policy, market.axes.assets.length);
    let t = 0;
    for (const leg of own) {
      for (; t < leg.from; t++) stepAccount(state, t, inputs, context);
      const aim = aimAt(state, leg.from - 1, inputs, ledger);
      const before = structuredClone(state);
      stepAccount(state, t++, inputs, context);
      taken.set(leg, { aim, before, after: structuredClone(state) });
    }
  }
  return legs.map((leg) => taken.get(leg)!);
}

/** [N] weights after the decisions of the close of `bar`: what is held, moved as far as they or older ones still at work
 *  say, those left out that a stop forbids or a gate drops at the weights of that close. */
function aimAt(state: AccountState, bar: number, { targets, moves }: BarInputs, { heldWeights }: Ledger): Float64Array {
  const { pending, fraction, stoppedSign } = state;
  const assets = pending.length;
  const row = bar * assets;
  const held = heldWeights.subarray(row, row + assets);
  const decided = Float64Array.from(targets.subarray(row, row + assets), (target, n) => {
    const forbidden = stoppedSign[n] !== 0 && Math.sign(target) === stoppedSign[n];
    return forbidden ? Number.NaN : target;
  });
  return decided.map((target, n) => {
    const counts = target === target;
    if (counts && isDropped(n, decided, held, state, row, moves?.gate)) return held[n]!;
    const wanted = counts ? target : pending[n]!;
    if (wanted !== wanted) return held[n]!;
    const move = counts ? (moves?.fraction[row + n] ?? 1) : fraction[n]!;
    return move === move && move < 1 ? held[n]! + move * (wanted - held[n]!) : wanted;
  });
}

/** Whether the decision for an asset belongs to a plan that was dropped, or is about to be. */
function isDropped(
  n: number,
  decided: Float64Array,
  held: Float64Array,
  { planDropped }: AccountState,
  row: number,
  gate: PlanGate | null | undefined,
): boolean {
  const plan = gate?.opening[row + n] ?? OUTSIDE_PLANS;
  if (!gate || plan === OUTSIDE_PLANS) return false;
  if (plan === 0) return planDropped[n] === 1;
  const drifts = decided.map((target, m) => (gate.opening[row + m] === plan ? Math.abs(target - held[m]!) : 0));
  const present = drifts.filter((drift) => drift === drift);
  const drift = gate.measure === "max" ? Math.max(...present) : present.reduce((sum, value) => sum + value, 0);
  return !(drift >= gate.threshold);
}

/** The decisions of the config before are void, and with them what its stops and gates said. */
function forgetOrders({ pending, fraction, working, slicing, planDropped, stoppedSign }: AccountState): void {
  pending.fill(Number.NaN);
  fraction.fill(1);
  working.fill(0);
  slicing.fill(0);
  planDropped.fill(0);
  stoppedSign.fill(0);
}

/** Losses in proportion to what either account is worth. */
function takeGuards(state: AccountState, own: AccountState): void {
  const scale = own.equity > 0 ? state.equity / own.equity : 1;
  state.guardStart = scale * own.guardStart;
  state.guardPeak = scale * own.guardPeak;
  state.flatBarsLeft = own.flatBarsLeft;
}

/** Where both hold the asset on one side, stops count from where the config's own account entered. */
function takeEntries(state: AccountState, own: AccountState, { margin }: ExecutionPolicy): void {
  if (margin !== null) return;
  for (const [n, units] of own.units.entries()) {
    if (units === 0 || Math.sign(units) !== Math.sign(state.units[n]!)) continue;
    state.entryPrice[n] = own.entryPrice[n]!;
    state.bestPrice[n] = own.bestPrice[n]!;
    state.atrDistance[n] = own.atrDistance[n]!;
  }
}

/** What a stop forbids concerns nobody who still holds the asset. */
function takeVerdicts(state: AccountState, { slicing, planDropped, stoppedSign }: AccountState): void {
  state.slicing.set(slicing);
  state.planDropped.set(planDropped);
  for (const [n, sign] of stoppedSign.entries()) if (state.units[n] === 0) state.stoppedSign[n] = sign;
}
