/** From the panels of a market to one plane a feature. Causal to the bit: row t is the same whatever comes after it. */
import { InputError } from "../../core/errors.ts";
import type { Ohlcv } from "../../core/ohlcv.ts";
import type { Floats } from "../../core/panel.ts";
import { type FeatureSpec, featureEntry } from "./catalogue.ts";
import type { Values } from "./feature.ts";
import { featureInputs } from "./feature-inputs.ts";
import { featureName } from "./feature-name.ts";

export interface FeatureOptions {
  /** [T*N] fraction of a long position's value per bar; null or absent = the data have none. */
  readonly fundingRate?: Floats | null;
}

/**
 * @returns column name -> [T*N], in the order of the specs; NaN while a window is not yet full enough, where its inputs
 *          are missing, and on every bar at which the asset has no close: what is not listed has no features
 * @throws InputError for parameters that contradict each other, a column the data lack, or two specs of one name
 */
export function computeFeatures(
  market: Ohlcv,
  specs: readonly FeatureSpec[],
  { fundingRate = null }: FeatureOptions = {},
): ReadonlyMap<string, Float64Array> {
  const inputs = featureInputs(market, fundingRate);
  const columns = new Map<string, Float64Array>();
  for (const spec of specs) {
    const column = featureName(spec);
    if (columns.has(column)) throw InputError.of({ where: "features", rule: "is there twice", got: column });
    const { name, ...values } = spec;
    const feature = featureEntry(name);
    const fault = feature.fault?.(values as Values<typeof feature.parameters>);
    if (fault) throw InputError.of({ where: `features ${column}`, rule: `${fault.key} ${fault.rule}` });
    const plane = new Float64Array(market.close.length);
    feature.compute(inputs, values as Values<typeof feature.parameters>, plane);
    blankUnlisted(plane, market.close);
    columns.set(column, plane);
  }
  return columns;
}

function blankUnlisted(plane: Float64Array, close: Floats): void {
  for (let i = 0; i < plane.length; i++) if (close[i] !== close[i]) plane[i] = Number.NaN;
}
