/** Where stages meet: the shapes one stage hands to another. Stages import these and never each other. */

import type { AllocationRecord, ComparedMethod } from "./allocation-record.ts";
import type { DataQuality } from "./data-quality.ts";
import type { MetricInfo } from "./metric-info.ts";
import type { ModelRecord } from "./model-record.ts";
import type { Axes, Floats } from "./panel.ts";
import type { RebalancingRecord } from "./rebalancing-record.ts";
import type { SelectionRecord } from "./selection-record.ts";

/** Target weights decided at closes; row t may use rows <= t only. */
export interface TargetWeights {
  readonly axes: Axes;
  /** [T*N] fraction of equity; NaN = no decision for that asset, an all-NaN row = a bar without a decision. */
  readonly values: Floats;
}

/** How far the trades towards target weights go, where not all the way; causal, like the weights. */
export interface MovePlan {
  /** [T*N] fraction of the way from what is held to the target, 0..1; 0 = paused, NaN = 1. */
  readonly fraction: Floats;
  /** null = every decision is traded. */
  readonly gate: PlanGate | null;
}

export const DRIFT_MEASURES = ["max", "l1"] as const;

/** Opening of a decision that no gate may hold back. */
export const OUTSIDE_PLANS = 255;

/**
 * A rebalancing plan is weighed once, when the decision that opens it is traded: where the drift of its assets from
 * their targets is below the threshold, this decision and all later ones of these assets are dropped until a next
 * plan opens.
 */
export interface PlanGate {
  /** [T*N] 0 = no plan opens here; assets of one row with the same number open one plan together, and a decision at
   *  OUTSIDE_PLANS is traded whatever became of the asset's plan, which it ends. */
  readonly opening: Uint8Array;
  /** [T*N] 1 where a plan only looks again at targets that stand: that it is dropped is no event. null = nowhere. */
  readonly quiet?: Uint8Array | null;
  /** Largest |target - held weight| over the assets of the plan, or their sum. */
  readonly measure: (typeof DRIFT_MEASURES)[number];
  /** Fraction of equity; a plan goes on at this drift or more. */
  readonly threshold: number;
}

/** Why a fill happened. The index into this list is what `Fills.reason` stores. */
export const FILL_REASONS = [
  "target",
  "delisting",
  "ruin",
  "stop_loss",
  "take_profit",
  "trailing_stop",
  "atr_stop",
  "liquidation",
  "kill_switch",
] as const;
export type FillReason = (typeof FILL_REASONS)[number];

/** Every execution in order of time: of bar, then exits at the open, trades to targets, exits in the bar, each in order
 *  of asset. Parallel arrays of equal length. */
export interface Fills {
  readonly bar: Int32Array;
  readonly asset: Int32Array;
  /** Signed units, buys positive. */
  readonly quantity: Float64Array;
  /** Fill price, slippage included. */
  readonly price: Float64Array;
  /** Currency paid, >= 0. */
  readonly fee: Float64Array;
  /** Currency lost to slippage against the raw price, >= 0. */
  readonly slippage: Float64Array;
  /** Currency lost to the price the trade itself moved, >= 0. */
  readonly impact: Float64Array;
  /** Position in FILL_REASONS. */
  readonly reason: Uint8Array;
}

/** Something the account did that a reader must not miss. */
export interface AccountEvent {
  readonly kind:
    | "delisted"
    | "ruin"
    | "cash_shortfall"
    | "unaffordable"
    | "leverage_capped"
    | "participation_limited"
    | "unfilled_target"
    | "plan_dropped"
    | "liquidated"
    | "kill_switch"
    | "kill_switch_released";
  readonly bar: number;
  /** Position on the axes; -1 when it concerns the whole book. */
  readonly asset: number;
  /** Currency, units or factor, as the kind says in `detail`. */
  readonly value: number;
  readonly detail: string;
}

