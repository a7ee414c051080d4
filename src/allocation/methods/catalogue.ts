/** Every weighting method by name. A new method is a file beside this one and a line here; those of extensions come
 *  with the policy instead of by name. */
import type { WeightingMethod } from "../weighting.ts";
import type { BoundWeighting } from "../weighting-extension.ts";
import { adaptiveKelly } from "./adaptive-kelly.ts";
import { cdarMin } from "./cdar-min.ts";
import { constrainedMv } from "./constrained-mv.ts";
import { equalWeight } from "./equal-weight.ts";
import { fractionalKelly } from "./fractional-kelly.ts";
import { hrp } from "./hrp.ts";
import { inverseVolatility } from "./inverse-volatility.ts";
import { maxDiversification } from "./max-diversification.ts";
import { mixtureOfExperts } from "./mixture-of-experts.ts";
import { riskParity } from "./risk-parity.ts";
import { sharpeProportional } from "./sharpe-proportional.ts";
import { signalWeight } from "./signal-weight.ts";

export const WEIGHTING_METHODS = {
  equal_weight: equalWeight,
  inverse_volatility: inverseVolatility,
  risk_parity: riskParity,
  hrp,
  constrained_mv: constrainedMv,
  max_diversification: maxDiversification,
  cdar_min: cdarMin,
  fractional_kelly: fractionalKelly,
  adaptive_kelly: adaptiveKelly,
  moe: mixtureOfExperts,
  signal: signalWeight,
  sharpe_proportional: sharpeProportional,
} as const satisfies Readonly<Record<string, WeightingMethod>>;

export type WeightingMethodName = keyof typeof WEIGHTING_METHODS;

export const WEIGHTING_METHOD_NAMES = Object.keys(WEIGHTING_METHODS) as readonly WeightingMethodName[] as [
  WeightingMethodName,
  ...WeightingMethodName[],
];

/** undefined for a name that is not in the catalogue: it is of an extension. */
export function builtInWeighting(name: string): WeightingMethod | undefined {
  return Object.hasOwn(WEIGHTING_METHODS, name) ? WEIGHTING_METHODS[name as WeightingMethodName] : undefined;
}

/** A method of the catalogue by name, or one of an extension itself. */
export type AnyWeighting = WeightingMethodName | BoundWeighting;

export function weightingMethod(method: AnyWeighting): WeightingMethod {
  return typeof method === "string" ? WEIGHTING_METHODS[method] : method;
}

/** Whether the weights hold the size of the convictions, so that targets are not multiplied by it again. */
export function usesStrength(method: AnyWeighting): boolean {
  return typeof method === "string" ? method === "signal" : method.usesStrength;
}
