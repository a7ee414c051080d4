/** How decisions become trades. Every field is required: defaults live in the experiment schema alone. */
import { InputError } from "../core/errors.ts";

export const SIZINGS = ["post_cost", "pre_cost"] as const;
export const CASH_SHORTFALLS = ["pro_rata", "smallest_first"] as const;
export const EXECUTION_MODES = ["orders", "signals"] as const;
export const OPPOSITE_ENTRIES = ["reverse", "close", "ignore"] as const;
export const PRICE_TYPES = ["next_open", "next_close"] as const;
export const VOLUME_UNITS = ["units", "currency"] as const;

export interface ExecutionPolicy {
  /** `orders` trades towards every decision; `signals` only enters, exits and turns round, and holds in between. */
  readonly executionMode: (typeof EXECUTION_MODES)[number];
  /** What `signals` does with a target of the other sign: take it, only close, or hold what there is. */
  readonly uponOppositeEntry: (typeof OPPOSITE_ENTRIES)[number];
  /** Where the decision of a close is filled: at the open of the next bar, or at its close. */
  readonly priceType: (typeof PRICE_TYPES)[number];
  /** `post_cost` sizes on the value left after costs, so weights hold; `pre_cost` on the value before. */
  readonly sizing: (typeof SIZINGS)[number];
  /** What `pre_cost` does when buys exceed the cash: one common factor, or smallest first and the last cut. */
  readonly cashShortfall: (typeof CASH_SHORTFALLS)[number];
  readonly costs: CostModel;
  /** Currency, > 0. */
  readonly initialCash: number;
  /**
   * Fraction of equity; a smaller drift of one asset from its target is not traded. Closing to zero always is, and
   * so is every trade of `signals`.
   */
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
  /** Per side, of the fill notional; one number for all assets, or [N] one each. */
  readonly feeBps: number | readonly number[];
  /** Per side, of the raw notional: buys fill above the raw price, sells below it; as feeBps. */
  readonly slippageBps: number | readonly number[];
  /** Currency charged at least for every fill, >= 0. */
  readonly minFee: number;
  /** Fraction of short notional paid at every close, >= 0: the annual rate over the periods of a year. */
  readonly borrowPerBar: number;
  /** null = trading moves no price and knows no limit. */
  readonly liquidity: LiquidityModel | null;
}

/** Market impact and how much of a market one may be; measured on trailing bars up to the decision. */
export interface LiquidityModel {
  /** k of the square-root law k * sigma * sqrt(traded / ADV); 0 = no impact. */
  readonly impactCoefficient: number;
  /** Most that is traded in a bar, as a fraction of ADV; Infinity = no limit. The rest stays pending. */
  readonly participationCap: number;
  /** Bars for sigma, the standard deviation of returns per bar. */
  readonly volatilityBars: number;
  /** Bars for ADV, the mean traded value per bar. */
  readonly advBars: number;
  /** What the volume column counts; currency is used as it is, units are valued at the close. */
  readonly volumeUnit: (typeof VOLUME_UNITS)[number];
}

/** @throws InputError naming the first number that is out of its range */
export function checkPolicy(policy: ExecutionPolicy, assets: number): void {
  const rule = (where: string, got: number, holds: boolean, expected: string) => {
    if (!holds) throw InputError.of({ where, rule: expected, got });
  };
  const perSide = (where: string, bps: number | readonly number[]) => {
    if (typeof bps !== "number")
      rule(where, bps.length, bps.length === assets, `must have one number for each of the ${assets} assets`);
    for (const each of typeof bps === "number" ? [bps] : bps)
      rule(where, each, each >= 0 && each < 1e4, "must be in [0, 10000) bps");
  };
  const { costs } = policy;
  const positive = policy.initialCash > 0 && policy.initialCash < Number.POSITIVE_INFINITY;
  rule("initial cash", policy.initialCash, positive, "must be > 0 and finite");
  perSide("fee", costs.feeBps);
  perSide("slippage", costs.slippageBps);
  rule(
    "minimum fee",
    costs.minFee,
    costs.minFee >= 0 && costs.minFee < Number.POSITIVE_INFINITY,
    "must be >= 0 and finite",
  );
  rule(
    "borrow rate per bar",
    costs.borrowPerBar,
    costs.borrowPerBar >= 0 && costs.borrowPerBar < 1,
    "must be in [0, 1)",
  );
  rule("rebalance threshold", policy.rebalanceThreshold, policy.rebalanceThreshold >= 0, "must be >= 0");
  rule("max leverage", policy.maxLeverage, policy.maxLeverage > 0, "must be > 0");
  rule(
    "delist after bars",
    policy.delistAfterBars,
    policy.delistAfterBars >= 1 && Number.isInteger(policy.delistAfterBars),
    "must be a whole number >= 1",
  );
  rule(
    "delist haircut",
    policy.delistHaircut,
    policy.delistHaircut >= 0 && policy.delistHaircut <= 1,
    "must be in [0, 1]",
  );
  const { liquidity } = costs;
  if (liquidity === null) return;
  rule("impact coefficient", liquidity.impactCoefficient, liquidity.impactCoefficient >= 0, "must be >= 0");
  rule("participation cap", liquidity.participationCap, liquidity.participationCap > 0, "must be > 0");
  rule(
    "volatility bars",
    liquidity.volatilityBars,
    liquidity.volatilityBars >= 2 && Number.isInteger(liquidity.volatilityBars),
    "must be a whole number >= 2",
  );
  rule(
    "ADV bars",
    liquidity.advBars,
    liquidity.advBars >= 1 && Number.isInteger(liquidity.advBars),
    "must be a whole number >= 1",
  );
}
