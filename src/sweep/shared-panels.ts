/** Panels in memory that worker threads read without a copy. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import type { ExtensionFiles } from "../experiment/extensions.ts";

/** Zeros. */
export function sharedRoom(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

export function sharedFloats(values: Floats): Float64Array {
  const shared = sharedRoom(values.length);
  shared.set(values as Float64Array);
  return shared;
}

/** Inputs that a thread can be given: what is no data, it makes itself. */
export type SharedInputs = Omit<DecisionInputs, "linearProgram" | "extensions"> & {
  /** Files to load anew. */
  readonly extensions: ExtensionFiles;
};

/** The same inputs on shared memory; without the solver of linear programs and the functions of extensions. */
export function sharedInputs(inputs: DecisionInputs): SharedInputs {
  const { market, periodsPerYear, fundingRate, fromFile, posterior } = inputs;
  const { files, absolute, hash } = inputs.extensions;
  const share = (plane: Floats | null) => (plane === null ? null : sharedFloats(plane));
  return {
    market: sharedMarket(market),
    periodsPerYear,
    fundingRate: share(fundingRate),
    fromFile: share(fromFile),
    posterior: posterior === null ? null : { ...posterior, values: sharedFloats(posterior.values) },
    extensions: { files, absolute, hash },
  };
}

function sharedMarket({ axes, open, high, low, close, volume, extras }: Ohlcv): Ohlcv {
  return {
    axes: { time: sharedFloats(axes.time), assets: axes.assets },
    open: sharedFloats(open),
    high: sharedFloats(high),
    low: sharedFloats(low),
    close: sharedFloats(close),
    volume: sharedFloats(volume),
    extras: new Map([...extras].map(([name, plane]) => [name, sharedFloats(plane)])),
  };
}
