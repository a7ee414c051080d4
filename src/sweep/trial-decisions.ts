/** What some of a sweep's trials decide, once more: trials keep their equity alone, and a few of their decisions are
 *  sooner made anew than all of them kept. */
import { createPlanMemo } from "../allocation/plan-memo.ts";
import type { MovePlan } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { ExecutionPolicy } from "../execution/policy.ts";
import { marketReturns } from "../experiment/allocation-inputs.ts";
import { decideAmong, tradedTargets } from "../experiment/decide.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import { executionPolicy } from "../experiment/execution-policy.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import type { TrainingOptions } from "../experiment/train-models.ts";
import { loadLinearProgram } from "../math/linear-program.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import { multiplierOf } from "./shared-panels.ts";
import { shareStages } from "./shared-stages.ts";

export interface TrialDecisions {
  readonly config: ExperimentConfig;
  /** [T*N] NaN = hold. */
  readonly targets: Floats;
  readonly moves: MovePlan | null;
  readonly policy: ExecutionPolicy;
  /** Bar of the first decision. */
  readonly firstBar: number;
}

/**
 * @param trials that were run, each with its config
 * @param given their bars, or more
 * @returns by Trial.index
 * @throws InputError where scores, signal or weights of one cannot be made any more
 */
export async function decideTrials(
  trials: readonly PlannedTrial[],
  given: DecisionInputs,
  training: TrainingOptions,
): Promise<ReadonlyMap<number, TrialDecisions>> {
  const asksForOne = trials.some(({ config }) => config?.allocation?.method === "cdar_min");
  const inputs = { ...given, linearProgram: asksForOne ? await loadLinearProgram() : given.linearProgram };
  const { strengths, multipliers, faults } = await shareStages(trials, inputs, training);
  // that it ran before does not say that an extension still answers, on more bars say
  for (const fault of faults.values()) throw fault;
  const { market, periodsPerYear } = inputs;
  const memo = createPlanMemo(marketReturns(market));
  return new Map(
    trials.map(({ index, config, keys }): readonly [number, TrialDecisions] => {
      const ramps = multipliers.get(keys!.selection);
      const decisions = decideAmong(config!, inputs, {
        strength: strengths.get(keys!.signal) ?? null,
        multiplier: ramps === undefined ? null : multiplierOf(ramps),
        records: "nothing",
        memo,
      });
      const decided: TrialDecisions = {
        config: config!,
        targets: tradedTargets(decisions).values,
        moves: decisions.schedule?.moves ?? null,
        policy: executionPolicy(config!.portfolio, { assets: market.axes.assets, periodsPerYear }),
        firstBar: decisions.firstBar,
      };
      return [index, decided];
    }),
  );
}
