/** How weights come about, as plain data: method, estimators, constraints. Defaults live in the config schemas. */
import type { CovarianceEstimator } from "./estimators/covariance.ts";
import type { VolatilityEstimator } from "./estimators/volatility.ts";
import type { AnyWeighting } from "./methods/catalogue.ts";
import type { GroupLimit } from "./projection.ts";

export const RISK_PARITY_MODES = ["inverse_vol", "erc"] as const;
export const MV_OBJECTIVES = ["min_var", "max_sharpe"] as const;
export const RETURN_SOURCES = ["sharpe", "sortino", "mean"] as const;
export const EDGE_SOURCES = ["mean_variance", "profit_factor"] as const;
export const HRP_LINKAGES = ["single", "ward", "average", "complete"] as const;
export const LEAF_ORDERS = ["dendrogram", "optimal"] as const;
export const BASE_METHODS = ["equal_weight", "inverse_volatility", "risk_parity", "hrp"] as const;
export const TIERS = ["standard", "critical"] as const;

/** Parameters of single methods; each method reads its own. Rates and targets are per bar. */
export interface MethodParameters {
  /** Rate without risk per bar, fraction. */
  readonly riskFree: number;
  /** What inverse_volatility divides by. */
  readonly volatility: VolatilityEstimator;
  readonly riskParity: { readonly mode: (typeof RISK_PARITY_MODES)[number] };
  readonly hrp: { readonly linkage: (typeof HRP_LINKAGES)[number]; readonly leafOrder: (typeof LEAF_ORDERS)[number] };
  readonly mv: {
    readonly objective: (typeof MV_OBJECTIVES)[number];
    /** mu_i = Sharpe_i * sigma_i, Sortino_i * sigma_i, or the mean shrunk towards the mean of all. */
    readonly expectedReturnSource: (typeof RETURN_SOURCES)[number];
    /** 0 = the sample means, 1 = the same mean for all; bayes_stein finds its own share. */
    readonly meanShrinkage: number | "bayes_stein";
  };
  readonly kelly: {
    /** k, the part of the full Kelly leverage that is taken. */
    readonly fraction: number;
    readonly edgeSource: (typeof EDGE_SOURCES)[number];
    readonly base: (typeof BASE_METHODS)[number];
    /** Drawdown at which adaptive Kelly stops betting, fraction. */
    readonly drawdownLimit: number;
  };
  readonly moe: {
    /** Of the softmax over conditional scores, > 0. */
    readonly temperature: number;
    /** Half-life of the posterior's smoothing; null = the posterior as it is. */
    readonly smoothingHalfLifeBars: number | null;
  };
  /** Tail of drawdowns that cdar_min minimises, fraction. */
  readonly cdarTail: number;
}

/** Infinity or null switches a limit off. */
export interface AllocationConstraints {
  readonly maxWeight: number;
  /** A weight is 0 or at least this. */
  readonly minWeight: number;
  /** Weights may go down to -maxWeight; methods that know no shorts stay above 0. */
  readonly allowShort: boolean;
  /** `assets` are positions among all sleeves. */
  readonly groups: readonly GroupLimit[];
  /** Most that sum |w - w_prev| may be. */
  readonly maxTurnover: number | null;
  /** Of the way from the previous plan to the new one. */
  readonly smoothingHalfLifeBars: number | null;
  /** Fewer left after the cuts: no new plan. */
  readonly minActive: number;
  readonly minHistoryBars: number;
  readonly minTrades: number;
  /** Deepest drawdown over the window, fraction. */
  readonly maxDrawdown: number;
  /** Expected shortfall of the worst 5% of returns, fraction per bar. */
  readonly maxExpectedShortfall: number;
  /** Cap of the scale and the leverage that are reported. */
  readonly maxLeverage: number;
}

export interface WeightingPolicy {
  readonly method: AnyWeighting;
  readonly covariance: CovarianceEstimator;
  readonly parameters: MethodParameters;
  readonly constraints: AllocationConstraints;
  /** Volatility per bar the reported scale aims at; null = no target. */
  readonly volatilityTarget: number | null;
  /** `critical`: a method that fails keeps the previous plan; `standard` tries the simpler methods first. */
  readonly tier: (typeof TIERS)[number];
}
