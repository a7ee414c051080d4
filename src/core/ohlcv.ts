/** Price panels of one market on shared axes. */
import type { Axes, Floats } from "./panel.ts";

/** All planes [T*N] row-major; prices in quote currency, volume in the file's own unit; NaN = missing. */
export interface Ohlcv {
  readonly axes: Axes;
  readonly open: Floats;
  readonly high: Floats;
  readonly low: Floats;
  readonly close: Floats;
  readonly volume: Floats;
  /** Further numeric columns of the file by name (marketcap, news_sentiment), [T*N] each. */
  readonly extras: ReadonlyMap<string, Floats>;
}

export const PRICE_FIELDS = ["open", "high", "low", "close"] as const;
