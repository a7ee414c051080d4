/** What a bar's step reads and writes beside the state it carries. */
import type { Account, AccountEvent } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import type { FillLog } from "./fill-log.ts";
import type { CostRates, ExecutionPolicy } from "./policy.ts";

/** What one bar needs beside the state. */
export interface BarInputs {
  /** [T*N] */
  readonly open: Floats;
  /** [T*N] */
  readonly close: Floats;
  /** [T*N] NaN = no decision */
  readonly targets: Floats;
}

/** The account's planes while they are written. */
export type Ledger = Omit<Account, "fills" | "events" | "finalUnits" | "ruinBar"> & {
  readonly events: AccountEvent[];
  ruinBar: number;
};

/** Everything a step uses but does not carry over. */
export interface StepContext {
  readonly policy: ExecutionPolicy;
  readonly rates: CostRates;
  readonly ledger: Ledger;
  readonly fills: FillLog;
  readonly scratch: RebalanceScratch;
}

/** Scratch reused by every bar of one run. */
export interface RebalanceScratch {
  readonly asset: Int32Array;
  readonly weights: Float64Array;
  readonly held: Float64Array;
  readonly trade: Float64Array;
  readonly order: Int32Array;
}

export function createScratch(assets: number): RebalanceScratch {
  return {
    asset: new Int32Array(assets),
    weights: new Float64Array(assets),
    held: new Float64Array(assets),
    trade: new Float64Array(assets),
    order: new Int32Array(assets),
  };
}

/** What the bar's trades cost and moved; currency. */
export interface TradeTotals {
  fees: number;
  slippage: number;
  notional: number;
}
