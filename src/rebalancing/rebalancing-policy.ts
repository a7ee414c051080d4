/** When decisions are traded, as plain data. Defaults live in the experiment schema alone. */
import type { PlanGate } from "../core/contracts.ts";
import { InputError } from "../core/errors.ts";

export const TRIGGERS = ["calendar", "threshold", "hybrid"] as const;
export const CALENDAR_PERIODS = ["week", "month"] as const;

export interface RebalancingPolicy {
  /**
   * `calendar` opens plans for what was decided, on the bars of `interval`; `threshold` weighs the standing targets
   * against what is held at every bar; `hybrid` does so on the bars of `interval`.
   */
  readonly trigger: (typeof TRIGGERS)[number];
  /** Bars between openings, counted from the first decision, or the end of every week or month. */
  readonly interval: number | (typeof CALENDAR_PERIODS)[number];
  /** What plans are weighed by as they open; null under `calendar`, and only there. */
  readonly gate: Pick<PlanGate, "measure" | "threshold"> | null;
  /** Closes for which a change must hold, the one it is seen at included; 1 = it is taken as it comes. */
  readonly debounceBars: number;
  /** Parts of the way that the slices of a plan go, each > 0, in all 1; [1] = at once. */
  readonly split: readonly number[];
  /** Names of the groups; empty = every change concerns the whole book. */
  readonly groups: readonly string[];
  /** [N] position in `groups` of every asset; all 0 without groups. */
  readonly groupOf: Int32Array;
}

/** Plans of one bar are told apart by a byte. */
export const MOST_GROUPS = 250;
/** How far the parts of a split may be from 1 in all. */
export const SPLIT_ROUNDING = 1e-6;

/** @throws InputError for a policy no plan could be made by */
export function checkRebalancing(policy: RebalancingPolicy, assets: number): void {
  const { trigger, interval, gate, debounceBars, split, groups, groupOf } = policy;
  const refuse = (where: string, rule: string, got?: string | number) => {
    throw InputError.of({ where: `rebalancing ${where}`, rule, got });
  };
  if (typeof interval === "number" && !(Number.isInteger(interval) && interval >= 1))
    refuse("interval", "must be a whole number of bars, at least 1", interval);
  if ((gate === null) !== (trigger === "calendar"))
    refuse("gate", "is for the triggers threshold and hybrid, and needed there", trigger);
  if (gate !== null && !(gate.threshold >= 0)) refuse("threshold", "must be >= 0", gate.threshold);
  if (!(Number.isInteger(debounceBars) && debounceBars >= 1))
    refuse("debounce", "must be a whole number of closes, at least 1", debounceBars);
  const whole = split.reduce((sum, part) => sum + part, 0);
  if (!split.every((part) => part > 0)) refuse("split", "every part must be above 0", split.join(", "));
  if (!(Math.abs(whole - 1) <= SPLIT_ROUNDING)) refuse("split", "must sum to 1", whole);
  if (groups.length > MOST_GROUPS) refuse("groups", `must be at most ${MOST_GROUPS}`, groups.length);
  if (groupOf.length !== assets) refuse("groups", `must place each of ${assets} assets`, groupOf.length);
  const last = Math.max(0, groups.length - 1);
  const astray = groupOf.find((group) => group < 0 || group > last);
  if (astray !== undefined) refuse("groups", `positions must be 0 to ${last}`, astray);
}
