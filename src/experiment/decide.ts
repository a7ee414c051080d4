/** From what is known to target weights, stage by stage: who is wanted, and how much of each. */
import { planGivenWeights } from "../allocation/given-weights.ts";
import { planAllocation } from "../allocation/plan.ts";
import type { AllocationPolicy } from "../allocation/plan-step.ts";
import type { AllocationRecord, TargetWeights } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import { formatBarTime } from "../data/calendar.ts";
import { longOnly } from "../signal/long-only.ts";
import { allocationInputs } from "./allocation-inputs.ts";
import { allocationPolicy } from "./allocation-policy.ts";
import { allocationWarnings } from "./allocation-warnings.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import type { StagePlane } from "./look-ahead.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

export interface Decisions {
  readonly targets: TargetWeights;
  /** null when no method was asked. */
  readonly allocation: AllocationRecord | null;
  readonly label: string;
  readonly firstBar: number;
  readonly warnings: readonly string[];
}

/** @param firstBar no decision before this bar; without it the first at which the method sees a whole lookback */
export function decide(config: ExperimentConfig, inputs: DecisionInputs, firstBar?: number): Decisions {
  return config.signal.kind === "weights"
    ? followFile(inputs)
    : weigh(config, inputs, longOnly(inputs.market), firstBar);
}

/** Every stage before execution, as the look-ahead proof compares them. */
export function stagePlanes(config: ExperimentConfig, inputs: DecisionInputs): StagePlane[] {
  const { targets } = decide(config, inputs);
  return [{ stage: "allocation", column: "target", values: targets.values }];
}

function followFile({ market, fromFile }: DecisionInputs): Decisions {
  const assets = market.axes.assets.length;
  const { targets } = planGivenWeights({ given: fromFile!, listed: market.close, multiplier: null }, assets, false);
  const decided = Math.floor(targets.findIndex((x) => !Number.isNaN(x)) / assets);
  return {
    targets: { axes: market.axes, values: targets },
    allocation: null,
    label: "weights file",
    firstBar: Math.max(0, decided),
    warnings: [],
  };
}

function weigh(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  strength: Floats,
  firstBar: number | undefined,
): Decisions {
  const { axes } = inputs.market;
  const block = config.allocation ?? defaultAllocation();
  const policy = allocationPolicy(block, config, axes.assets, inputs.periodsPerYear);
  const { targets, record } = planAllocation(allocationInputs(inputs, strength), policy, firstBar);
  const first = record.bars[record.decided.indexOf(1)];
  const timeOf = formatBarTime(axes.time);
  const warnings = [
    ...startWarnings(first, policy, axes.time.length, (bar) => timeOf(axes.time[bar]!)),
    ...allocationWarnings(record, policy, (bar) => timeOf(axes.time[bar]!)),
  ];
  return { targets, allocation: record, label: policy.method, firstBar: first ?? 0, warnings };
}

function startWarnings(
  first: number | undefined,
  { lookbackBars }: AllocationPolicy,
  bars: number,
  timeOf: (bar: number) => string,
): string[] {
  if (first === undefined) {
    const why = lookbackBars >= bars ? `, as the lookback of ${lookbackBars} bars leaves none of the data's` : "";
    return [`no bar had a decision: the book stayed in cash throughout${why}`];
  }
  if (first === 0) return [];
  return [`first decision at ${timeOf(first)} (bar ${first}): the book is in cash until then`];
}
