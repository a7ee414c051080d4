/** A market whose planes are its holder's alone: what code that is not ours may be given. */
import type { Ohlcv } from "../core/ohlcv.ts";

/** Every plane copied, on the same axes but for a copy of their times. */
export function copiedMarket({ axes, open, high, low, close, volume, extras }: Ohlcv): Ohlcv {
  return {
    axes: { time: axes.time.slice(), assets: [...axes.assets] },
    open: open.slice(),
    high: high.slice(),
    low: low.slice(),
    close: close.slice(),
    volume: volume.slice(),
    extras: new Map([...extras].map(([name, plane]) => [name, plane.slice()])),
  };
}
