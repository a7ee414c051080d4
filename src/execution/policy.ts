/** How decisions become trades. Every field is required: defaults live in the experiment schema alone. */
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
  /** Exits that rest in the market and are checked against high and low; null = none. */
  readonly stops: StopRules | null;
  /** Isolated margin behind every position; null = the whole book stands behind each. */
  readonly margin: MarginRules | null;
  /** What takes the whole book out of the market; null = nothing does. */
  readonly guards: GuardRules | null;
}

/** Infinity switches a rule off. All close a position, none opens one. */
export interface StopRules {
  /** Loss against the average entry price, fraction. */
  readonly stopLoss: number;
  /** Gain against the average entry price, fraction. */
  readonly takeProfit: number;
  /** Fall from the best price since the entry, fraction; up to the previous bar. */
  readonly trailing: number;
  /** Distance from the average entry price in ATRs, as known when the entry was decided. */
  readonly atrMultiple: number;
  /** Bars for ATR, the mean true range. */
  readonly atrBars: number;
}

/** One net position an asset (one-way), with its own margin; a liquidation costs that margin and no more. */
export interface MarginRules {
  /** Margin posted at entry as a fraction of the notional, in (0, 1]; gross exposure is capped at its inverse. */
  readonly initialRate: number;
  /** A position is liquidated when margin and price gain together are this fraction of its notional, or less. */
  readonly maintenanceRate: number;
}

/** Measured at closes; the book is sold at the next price. Infinity switches a limit off. */
export interface GuardRules {
  /** Loss since the start, or since the book came back, fraction (system_stop_loss). */
  readonly lossLimit: number;
  /** Drawdown from the highest close since then, fraction (kill switch). */
  readonly drawdownLimit: number;
  /** Bars during which no decision is taken; Infinity = for good. */
  readonly flatBars: number;
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

/** The policy's cap on gross exposure, or the margin's where that is lower. */
export function leverageCap({ maxLeverage, margin }: ExecutionPolicy): number {
  return margin === null ? maxLeverage : Math.min(maxLeverage, 1 / margin.initialRate);
}
