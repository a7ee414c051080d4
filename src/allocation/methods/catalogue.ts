/** Every weighting method by name. A new method is a file beside this one and a line here. */
import type { WeightingMethod } from "../weighting.ts";
import { equalWeight } from "./equal-weight.ts";
import { inverseVolatility } from "./inverse-volatility.ts";

export const WEIGHTING_METHODS = {
  equal_weight: equalWeight,
  inverse_volatility: inverseVolatility,
} as const satisfies Readonly<Record<string, WeightingMethod>>;

export type WeightingMethodName = keyof typeof WEIGHTING_METHODS;

export const WEIGHTING_METHOD_NAMES = Object.keys(WEIGHTING_METHODS) as readonly WeightingMethodName[] as [
  WeightingMethodName,
  ...WeightingMethodName[],
];