/** The honest account of one simulation: per-bar planes in currency unless said otherwise. */
export interface Account {
  readonly axes: Axes;
  /** [T] marked at the close; equity[0] is the initial cash. */
  readonly equity: Float64Array;
  readonly cash: Float64Array;
  /** [T] sum |units * mark| / equity at the close; 0 once ruined. */
  readonly grossExposure: Float64Array;
  /** [T] sum of fill notional / equity at the open before trading. */
  readonly turnover: Float64Array;
  readonly fees: Float64Array;
  readonly slippage: Float64Array;
  readonly impact: Float64Array;
  /** [T] paid by longs, received by shorts; negative when received. */
  readonly funding: Float64Array;
  /** [T] paid for borrowing what is held short, >= 0. */
  readonly borrow: Float64Array;
  /** [T] margin forfeited at liquidations beyond the price loss; negative where the price ran past the margin. */
  readonly liquidationLoss: Float64Array;
  /** [T] price gains of positions: previous mark -> open on old units, open -> mark on new ones. */
  readonly positionPnl: Float64Array;
  /** [T] what a lender had to forgive so that a ruined book stops at zero, >= 0. */
  readonly writeOff: Float64Array;
  /** [T*N] units * mark / equity at the close; 0 once ruined. */
  readonly heldWeights: Float64Array;
  /** [N] units after the last bar. */
  readonly finalUnits: Float64Array;
  readonly fills: Fills;
  readonly events: readonly AccountEvent[];
  /** First bar at which equity was <= 0; -1 when the book survived. */
  readonly ruinBar: number;
}

/** From what opened a position to what closed it; what that is exactly, metrics/trades says. */
export interface Trade {
  /** Position on the account's axes. */
  readonly asset: number;
  readonly side: "long" | "short";
  readonly entryBar: number;
  /** -1 while it is still held; it is then valued at the last close. */
  readonly exitBar: number;
  /** Of the fill that closed it; "open" while it is held. */
  readonly reason: FillReason | "open";
  /** Most that was held, > 0. */
  readonly units: number;
  /** Currency, mean over the units entered, slippage and impact included. */
  readonly entryPrice: number;
  /** The same of the units that left, what is still held counting at the last close. */
  readonly exitPrice: number;
  /** Currency put in: notional of every fill that opened or enlarged the position. */
  readonly invested: number;
  /** Currency, after fees, slippage and impact; before funding, borrowing and forfeited margin. */
  readonly profit: number;
  /** profit / invested, fraction. */
  readonly profitRate: number;
  /** Currency, >= 0; part of the profit. */
  readonly fees: number;
  /** From the entry to the exit, or to the last bar. */
  readonly barsHeld: number;
  /** Furthest the price went against the position, as a fraction of the entry price, <= 0. */
  readonly maxAdverse: number;
  /** Furthest it went in its favour, the same way, >= 0. */
  readonly maxFavourable: number;
}

/** Where a result came from; enough to make it again. */
export interface Provenance {
  readonly configHash: string;
  readonly dataHash: string;
  readonly codeVersion: string;
  readonly codeHash: string;
  readonly seed: number;
  readonly libraries: Readonly<Record<string, string>>;
  /** Files that extend the experiment, as they were found, with the hash of each and of what it imports; absent without. */
  readonly extensions?: readonly { readonly path: string; readonly hash: string }[];
}

/** All that a report shows of one run; plain data. */
export interface RunRecord {
  readonly name: string;
  /** The experiment's own sentence about itself; "" without one. */
  readonly description: string;
  readonly id: string;
  /** True when the prices are generated; every report says so. */
  readonly synthetic: boolean;
  readonly periodsPerYear: number;
  /** Annual rate, fraction, that the Sharpe ratios are measured over. */
  readonly riskFreeAnnual: number;
  readonly account: Account;
  /** Of the account, one a position from flat to flat, in order of exit; those still open last. */
  readonly trades: readonly Trade[];
  /** As decided, before any rebalancing schedule. */
  readonly targets: TargetWeights;
  /** null without a selector. */
  readonly selection: SelectionRecord | null;
  /** null without a schedule: decisions are then traded as they come. */
  readonly rebalancing: RebalancingRecord | null;
  /** null when the weights came from a file. */
  readonly allocation: AllocationRecord | null;
  /** null when no model was trained. */
  readonly models: ModelRecord | null;
  /** Other weighting methods on the same market; empty when none was asked for. */
  readonly comparison: readonly ComparedMethod[];
  /** How the strategy is named in legends ("inverse_volatility"). */
  readonly label: string;
  readonly benchmark: { readonly label: string; readonly account: Account } | null;
  /** Metric key -> value; keys and units in metrics/summary. NaN = undefined for this series. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics that no catalogue has; absent without any. */
  readonly ownMetrics?: readonly MetricInfo[];
  readonly benchmarkMetrics: Readonly<Record<string, number>> | null;
  /** Metric key -> 95% bootstrap interval, for the few headline figures that have one. */
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  readonly quality: DataQuality;
  readonly provenance: Provenance;
  readonly warnings: readonly string[];
  /** The resolved config as YAML text. */
  readonly config: string;
}
