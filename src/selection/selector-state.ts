/** What the selector carries from one bar to the next; plain data, so a run can stop and go on anywhere. */
import { NOT_LISTED } from "../core/selection-record.ts";
import { checkTransitions, type TransitionPolicy } from "./selector-policy.ts";

export interface SelectorState {
  /** [N] position in SELECTOR_STATES; NOT_LISTED before the first close. */
  readonly state: Uint8Array;
  /** [N] step of the ramp. */
  readonly k: Uint8Array;
  /** [N] bars in a row with a score below the lower threshold or above the upper one, see takesPart. */
  readonly count: Int32Array;
  /** [N] bars since the cooldown began. */
  readonly cooldown: Int32Array;
  /** [N] `count` when the asset was last kept by min_active_assets: the next bar of that stretch has one more. */
  readonly heldCount: Int32Array;
  allExcluded: boolean;
  belowMinActive: boolean;
}

/** @throws RangeError for a policy that breaks its rules */
export function initSelector(policy: TransitionPolicy, assets: number): SelectorState {
  checkTransitions(policy);
  return {
    state: new Uint8Array(assets).fill(NOT_LISTED),
    k: new Uint8Array(assets),
    count: new Int32Array(assets),
    cooldown: new Int32Array(assets),
    heldCount: new Int32Array(assets),
    allExcluded: false,
    belowMinActive: false,
  };
}
