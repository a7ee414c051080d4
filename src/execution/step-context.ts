/** What a bar's step reads and writes beside the state it carries. */
import type { Account, AccountEvent, MovePlan } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { CostSchedule } from "./cost-schedule.ts";
import type { FillLog } from "./fill-log.ts";
import type { ExecutionPolicy } from "./policy.ts";

/** Panels of a run beside prices and targets. */
export interface ExecutionPanels {
  /** [T*N] funding paid by longs at the close, fraction of notional; NaN = none. Without it: no funding at all. */
  readonly fundingRate?: Floats | null | undefined;
  /** Without it every decision goes all the way. */
  readonly moves?: MovePlan | null | undefined;
}

/** What one bar needs beside the state. */
export interface BarInputs {
  /** [T*N] */
  readonly open: Floats;
  /** [T*N] */
  readonly high: Floats;
  /** [T*N] */
  readonly low: Floats;
  /** [T*N] */
  readonly close: Floats;
  /** [T*N] where trades are filled: `open` or `close`, the same array. */
  readonly fill: Floats;
  /** [T*N] NaN = no decision */
  readonly targets: Floats;
  /** [T*N] funding paid by longs at the close, fraction of notional; NaN = none. null = no funding at all. */
  readonly fundingRate: Floats | null;
  readonly moves: MovePlan | null;
}

/** The account's planes while they are written. */
export type Ledger = Omit<Account, "fills" | "events" | "finalUnits" | "ruinBar"> & {
  readonly events: AccountEvent[];
  ruinBar: number;
};

/** Everything a step uses but does not carry over. */
export interface StepContext {
  /** With the leverage cap that margin implies. */
  readonly policy: ExecutionPolicy;
  /** [T*N] average true range, quote currency; null = no ATR stop. */
  readonly atr: Floats | null;
  readonly schedule: CostSchedule;
  readonly ledger: Ledger;
  readonly fills: FillLog;
  readonly scratch: RebalanceScratch;
}

/** One bar's trading, reused by every bar of a run; entry k of each plane speaks of the k-th asset traded. */
export interface RebalanceScratch {
  /** Position on the axes. */
  readonly asset: Int32Array;
  readonly weights: Float64Array;
  /** Raw value held before the trade, currency. */
  readonly held: Float64Array;
  /** Raw value at which the target would be met, currency. */
  readonly goal: Float64Array;
  /** Part of the way there that is to be traded, 0..1. */
  readonly fraction: Float64Array;
  /** Raw notional to trade, signed currency. */
  readonly trade: Float64Array;
  readonly fee: Float64Array;
  readonly slippage: Float64Array;
  /** See LiquidityPanels; 0 = no impact, Infinity = no limit. */
  readonly impactScale: Float64Array;
  readonly limit: Float64Array;
  readonly order: Int32Array;
}

export function createScratch(assets: number): RebalanceScratch {
  return {
    asset: new Int32Array(assets),
    weights: new Float64Array(assets),
    held: new Float64Array(assets),
    goal: new Float64Array(assets),
    fraction: new Float64Array(assets),
    trade: new Float64Array(assets),
    fee: new Float64Array(assets),
    slippage: new Float64Array(assets),
    impactScale: new Float64Array(assets),
    limit: new Float64Array(assets),
    order: new Int32Array(assets),
  };
}

/** What the bar's trades cost and moved; currency. */
export interface TradeTotals {
  fees: number;
  slippage: number;
  impact: number;
  notional: number;
  /** See Account.liquidationLoss. */
  liquidationLoss: number;
}
