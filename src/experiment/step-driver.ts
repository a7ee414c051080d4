/** An experiment bar by bar: to go on after a restart, or to stand at any close and look. Each step trades what the close
 *  before decided and decides anew, by the very steps a whole run loops over, so both give the same bits. */
import type { AccountEvent, Fills, MovePlan, PlanGate } from "../core/contracts.ts";
import { type AccountState, initAccount } from "../execution/account-state.ts";
import { createFillLog } from "../execution/fill-log.ts";
import { barInputs, createLedger, stepContext } from "../execution/reference.ts";
import { stepAccount } from "../execution/step.ts";
import type { BarInputs, StepContext } from "../execution/step-context.ts";
import { findCandidates } from "./candidates.ts";
import { type DecisionInputs, loadDecisionInputs } from "./decision-inputs.ts";
import {
  type BarDecisions,
  type DecisionStages,
  type DecisionState,
  decisionStages,
  initDecisions,
  stepDecisions,
} from "./decision-steps.ts";
import { checkPanels, executionPolicy } from "./execution-policy.ts";
import type { Extensions } from "./extensions.ts";
import { openMarket } from "./open-market.ts";
import { resolvedConfig } from "./resolved-config.ts";
import type { ExperimentConfig } from "./schema.ts";
import { readSnapshot, type SnapshotOwner, snapshotText } from "./snapshot.ts";

/** An experiment ready to be stepped: prices, panels, policies. */
export interface SteppedRun {
  readonly owner: SnapshotOwner;
  readonly stages: DecisionStages;
  readonly account: { readonly inputs: BarInputs; readonly context: StepContext };
}

/** Where a stepped run stands; plain data. */
export interface DriverState {
  /** Last bar done; -1 = none yet. */
  bar: number;
  readonly decisions: DecisionState;
  readonly account: AccountState;
  /** The rows of the last close, which the next bar trades. */
  readonly pending: PendingRows;
}

interface PendingRows {
  /** [N] as in TargetWeights, MovePlan and PlanGate. */
  readonly targets: Float64Array;
  readonly fraction: Float64Array;
  readonly opening: Uint8Array;
  readonly quiet: Uint8Array;
}

/** One bar done. */
export interface BarReport extends BarDecisions {
  readonly bar: number;
  /** UTC ms. */
  readonly time: number;
  readonly equity: number;
  readonly cash: number;
  /** [N] weights held at the close. */
  readonly held: Float64Array;
  /** [N] decided at the close for the next bar; NaN = nothing. */
  readonly targets: Float64Array;
  readonly fills: Fills;
  readonly events: readonly AccountEvent[];
}

/**
 * @param config as loadConfig gives it
 * @param file   the experiment file: paths in the config are looked for beside it
 * @throws InputError for anything wrong with the data or files the config names
 */
export async function openSteppedRun(config: ExperimentConfig, file: string): Promise<SteppedRun> {
  const market = await openMarket(config, file);
  checkPanels(config.portfolio, market.ohlcv);
  const inputs = await loadDecisionInputs(config, market, file);
  return prepareSteppedRun(config, inputs, resolvedConfig(config, market.periodsPerYear, file));
}

/** @param resolved what snapshots are compared by */
export async function prepareSteppedRun(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  resolved: unknown,
): Promise<SteppedRun> {
  const { market, periodsPerYear, fundingRate } = inputs;
  const policy = executionPolicy(config.portfolio, { assets: market.axes.assets, periodsPerYear });
  const stages = decisionStages(config, inputs, await findCandidates(config, inputs));
  const targets = { axes: market.axes, values: stages.schedule?.rows.targets ?? stages.decided.targets };
  return {
    owner: { config: withHashes(resolved, inputs.extensions.files), market },
    stages,
    account: {
      inputs: barInputs(market, targets, policy, { fundingRate, moves: movesOf(stages) }),
      context: stepContext(market, policy, createLedger(market.axes)),
    },
  };
}

/** The config with the hash of each file that extends it: a snapshot goes on only with the functions it was made by. */
function withHashes(resolved: unknown, files: Extensions["files"]): unknown {
  if (files.length === 0) return resolved;
  return { ...(resolved as object), extensions: Object.fromEntries(files.map(({ path, hash }) => [path, hash])) };
}

function movesOf({ schedule }: DecisionStages): MovePlan | null {
  if (schedule === null) return null;
  const { rows, policy } = schedule;
  const gate: PlanGate | null = rows.gate === null ? null : { ...policy.gate!, ...rows.gate };
  return { fraction: rows.fraction, gate };
}

export function initDriver({ stages, account }: SteppedRun): DriverState {
  const { assets } = stages;
  return {
    bar: -1,
    decisions: initDecisions(stages),
    account: initAccount(account.context.policy, assets),
    pending: {
      targets: new Float64Array(assets).fill(Number.NaN),
      fraction: new Float64Array(assets).fill(1),
      opening: new Uint8Array(assets),
      quiet: new Uint8Array(assets),
    },
  };
}

/** @returns what the next bar brought; null where the data end */
export function stepDriver(state: DriverState, run: SteppedRun): BarReport | null {
  const { time } = run.owner.market.axes;
  const t = state.bar + 1;
  if (t >= time.length) return null;
  const { assets } = run.stages;
  const { inputs } = run.account;
  const whole = run.account.context;
  const context = { ...whole, fills: createFillLog(), ledger: { ...whole.ledger, events: [] as AccountEvent[] } };
  writePending(state, inputs, assets);
  stepAccount(state.account, t, inputs, context);
  const decisions = stepDecisions(state.decisions, t, run.stages);
  readPending(state, t, inputs, assets);
  state.bar = t;
  return {
    ...decisions,
    bar: t,
    time: time[t]!,
    equity: state.account.equity,
    cash: state.account.cash,
    held: context.ledger.heldWeights.slice(t * assets, (t + 1) * assets),
    targets: state.pending.targets.slice(),
    fills: context.fills.finish(),
    events: context.ledger.events,
  };
}

/** The last close's rows where the account looks for them: a state that was loaded has them in no plane yet. */
function writePending({ bar, pending }: DriverState, { targets, moves }: BarInputs, assets: number): void {
  if (bar < 0) return;
  const row = bar * assets;
  (targets as Float64Array).set(pending.targets, row);
  if (moves === null) return;
  (moves.fraction as Float64Array).set(pending.fraction, row);
  moves.gate?.opening.set(pending.opening, row);
  moves.gate?.quiet?.set(pending.quiet, row);
}

function readPending({ pending }: DriverState, t: number, { targets, moves }: BarInputs, assets: number): void {
  for (let n = 0; n < assets; n++) {
    const cell = t * assets + n;
    pending.targets[n] = targets[cell]!;
    pending.fraction[n] = moves?.fraction[cell] ?? 1;
    pending.opening[n] = moves?.gate?.opening[cell] ?? 0;
    pending.quiet[n] = moves?.gate?.quiet?.[cell] ?? 0;
  }
}

/** @returns the state as text that loadDriver takes */
export function saveDriver(state: DriverState, { owner }: SteppedRun): string {
  return snapshotText(owner, state.bar, state);
}

/**
 * @param where names the snapshot in faults: a file, say
 * @throws InputError for a snapshot of another experiment, version or past, the difference named
 */
export function loadDriver(text: string, where: string, { owner }: SteppedRun): DriverState {
  return readSnapshot(text, where, owner).state as DriverState;
}
