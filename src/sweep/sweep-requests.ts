/** What is asked of a sweep once its trials are done: to choose among them walk-forward, to look at the holdout with one. */
import { InputError, nearestName } from "../core/errors.ts";
import type { HoldoutRecord } from "../core/holdout-record.ts";
import { fail, type Result } from "../core/result.ts";
import type { WalkForwardRecord } from "../core/walk-forward-record.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { type HoldoutContext, lookAtHoldout } from "./holdout-look.ts";
import type { SweepPlan } from "./plan-sweep.ts";
import type { TrialOutcome } from "./run-trials.ts";
import { trialId } from "./stage-keys.ts";
import { type ForwardContext, walkForwardOptimisation, windowPolicy } from "./walk-forward-optimisation.ts";

export interface HoldoutRequest {
  /** Trial.id; the best by the ranking without it. */
  readonly trial?: string | undefined;
  /** File in which looks are counted. */
  readonly store: string;
}

/**
 * @param bars that the trials have
 * @throws InputError for what can be seen to be impossible before anything has run
 */
export function checkRequests(
  { trials }: SweepPlan,
  config: ExperimentConfig,
  bars: number,
  holdout: HoldoutRequest | undefined,
): void {
  const walkForward = config.sweep!.walk_forward;
  if (walkForward !== undefined) {
    const { trainBars, testBars } = windowPolicy(walkForward);
    // A first bar has no return.
    if (bars - 1 < trainBars + testBars)
      throw InputError.of({
        where: "sweep.walk_forward",
        rule: `a window takes ${trainBars} training and ${testBars} test bars, and the trials have ${bars}, the first without a return`,
      });
  }
  const ids = trials.flatMap(({ keys }) => (keys === null ? [] : [trialId(keys)]));
  const wanted = holdout?.trial;
  if (wanted !== undefined && !ids.includes(wanted))
    throw InputError.of({
      where: "--holdout",
      rule: "must be the id of a trial, as leaderboard.csv has it",
      got: wanted,
      suggestion: nearestName(wanted, ids),
    });
}

/** Of what wants all trials, in a sweep that was stopped; null where it was not asked for. */
export function skipped(asked: unknown): Result<never> | null {
  return asked === undefined ? null : fail("the sweep was stopped before all trials were done");
}

/** @returns null where none was asked for */
export async function forwardOf(
  { trials }: SweepPlan,
  outcomes: ReadonlyMap<number, TrialOutcome>,
  ground: ForwardContext,
): Promise<Result<WalkForwardRecord> | null> {
  if (ground.config.sweep!.walk_forward === undefined) return null;
  const done = trials.filter(({ index }) => outcomes.has(index));
  const trialsDone = done.map((planned) => ({ planned, equity: outcomes.get(planned.index)!.equity }));
  return attempted(walkForwardOptimisation(trialsDone, ground));
}

/** @returns null where nobody asked to look */
export async function lookOf(
  { trials }: SweepPlan,
  ranking: readonly number[],
  outcomes: ReadonlyMap<number, TrialOutcome>,
  asked: HoldoutRequest | undefined,
  context: Omit<HoldoutContext, "store">,
): Promise<Result<HoldoutRecord> | null> {
  if (asked === undefined) return null;
  const isWanted = (index: number) => asked.trial === undefined || trialId(trials[index]!.keys) === asked.trial;
  const at = ranking.findIndex(isWanted);
  if (at < 0) return fail(asked.trial === undefined ? "no trial is done" : `trial ${asked.trial} has no result`);
  const planned = trials[ranking[at]!]!;
  const chosen = { planned, rank: at + 1, equity: outcomes.get(planned.index)!.equity };
  return attempted(lookAtHoldout(chosen, { ...context, store: asked.store }));
}

/** An extension that fails where its trial did not ends this, not the sweep, whose trials are done. */
async function attempted<T>(work: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InputError) return fail(error.message);
    throw error;
  }
}
