/** A market as it was known at one of its closes. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Axes, Floats } from "../core/panel.ts";

/** The first `bars` labels; the assets are shared. */
export function headAxes({ time, assets }: Axes, bars: number): Axes {
  return { time: time.subarray(0, bars), assets };
}

/**
 * The first `bars` rows of every plane, on axes of their own; nothing is copied.
 *
 * @param bars 0 to T
 */
export function marketHead(market: Ohlcv, bars: number): Ohlcv {
  const cells = bars * market.axes.assets.length;
  const head = (plane: Floats) => plane.subarray(0, cells);
  return {
    axes: headAxes(market.axes, bars),
    open: head(market.open),
    high: head(market.high),
    low: head(market.low),
    close: head(market.close),
    volume: head(market.volume),
    extras: new Map([...market.extras].map(([name, plane]) => [name, head(plane)])),
  };
}
