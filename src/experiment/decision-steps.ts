/** The stages before execution one bar at a time: the same steps that a whole run loops over, their states in one plain
 *  object. Panels that need no memory (features, scores, strengths) are computed beforehand over the bars there are. */
import { stepGivenWeights } from "../allocation/given-weights.ts";
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
import type { Axes, Floats } from "../core/panel.ts";
import type { SelectionEvent } from "../core/selection-record.ts";
import { initSelector } from "../selection/selector-state.ts";
import { stepSelector } from "../selection/asset-selector.ts";
import type { SelectorState } from "../selection/selector-state.ts";
import { allocationInputs } from "./allocation-inputs.ts";
import { allocationPolicy } from "./allocation-policy.ts";
import type { Candidates, Selector } from "./candidates.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";
