/** The stages before execution one bar at a time: the same steps that a whole run loops over, their states in one plain
 *  object. Panels that need no memory (features, scores, strengths) are made beforehand over the bars there are. */
import { type GivenInputs, stepGivenWeights } from "../allocation/given-weights.ts";
import { type DecisionPlanes, decisionPlanes, initStanding, type StandingTargets } from "../allocation/multipliers.ts";
import { covarianceAt } from "../allocation/plan.ts";
import {
  type AllocationInputs,
  type AllocationPolicy,
  type AllocationState,
  firstDecisionBar,
  initAllocation,
  stepAllocation,
} from "../allocation/plan-step.ts";
import type { RebalancingEvent } from "../core/rebalancing-record.ts";
import type { SelectionEvent } from "../core/selection-record.ts";
import type { RebalancingRows } from "../rebalancing/plans.ts";
import type { RebalancingPolicy } from "../rebalancing/rebalancing-policy.ts";
import { initRebalancing, type RebalancingState } from "../rebalancing/rebalancing-state.ts";
import { type RebalancingInputs, rebalancingRows, stepRebalancing } from "../rebalancing/schedule.ts";
import { stepSelector } from "../selection/asset-selector.ts";
import { initSelector, type SelectorState } from "../selection/selector-state.ts";
import { allocationInputs } from "./allocation-inputs.ts";
import { allocationPolicy } from "./allocation-policy.ts";
import type { Candidates, Selector } from "./candidates.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import { rebalancingPolicy } from "./rebalancing-policy.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

/** Everything the steps read and write beside their state. */
export interface DecisionStages {
  readonly assets: number;
  readonly selector: Selector | null;
  /** [T*N] k of the selector and the multipliers it makes; null without one. */
  readonly ramp: { readonly k: Uint8Array; readonly multiplier: Float64Array } | null;
  /** How weights come about: by a method, or from a file. */
  readonly weighing:
    | {
        readonly kind: "method";
        readonly inputs: AllocationInputs;
        readonly policy: AllocationPolicy;
        readonly firstBar: number;
      }
    | { readonly kind: "given"; readonly inputs: GivenInputs; readonly redistribute: boolean };
  readonly decided: DecisionPlanes;
  readonly schedule: {
    readonly inputs: RebalancingInputs;
    readonly policy: RebalancingPolicy;
    readonly rows: RebalancingRows;
  } | null;
}

/** What the stages carry from bar to bar; plain data. */
export interface DecisionState {
  readonly selector: SelectorState | null;
  readonly weighing: AllocationState | StandingTargets;
  readonly schedule: RebalancingState | null;
}

/** What one bar brought, beside its rows. */
export interface BarDecisions {
  /** Method that answered, where one was asked. */
  readonly method: string | null;
  readonly selection: readonly SelectionEvent[];
  readonly rebalancing: readonly RebalancingEvent[];
}

/** @throws InputError for a block that does not fit the data */
export function decisionStages(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  { strength, selector }: Candidates,
): DecisionStages {
  const { axes, close } = inputs.market;
  const assets = axes.assets.length;
  const ramp =
    selector === null ? null : { k: new Uint8Array(close.length), multiplier: new Float64Array(close.length) };
  const multiplier = ramp?.multiplier ?? null;
  const decided = decisionPlanes(close.length, multiplier);
  const policy = allocationPolicy(config.allocation ?? defaultAllocation(), config, inputs);
  const { rebalancing } = config;
  const schedule = rebalancing === undefined ? null : rebalancingPolicy(rebalancing, axes.assets);
  return {
    assets,
    selector,
    ramp,
    weighing:
      strength === null
        ? {
            kind: "given",
            inputs: { given: inputs.fromFile!, listed: close, multiplier },
            redistribute: policy.redistribute,
          }
        : {
            kind: "method",
            inputs: allocationInputs(inputs, strength, multiplier),
            policy,
            firstBar: firstDecisionBar(policy),
          },
    decided,
    schedule:
      schedule === null
        ? null
        : {
            inputs: { axes, targets: decided.targets, immediate: decided.immediate, listed: close },
            policy: schedule,
            rows: rebalancingRows(axes, schedule),
          },
  };
}

export function initDecisions({ assets, selector, weighing, schedule }: DecisionStages): DecisionState {
  return {
    selector: selector === null ? null : initSelector(selector.policy, assets),
    weighing: weighing.kind === "method" ? initAllocation(assets) : initStanding(assets),
    schedule: schedule === null ? null : initRebalancing(schedule.policy, assets),
  };
}

/** Decides at the close of bar t; row t of the stages' planes is written. */
export function stepDecisions(state: DecisionState, t: number, stages: DecisionStages): BarDecisions {
  const selection: SelectionEvent[] = [];
  const rebalancing: RebalancingEvent[] = [];
  const { assets, selector, ramp, weighing, decided, schedule } = stages;
  if (selector !== null && ramp !== null && state.selector !== null) {
    const planes = { k: ramp.k, state: null };
    stepSelector(state.selector, t, selector.panels, selector.policy, planes, selection);
    for (let i = t * assets; i < (t + 1) * assets; i++) ramp.multiplier[i] = ramp.k[i]! / selector.policy.rampSteps;
  }
  const method = stepWeighing(state.weighing, t, weighing, decided);
  if (schedule !== null && state.schedule !== null)
    stepRebalancing(state.schedule, t, schedule.inputs, schedule.policy, schedule.rows, (event) =>
      rebalancing.push(event),
    );
  return { method, selection, rebalancing };
}

function stepWeighing(
  state: DecisionState["weighing"],
  t: number,
  weighing: DecisionStages["weighing"],
  out: DecisionPlanes,
): string | null {
  if (weighing.kind === "given") {
    stepGivenWeights(state as StandingTargets, t, weighing.inputs, weighing.redistribute, out);
    return null;
  }
  const { inputs, policy, firstBar } = weighing;
  const covariance = () => covarianceAt(inputs, policy, t);
  return stepAllocation(state as AllocationState, t, inputs, policy, firstBar, covariance, out)?.plan.method ?? null;
}
