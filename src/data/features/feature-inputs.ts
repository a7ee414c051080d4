/** The planes features are made of. What several features share is computed at the first call and kept. */
import type { Ohlcv } from "../../core/ohlcv.ts";
import type { Floats } from "../../core/panel.ts";
import { simpleReturns } from "../../math/returns.ts";
import type { RollingWindow } from "../../math/rolling-window.ts";

export interface FeatureInputs {
  readonly market: Ohlcv;
  /** N. */
  readonly assets: number;
  /** [T*N] rate per bar, fraction of the position's value, paid by longs; null = the data have none. */
  readonly fundingRate: Floats | null;
  /** [T*N] close-to-close simple returns, fraction; NaN on the bar after a hole as well. */
  returns(): Floats;
  /** [T] mean of the returns of all assets that have one; NaN without any. */
  marketReturns(): Floats;
}

export function featureInputs(market: Ohlcv, fundingRate: Floats | null): FeatureInputs {
  const assets = market.axes.assets.length;
  const returns = once(() => {
    const plane = new Float64Array(market.close.length);
    simpleReturns(market.close, assets, plane);
    return plane;
  });
  return { market, assets, fundingRate, returns, marketReturns: once(() => rowMeans(returns(), assets)) };
}

/** The window a feature's values ask for. */
export function windowOf(values: { readonly lookbackBars: number; readonly minBars: number | null }): RollingWindow {
  return { bars: values.lookbackBars, least: values.minBars ?? values.lookbackBars };
}

function rowMeans(x: Floats, assets: number): Float64Array {
  const means = new Float64Array(x.length / Math.max(assets, 1));
  for (let t = 0; t < means.length; t++) {
    let sum = 0;
    let count = 0;
    for (let i = t * assets; i < (t + 1) * assets; i++) {
      if (x[i] !== x[i]) continue;
      sum += x[i]!;
      count++;
    }
    means[t] = count > 0 ? sum / count : Number.NaN;
  }
  return means;
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}
