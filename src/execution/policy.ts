/** How decisions become trades. Every field is required: defaults live in the experiment schema alone. */
import { InputError } from "../core/errors.ts";

export const SIZINGS = ["post_cost", "pre_cost"] as const;
export const CASH_SHORTFALLS = ["pro_rata", "smallest_first"] as const;

export interface ExecutionPolicy {
  /** `post_cost` sizes on the value left after costs, so weights hold; `pre_cost` on the value before. */
  readonly sizing: (typeof SIZINGS)[number];
  /** What `pre_cost` does when buys exceed the cash: one common factor, or smallest first and the last cut. */
  readonly cashShortfall: (typeof CASH_SHORTFALLS)[number];
  readonly costs: CostModel;
  /** Currency, > 0. */
  readonly initialCash: number;
  /** Fraction of equity; a smaller drift of one asset from its target is not traded. Closing to zero always is. */
  readonly rebalanceThreshold: number;
  /**
   * Gross exposure after a trade, as a multiple of equity; Infinity = no cap.
   * Under `pre_cost` cash may fall to -(cap - 1) * equity when 1 < cap < Infinity, else to zero.
   */
  readonly maxLeverage: number;
  /** Bars without a price after which a position is closed at its last price. */
  readonly delistAfterBars: number;
  /** Fraction of the last price lost when that happens. */
  readonly delistHaircut: number;
}

export interface CostModel {
  /** Per side, of the fill notional. */
  readonly feeBps: number;
  /** Per side, of the raw notional: buys fill above the raw price, sells below it. */
  readonly slippageBps: number;
}

/** Fractions of notional, computed once per run. */
export interface CostRates {
  readonly fee: number;
  readonly slippage: number;
}

export function costRates(costs: CostModel): CostRates {
  return { fee: costs.feeBps / 1e4, slippage: costs.slippageBps / 1e4 };
}

/** @throws InputError naming the first number that is out of its range */
export function checkPolicy(policy: ExecutionPolicy): void {
  const rule = (where: string, got: number, holds: boolean, expected: string) => {
    if (!holds) throw InputError.of({ where, rule: expected, got });
  };
  const { costs } = policy;
  rule(
    "initial cash",
    policy.initialCash,
    policy.initialCash > 0 && policy.initialCash < Number.POSITIVE_INFINITY,
    "must be > 0 and finite",
  );
  rule("fee", costs.feeBps, costs.feeBps >= 0 && costs.feeBps < 1e4, "must be in [0, 10000) bps");
  rule("slippage", costs.slippageBps, costs.slippageBps >= 0 && costs.slippageBps < 1e4, "must be in [0, 10000) bps");
  rule("rebalance threshold", policy.rebalanceThreshold, policy.rebalanceThreshold >= 0, "must be >= 0");
  rule("max leverage", policy.maxLeverage, policy.maxLeverage > 0, "must be > 0");
  rule("delist after bars", policy.delistAfterBars, policy.delistAfterBars >= 1, "must be >= 1");
  rule(
    "delist haircut",
    policy.delistHaircut,
    policy.delistHaircut >= 0 && policy.delistHaircut <= 1,
    "must be in [0, 1]",
  );
}
