/** The methods that Kelly may start from. */
import type { Result } from "../../core/result.ts";
import type { BASE_METHODS } from "../policy.ts";
import type { MethodAnswer, Weighing, WeightingMethod } from "../weighting.ts";
import { equalWeight } from "./equal-weight.ts";
import { hrp } from "./hrp.ts";
import { inverseVolatility } from "./inverse-volatility.ts";
import { riskParity } from "./risk-parity.ts";

const BASES: Readonly<Record<(typeof BASE_METHODS)[number], WeightingMethod>> = {
  equal_weight: equalWeight,
  inverse_volatility: inverseVolatility,
  risk_parity: riskParity,
  hrp,
};

export function baseWeights(
  name: (typeof BASE_METHODS)[number],
  problem: Weighing,
  out: Float64Array,
): Result<MethodAnswer> {
  return BASES[name].weigh(problem, out);
}
