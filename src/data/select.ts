/** A part of a market in memory: some symbols, some dates. */
import { InputError, nearestName } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { createAxes, type Floats } from "../core/panel.ts";
import { parseTimeRange } from "./calendar.ts";

export interface Selection {
  readonly symbols?: readonly string[] | undefined;
  /** ISO date, inclusive. */
  readonly start?: string | undefined;
  /** ISO date, inclusive. */
  readonly end?: string | undefined;
}

/**
 * @returns the same object when nothing is left out
 * @throws InputError for a symbol that is not there, or when nothing is left
 */
export function selectMarket(market: Ohlcv, { symbols, start, end }: Selection): Ohlcv {
  if (symbols === undefined && start === undefined && end === undefined) return market;
  const { time, assets } = market.axes;
  const wanted = symbols === undefined ? assets : [...new Set(symbols)].sort();
  const columns = wanted.map((symbol) => {
    const n = assets.indexOf(symbol);
    if (n < 0)
      throw InputError.of({
        where: "symbols",
        rule: "is not in the data",
        got: symbol,
        suggestion: nearestName(symbol, assets),
      });
    return n;
  });
  const { from, to } = parseTimeRange(start, end);
  const rows = [...time.keys()].filter((t) => time[t]! >= from && time[t]! <= to);
  if (rows.length === 0) throw InputError.of({ where: "start, end", rule: "leave no bar of the data" });
  const cut = (plane: Floats) =>
    Float64Array.from(rows.flatMap((t) => columns.map((n) => plane[t * assets.length + n]!)));
  return {
    axes: createAxes(
      rows.map((t) => time[t]!),
      wanted,
    ),
    open: cut(market.open),
    high: cut(market.high),
    low: cut(market.low),
    close: cut(market.close),
    volume: cut(market.volume),
    extras: new Map([...market.extras].map(([name, plane]) => [name, cut(plane)])),
  };
}
