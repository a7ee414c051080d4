/** The weighting keys of a config as the policy the allocation stage runs. Rates and targets become per bar. */
import type { CovarianceEstimator } from "../allocation/estimators/covariance.ts";
import type { VolatilityEstimator } from "../allocation/estimators/volatility.ts";
import {
  type AnyWeighting,
  WEIGHTING_METHOD_NAMES,
  type WeightingMethodName,
} from "../allocation/methods/catalogue.ts";
import type { WeightingPolicy } from "../allocation/policy.ts";
import type { GroupLimit } from "../allocation/projection.ts";
import { boundWeighting } from "../allocation/weighting-extension.ts";
import { InputError, nearestName } from "../core/errors.ts";
import { extensionParameters } from "./extension-schema.ts";
import type { Extensions } from "./extensions.ts";
import type { ExperimentConfig } from "./schema.ts";

type AllocationBlock = NonNullable<ExperimentConfig["allocation"]>;
type EstimatorKey = AllocationBlock["cov_estimator"];

/** The keys that every weighting block has, whatever its bars are. */
export type WeightingBlock = Pick<
  AllocationBlock,
  | "method"
  | "cov_estimator"
  | "vol_estimator"
  | "mv"
  | "risk_parity"
  | "hrp"
  | "kelly"
  | "cdar"
  | "constraints"
  | "tier"
>;

/** What is per bar or belongs to one kind of block. */
export interface WeightingFacts {
  readonly names: readonly string[];
  readonly periodsPerYear: number;
  readonly riskFreeAnnual: number;
  readonly minHistoryBars: number;
  readonly minTrades: number;
  readonly smoothingHalfLifeBars: number | null;
  readonly temperature: number;
  readonly posteriorHalfLifeBars: number | null;
  /** Whose methods can be named as well. */
  readonly extensions: Pick<Extensions, "weightings" | "hash">;
  /** Config path of the block, for faults. */
  readonly where: string;
}

const DEFAULT_HALF_LIFE = 30;

/** @throws InputError for a group whose member is not among the sleeves */
export function weightingPolicy(block: WeightingBlock, facts: WeightingFacts): WeightingPolicy {
  const { constraints, mv, risk_parity, hrp, kelly } = block;
  const perBar = Math.sqrt(facts.periodsPerYear);
  return {
    method: methodOf(block, facts),
    covariance: estimator(methodEstimator(block) ?? block.cov_estimator),
    parameters: {
      riskFree: (1 + facts.riskFreeAnnual) ** (1 / facts.periodsPerYear) - 1,
      volatility: volatility(block.vol_estimator),
      riskParity: { mode: risk_parity.mode },
      hrp: { linkage: hrp.linkage, leafOrder: hrp.leaf_order },
      mv: {
        objective: mv.objective,
        expectedReturnSource: mv.expected_return_source,
        meanShrinkage: mv.mean_shrinkage,
      },
      kelly: {
        fraction: kelly.fraction,
        edgeSource: kelly.edge_source,
        base: kelly.base,
        drawdownLimit: kelly.drawdown_limit,
      },
      moe: { temperature: facts.temperature, smoothingHalfLifeBars: facts.posteriorHalfLifeBars },
      cdarTail: block.cdar.tail,
    },
    constraints: {
      maxWeight: constraints.max_weight,
      minWeight: constraints.min_weight,
      allowShort: constraints.allow_short,
      groups: groupLimits(constraints.groups ?? {}, facts),
      maxTurnover: constraints.max_turnover,
      smoothingHalfLifeBars: facts.smoothingHalfLifeBars,
      minActive: constraints.min_active_strategies,
      minHistoryBars: facts.minHistoryBars,
      minTrades: facts.minTrades,
      maxDrawdown: constraints.max_dd ?? Number.POSITIVE_INFINITY,
      maxExpectedShortfall: constraints.max_var_es ?? Number.POSITIVE_INFINITY,
      maxLeverage: constraints.max_leverage,
    },
    volatilityTarget: risk_parity.vol_target === undefined ? null : risk_parity.vol_target / perBar,
    tier: block.tier,
  };
}

/** The estimator of the method's own block, where it has one. */
function methodEstimator({ method, mv, risk_parity, hrp }: WeightingBlock): EstimatorKey | undefined {
  const own: Partial<Record<WeightingMethodName, EstimatorKey | undefined>> = {
    constrained_mv: mv.cov_estimator,
    risk_parity: risk_parity.cov_estimator,
    hrp: hrp.cov_estimator,
  };
  return own[method as WeightingMethodName];
}

function methodOf(block: WeightingBlock, { extensions, where }: WeightingFacts): AnyWeighting {
  const { method } = block;
  const known = WEIGHTING_METHOD_NAMES.find((name) => name === method);
  if (known !== undefined) return known;
  const extension = extensions.weightings.get(method);
  if (extension === undefined) throw new RangeError(`${where}: there is no weighting method ${method}`);
  const given = (block as Readonly<Record<string, unknown>>)[method];
  return boundWeighting(extension, extensionParameters(extension, given), extensions.hash);
}

function estimator(key: EstimatorKey): CovarianceEstimator {
  if (typeof key !== "string")
    return "lambda" in key
      ? { kind: "ewma", decay: { lambda: key.lambda }, form: "riskmetrics" }
      : { kind: "ewma", decay: { halfLifeBars: key.half_life }, form: "pandas" };
  switch (key) {
    case "ewma":
      return { kind: "ewma", decay: { halfLifeBars: DEFAULT_HALF_LIFE }, form: "pandas" };
    case "shrinkage":
    case "ledoit_wolf":
      return { kind: "shrinkage", intensity: "ledoit_wolf" };
    case "oas":
      return { kind: "shrinkage", intensity: "oas" };
    default:
      return { kind: key };
  }
}

function volatility(key: WeightingBlock["vol_estimator"]): VolatilityEstimator {
  if (typeof key !== "string") return { kind: "ewma", decay: { halfLifeBars: key.half_life } };
  if (key === "ewma") return { kind: "ewma", decay: { halfLifeBars: DEFAULT_HALF_LIFE } };
  return key === "downside" ? { kind: "downside", targetReturn: 0 } : { kind: "sample" };
}

function groupLimits(
  groups: NonNullable<WeightingBlock["constraints"]["groups"]>,
  facts: WeightingFacts,
): GroupLimit[] {
  return Object.entries(groups).map(([name, { members, min, max }]) => ({
    name,
    min,
    max,
    assets: members.map((member) => {
      const position = facts.names.indexOf(member);
      if (position >= 0) return position;
      throw InputError.of({
        where: `${facts.where}.constraints.groups.${name}`,
        rule: "has a member that is not in the data",
        got: member,
        suggestion: nearestName(member, facts.names),
      });
    }),
  }));
}
