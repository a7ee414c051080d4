/** From the panels of a market to one plane a feature. Causal to the bit: row t is the same whatever comes after it. */
import { type Fault, InputError } from "../../core/errors.ts";
import { fillByExtension } from "../../core/extension.ts";
import type { Ohlcv } from "../../core/ohlcv.ts";
import type { Floats } from "../../core/panel.ts";
import { copiedMarket } from "../market-copy.ts";
import { type FeatureSpec, featureEntry } from "./catalogue.ts";
import { type FeatureFault, type Parameters, parameterName, type Values } from "./feature.ts";
import type { ExtensionFeature } from "./feature-extension.ts";
import { type FeatureInputs, featureInputs } from "./feature-inputs.ts";
import { type FeatureRequest, featureName } from "./feature-name.ts";

export interface FeatureOptions {
  /** [T*N] fraction of a long position's value per bar; null or absent = the data have none. */
  readonly fundingRate?: Floats | null;
}

/**
 * @returns column name -> [T*N], in the order of the specs; NaN while a window is not yet full enough, where its inputs
 *          are missing, and on every bar at which the asset has no close: what is not listed has no features
 * @throws InputError with every spec whose parameters are out of range or contradict each other, that needs what the
 *         data lack, or that makes a column a second time; `where` is its path in a config, features.<position>. Also
 *         for a feature of an extension that throws or writes an infinite number; `where` is its file and name then
 */
export function computeFeatures(
  market: Ohlcv,
  specs: readonly FeatureRequest[],
  { fundingRate = null }: FeatureOptions = {},
): ReadonlyMap<string, Float64Array> {
  const inputs = featureInputs(market, fundingRate);
  const columns = specs.map(featureName);
  const faults = specs.flatMap((spec, i) => specFaults(inputs, spec, i, columns));
  if (faults.length > 0) throw new InputError(faults);
  const copies = specs.some((spec) => "extension" in spec)
    ? featureInputs(copiedMarket(market), fundingRate?.slice() ?? null)
    : null;
  return new Map(
    specs.map((spec, i) => {
      const plane = new Float64Array(market.close.length);
      if ("extension" in spec) computeExtension(spec, copies!, plane);
      else featureEntry(spec.name).compute(inputs, valuesOf(spec), plane);
      blankUnlisted(plane, market.close);
      return [columns[i]!, plane] as const;
    }),
  );
}

function computeExtension({ extension, parameters }: ExtensionFeature, inputs: FeatureInputs, out: Float64Array): void {
  out.fill(Number.NaN);
  fillByExtension(extension, "compute", out, () => extension.compute(inputs, structuredClone(parameters), out));
}

function specFaults(inputs: FeatureInputs, spec: FeatureRequest, i: number, columns: readonly string[]): Fault[] {
  const where = `features.${i}`;
  if (columns.indexOf(columns[i]!) < i) return [{ where, rule: "makes a column a second time", got: columns[i]! }];
  if ("extension" in spec) return [];
  const values = valuesOf(spec);
  const { parameters, fault, lack } = featureEntry(spec.name);
  const found = limitFault(parameters, values) ?? fault?.(values) ?? lack?.(inputs, values) ?? null;
  if (found === null) return [];
  const { key, rule, suggestion } = found;
  return [{ where: `${where}.${parameterName(key)}`, rule, got: key === "name" ? spec.name : values[key], suggestion }];
}

/** A negative or broken number of bars would read the future, or nothing. */
function limitFault(parameters: Parameters, values: Values<Parameters>): FeatureFault | null {
  for (const [key, parameter] of Object.entries(parameters)) {
    if (parameter.kind !== "bars" && parameter.kind !== "least") continue;
    const value = values[key];
    if (parameter.kind === "least" && value === null) continue;
    if (!Number.isInteger(value) || (value as number) < parameter.least)
      return { key, rule: `must be a whole number of at least ${parameter.least}` };
  }
  return null;
}

/** The parameters of a spec, as entries of any feature take them. */
function valuesOf(spec: FeatureSpec): Values<Parameters> {
  return spec as unknown as Values<Parameters>;
}

function blankUnlisted(plane: Float64Array, close: Floats): void {
  for (let i = 0; i < plane.length; i++) if (close[i] !== close[i]) plane[i] = Number.NaN;
}
