/** What a feature is: a name in the catalogue, parameters with their defaults and limits, and a function from the planes
 *  of a market to one plane. Row t of that plane may use rows <= t only. */
import type { FeatureInputs } from "./feature-inputs.ts";

/** A value the feature is told. */
export type Parameter =
  /** Whole number of bars; `leading` ones stand bare in the column's name: momentum_60, macd_12_26_9. */
  | {
      readonly kind: "bars";
      readonly default: number;
      readonly least: number;
      readonly leading: boolean;
      readonly describe: string;
    }
  /** Fewest values a window must hold; null asks for all of them. */
  | { readonly kind: "least"; readonly default: null; readonly least: number; readonly describe: string }
  | {
      readonly kind: "choice";
      readonly default: string;
      readonly options: readonly [string, ...string[]];
      readonly describe: string;
    }
  /** Name of a column of the data; required, and stands in the column's name for that of the feature. */
  | { readonly kind: "column"; readonly describe: string };

/** By key; `parameterName` is what a config calls them. */
export type Parameters = Readonly<Record<string, Parameter>>;

type Value<P extends Parameter> = P extends { readonly kind: "bars" }
  ? number
  : P extends { readonly kind: "least" }
    ? number | null
    : P extends { readonly options: readonly (infer Option)[] }
      ? Option
      : string;

export type Values<Ps extends Parameters> = { readonly [Key in keyof Ps]: Value<Ps[Key]> };

/** A rule that the value of a parameter, or of `name`, breaks. */
export interface FeatureFault {
  readonly key: string;
  readonly rule: string;
  readonly suggestion?: string | undefined;
}

export interface Feature<Ps extends Parameters = Parameters> {
  /** What it measures, its unit, and what it makes of holes and of prices that do not move. */
  readonly describe: string;
  readonly parameters: Ps;
  /** What is wrong with parameters that are each valid alone; null = nothing. */
  fault?(values: Values<Ps>): FeatureFault | null;
  /** What the data do not have and the feature needs; null = nothing. */
  lack?(inputs: FeatureInputs, values: Values<Ps>): FeatureFault | null;
  /** Writes out [T*N] in full; NaN = no value. The caller blanks bars without a close. */
  compute(inputs: FeatureInputs, values: Values<Ps>, out: Float64Array): void;
}

/** The feature as given; lets the types of its parameters flow into its functions. */
export function builtInFeature<const Ps extends Parameters>(feature: Feature<Ps>): Feature<Ps> {
  return feature;
}

/** The `lookbackBars` of a feature: bars back from the one at which it is known. */
export function lookback(bars: number, least: number, describe: string) {
  return { kind: "bars", default: bars, least, leading: true, describe } as const;
}

/** The `minBars` of a feature over a window. */
export function fewest(least: number) {
  return {
    kind: "least",
    default: null,
    least,
    describe: "Values a window must hold; all of lookback_bars without it, so that one missing bar blanks a window.",
  } as const;
}

/** Rule for features with both. */
export function windowFault(values: {
  readonly lookbackBars: number;
  readonly minBars: number | null;
}): FeatureFault | null {
  const { lookbackBars, minBars } = values;
  return minBars !== null && minBars > lookbackBars
    ? { key: "minBars", rule: `is above lookback_bars ${lookbackBars}` }
    : null;
}

/** lookbackBars -> lookback_bars, as configs and faults have it. */
export function parameterName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
