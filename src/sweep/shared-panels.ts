/** Panels in memory that worker threads read without a copy. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import type { ExtensionFiles } from "../experiment/extensions.ts";

export function sharedFloats(values: Floats): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(8 * values.length));
  shared.set(values as Float64Array);
  return shared;
}

/** How far each asset takes part, in whole steps of a ramp: an eighth of the memory of multipliers, of which a sweep may
 *  hold one a trial. */
export interface SharedRamps {
  /** [T*N] */
  readonly positions: Uint8Array;
  /** At which an asset takes part in full. */
  readonly steps: number;
}

export function sharedRamps(positions: Uint8Array, steps: number): SharedRamps {
  const shared = new Uint8Array(new SharedArrayBuffer(positions.length));
  shared.set(positions);
  return { positions: shared, steps };
}

/** [T*N] from 0 to 1, in memory of its own. */
export function multiplierOf({ positions, steps }: SharedRamps): Float64Array {
  const multiplier = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i++) multiplier[i] = positions[i]! / steps;
  return multiplier;
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
