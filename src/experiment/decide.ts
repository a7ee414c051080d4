/** From who is wanted to target weights: the selector's states, then how much of each. */
import { planGivenWeights } from "../allocation/given-weights.ts";
import { planAllocation } from "../allocation/plan.ts";
import type { PlanMemo } from "../allocation/plan-memo.ts";
import type { AllocationPolicy } from "../allocation/plan-step.ts";
import type { AllocationRecord } from "../core/allocation-record.ts";
import type { TargetWeights } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { SelectionRecord } from "../core/selection-record.ts";
import { formatBarTime } from "../data/calendar.ts";
import { planRebalancing, type RebalancingPlan } from "../rebalancing/schedule.ts";
import { allocationInputs } from "./allocation-inputs.ts";
import { allocationPolicy } from "./allocation-policy.ts";
import { allocationWarnings } from "./allocation-warnings.ts";
import { type Candidates, candidatePlanes, findCandidates, selectAssets } from "./candidates.ts";
import type { DecisionInputs } from "./decision-inputs.ts";
import type { StagePlane } from "./look-ahead.ts";
import { rebalancingPolicy } from "./rebalancing-policy.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";
import { selectionWarnings } from "./selection-warnings.ts";

export interface Decisions {
  readonly selection: SelectionRecord | null;
  /** As decided. */
  readonly targets: TargetWeights;
  /** [T*N] 1 = the selector takes the asset out, which waits for nothing; null without one. */
  readonly immediate: Uint8Array | null;
  /** What is to be traded when; null = every decision at once. */
  readonly schedule: RebalancingPlan | null;
  /** null when no method was asked. */
  readonly allocation: AllocationRecord | null;
  readonly label: string;
  readonly firstBar: number;
  readonly warnings: readonly string[];
}

/** @param firstBar no decision before this bar; without it the first at which the method sees a whole lookback */
export function decide(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  candidates: Candidates,
  firstBar?: number,
): Decisions {
  const selection = selectAssets(candidates);
  const multiplier = selection?.multiplier ?? null;
  const decided = decideAmong(config, inputs, {
    strength: candidates.strength,
    multiplier,
    firstBar,
    records: "risk_shares",
  });
  const warnings = [...(selection === null ? [] : selectionWarnings(selection)), ...decided.warnings];
  return { ...decided, selection, warnings };
}

/** What decisions need beside the experiment and its data. */
export interface DecisionBasis {
  /** [T*N] null = the weights are of a file. */
  readonly strength: Floats | null;
  /** [T*N] the selector's; null without one. */
  readonly multiplier: Floats | null;
  /** No decision before it; without it the first at which the method sees a whole lookback. */
  readonly firstBar?: number | undefined;
  /** What the record is to say of plans. */
  readonly records: AllocationPolicy["records"];
  /** Of the same inputs, shared with other runs on them. */
  readonly memo?: PlanMemo | undefined;
}

/** Target weights and their schedule for given strengths and multipliers. */
export function decideAmong(
  config: ExperimentConfig,
  inputs: DecisionInputs,
  basis: DecisionBasis,
): Omit<Decisions, "selection"> {
  const { strength, multiplier } = basis;
  const weighed = strength === null ? followFile(config, inputs, multiplier) : weigh(config, inputs, strength, basis);
  const { axes, close } = inputs.market;
  const { rebalancing } = config;
  const policy = rebalancing === undefined ? null : rebalancingPolicy(rebalancing, axes.assets);
  const { targets, immediate } = weighed;
  const schedule =
    policy === null ? null : planRebalancing({ axes, targets: targets.values, immediate, listed: close }, policy);
  const warnings = [...weighed.warnings, ...debounceWarnings(config)];
  return { ...weighed, schedule, label: labelOf(config, weighed.label), warnings };
}

/** What is to be traded: the schedule's rows where there is one. */
export function tradedTargets({ targets, schedule }: Pick<Decisions, "targets" | "schedule">): TargetWeights {
  return schedule?.targets ?? targets;
}

/** "tsmom, hrp, selector": what of the strategy is not the plainest. */
function labelOf({ signal, asset_selector }: ExperimentConfig, weights: string): string {
  const isPlain = signal.kind === "long_only" || signal.kind === "weights";
  return [isPlain ? "" : signal.kind, weights, asset_selector?.enabled === true ? "selector" : ""]
    .filter((part) => part !== "")
    .join(", ");
}

/** Weights that are decided anew before a change of them could be confirmed never trade. */
function debounceWarnings({ signal, allocation, rebalancing }: ExperimentConfig): string[] {
  const every = (allocation ?? defaultAllocation()).rebalance_bars;
  if (rebalancing === undefined || signal.kind === "weights" || rebalancing.debounce_bars <= every) return [];
  return [
    `rebalancing.debounce_bars ${rebalancing.debounce_bars} is more than allocation.rebalance_bars ${every}: weights that change at every decision are never confirmed`,
  ];
}

type Weighed = Omit<Decisions, "selection" | "schedule">;

/** Every stage before execution, as the look-ahead proof compares them. */
export async function stagePlanes(config: ExperimentConfig, inputs: DecisionInputs): Promise<StagePlane[]> {
  const candidates = await findCandidates(config, inputs);
  const { selection, targets, schedule } = decide(config, inputs, candidates);
  const planes = candidatePlanes(candidates, selection);
  planes.push({ stage: "allocation", column: "target", values: targets.values });
  if (schedule === null) return planes;
  planes.push({ stage: "rebalancing", column: "target", values: schedule.targets.values });
  planes.push({ stage: "rebalancing", column: "fraction", values: schedule.moves.fraction });
  const { gate } = schedule.moves;
  if (gate !== null) planes.push({ stage: "rebalancing", column: "opening", values: gate.opening });
  return planes;
}

function followFile(
  { asset_selector }: ExperimentConfig,
  { market, fromFile }: DecisionInputs,
  multiplier: Floats | null,
): Weighed {
  const assets = market.axes.assets.length;
  const given = { given: fromFile!, listed: market.close, multiplier };
  const { targets, immediate } = planGivenWeights(given, assets, asset_selector?.redistribute ?? false);
  const decided = Math.floor(targets.findIndex((x) => !Number.isNaN(x)) / assets);
  return {
    targets: { axes: market.axes, values: targets },
    immediate,
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
  { multiplier, firstBar, records, memo }: DecisionBasis,
): Weighed {
  const { axes } = inputs.market;
  const block = config.allocation ?? defaultAllocation();
  const policy = { ...allocationPolicy(block, config, inputs), records };
  const plan = planAllocation(allocationInputs(inputs, strength, multiplier, memo), policy, firstBar);
  const { record, firstBar: first } = plan;
  const timeOf = formatBarTime(axes.time);
  const dateOf = (bar: number) => timeOf(axes.time[bar]!);
  return {
    targets: plan.targets,
    immediate: plan.immediate,
    allocation: record,
    label: block.method,
    firstBar: first ?? 0,
    warnings: [
      ...startWarnings(first, policy, axes.time.length, dateOf),
      ...allocationWarnings(record, policy, dateOf),
    ],
  };
}

function startWarnings(
  first: number | null,
  { lookbackBars }: AllocationPolicy,
  bars: number,
  dateOf: (bar: number) => string,
): string[] {
  if (first === null) {
    const why = lookbackBars >= bars ? `, as the lookback of ${lookbackBars} bars leaves none of the data's` : "";
    return [`no bar had a decision: the book stayed in cash throughout${why}`];
  }
  return first === 0 ? [] : [`first decision at ${dateOf(first)} (bar ${first}): the book is in cash until then`];
}
