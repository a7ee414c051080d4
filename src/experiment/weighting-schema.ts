/** The keys of a weighting policy that experiments (`allocation`) and plans (`strategy_weighting`) share. */
import { z } from "zod";
import {
  BASE_METHODS,
  EDGE_SOURCES,
  HRP_LINKAGES,
  LEAF_ORDERS,
  MV_OBJECTIVES,
  RETURN_SOURCES,
  RISK_PARITY_MODES,
  TIERS,
} from "../allocation/policy.ts";

const COVARIANCE_NAMES = ["sample", "ewma", "shrinkage", "ledoit_wolf", "oas", "diagonal"] as const;

const fraction = z.number().min(0).max(1);
export const distinct = (names: readonly string[]) => new Set(names).size === names.length;
const halfLife = z.number().min(0.1).max(10_000);

/** `sample`, or `{kind: ewma, half_life: 30}`; half-lives in the unit of the lookback. */
const covarianceEstimator = z
  .union(
    [
      z.enum(COVARIANCE_NAMES),
      z.strictObject({ kind: z.literal("ewma"), half_life: halfLife }),
      z.strictObject({ kind: z.literal("ewma"), lambda: z.number().min(0.01).max(0.9999) }),
    ],
    {
      error: `must be one of ${COVARIANCE_NAMES.join(", ")}, or {kind: ewma, half_life: 30} (0.1 to 10000) or {kind: ewma, lambda: 0.94} (0.01 to 0.9999)`,
    },
  )
  .describe(
    "sample, ewma (half-life 30, or {kind: ewma, half_life | lambda}), shrinkage (Ledoit-Wolf), oas, diagonal.",
  );

const VOLATILITY_NAMES = ["sample", "ewma", "downside"] as const;

/** What inverse_volatility divides by; half-lives in the unit of the lookback. */
const volatilityEstimator = z
  .union([z.enum(VOLATILITY_NAMES), z.strictObject({ kind: z.literal("ewma"), half_life: halfLife })], {
    error: `must be one of ${VOLATILITY_NAMES.join(", ")}, or {kind: ewma, half_life: 30} (0.1 to 10000)`,
  })
  .default("sample")
  .describe("What inverse_volatility divides by: sample, ewma (half-life 30, or as given) or downside deviation.");

const ownEstimator = covarianceEstimator.optional().describe("Outranks the block's cov_estimator for this method.");

const mv = z.strictObject({
  objective: z.enum(MV_OBJECTIVES).default("min_var").describe("What constrained_mv optimises."),
  expected_return_source: z
    .enum(RETURN_SOURCES)
    .default("mean")
    .describe("mu_i: the mean, or Sharpe or Sortino ratio times the estimated deviation."),
  mean_shrinkage: z
    .union([fraction, z.literal("bayes_stein")], { error: "must be a number in [0, 1], or bayes_stein" })
    .default(0)
    .describe("Part of the way from the means to their common mean; bayes_stein finds its own (Jorion 1986)."),
  cov_estimator: ownEstimator,
});

const riskParity = z.strictObject({
  mode: z
    .enum(RISK_PARITY_MODES)
    .default("erc")
    .describe("Equal risk contributions, or inverse volatility, which leaves correlations out."),
  vol_target: z
    .number()
    .positive()
    .optional()
    .describe("Annual volatility the reported scale aims at; weights themselves are not scaled."),
  cov_estimator: ownEstimator,
});

const hrp = z.strictObject({
  linkage: z.enum(HRP_LINKAGES).default("single").describe("How clusters are joined."),
  leaf_order: z
    .enum(LEAF_ORDERS)
    .default("dendrogram")
    .describe("Leaves as the dendrogram has them, or in optimal order, as skfolio does."),
  cov_estimator: ownEstimator,
});

const kelly = z.strictObject({
  fraction: fraction.default(0.5).describe("k: part of the full Kelly leverage that is reported."),
  edge_source: z
    .enum(EDGE_SOURCES)
    .default("mean_variance")
    .describe("A sleeve's edge: mean over variance, or from win rate and profit factor."),
  base: z
    .enum(BASE_METHODS)
    .default("inverse_volatility")
    .describe("Method whose weights are multiplied by the edges."),
  drawdown_limit: fraction
    .gt(0)
    .default(0.3)
    .describe("adaptive_kelly: drawdown of the book at which the leverage is 0."),
});

const cdar = z.strictObject({
  tail: z.number().gt(0).lt(1).default(0.05).describe("Worst part of the drawdowns whose mean cdar_min minimises."),
});

/** Keys of a weighting block beside its method, constraints and whatever is counted in its own bars. */
export const methodKeys = {
  cov_estimator: covarianceEstimator.default("sample"),
  vol_estimator: volatilityEstimator,
  mv: mv.prefault({}),
  risk_parity: riskParity.prefault({}),
  hrp: hrp.prefault({}),
  kelly: kelly.prefault({}),
  cdar: cdar.prefault({}),
};

/** Weight limits that mean the same whatever the bars are. */
export const weightLimits = {
  max_weight: z.number().gt(0).max(1).default(1).describe("Largest weight. Weights sum to min(1, n * max_weight)."),
  min_weight: fraction.default(0).describe("A weight is 0 or at least this."),
  allow_short: z.boolean().default(false).describe("Optimisers may go down to -max_weight."),
  groups: z
    .record(
      z.string(),
      z.strictObject({
        members: z.array(z.string()).min(1).refine(distinct, "must name each member once"),
        min: fraction.default(0),
        max: fraction.default(1),
      }),
    )
    .optional()
    .describe("Limits of the summed weight of named groups."),
  max_turnover: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("Most that the weights may change in all, sum |w - w_prev|; null = no cap."),
  min_active_strategies: z.int().min(1).default(1).describe("Fewer sleeves left after the cuts: the plan is kept."),
  max_dd: z.number().gt(0).max(1).optional().describe("Sleeves with a deeper drawdown in the window get 0."),
  max_var_es: z
    .number()
    .positive()
    .optional()
    .describe("Sleeves whose mean loss on the worst 5% of bars is larger get 0."),
  max_leverage: z.number().positive().default(1).describe("Cap of the scale and the leverage that are reported."),
};

export const tier = z
  .enum(TIERS)
  .default("standard")
  .describe("When the method fails: `standard` tries sharpe_proportional, then equal; `critical` keeps the last plan.");

/** Limits that contradict each other: path below the constraints, rule, value. */
export function weightLimitFaults(
  limits: z.output<z.ZodObject<typeof weightLimits>>,
): readonly (readonly [path: readonly string[], rule: string, got: number])[] {
  const { min_weight, max_weight, allow_short, groups = {} } = limits;
  const faults: (readonly [readonly string[], string, number])[] = [];
  if (min_weight > max_weight) faults.push([["min_weight"], `is above max_weight ${max_weight}`, min_weight]);
  if (min_weight > 0 && allow_short)
    faults.push([["min_weight"], "has no meaning with allow_short: a weight is 0 or at least this", min_weight]);
  for (const [name, { min, max }] of Object.entries(groups))
    if (min > max) faults.push([["groups", name, "min"], `is above the group's max ${max}`, min]);
  return faults;
}
