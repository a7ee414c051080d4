/** Panels in memory that worker threads read without a copy. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";

/** Zeros. */
export function sharedRoom(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

export function sharedFloats(values: Floats): Float64Array {
  const shared = sharedRoom(values.length);
  shared.set(values as Float64Array);
  return shared;
}

/** The same inputs on shared memory; without the solver of linear programs, which is no data. */
export function sharedInputs(inputs: DecisionInputs): Omit<DecisionInputs, "linearProgram"> {
  const { market, periodsPerYear, fundingRate, fromFile, posterior } = inputs;
  const share = (plane: Floats | null) => (plane === null ? null : sharedFloats(plane));
  return {
    market: sharedMarket(market),
    periodsPerYear,
    fundingRate: share(fundingRate),
    fromFile: share(fromFile),
    posterior: posterior === null ? null : { ...posterior, values: sharedFloats(posterior.values) },
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
