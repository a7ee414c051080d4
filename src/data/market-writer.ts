/** A market in memory as a long CSV file that loadMarket reads back to the same panels. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { formatBarTime } from "./calendar.ts";
import { writeTable } from "./csv-writer.ts";

/**
 * Writes date,symbol,open,high,low,close,volume and every extra column; cells without any value are left out.
 *
 * @returns rows written
 */
export async function writeMarket(path: string, market: Ohlcv): Promise<number> {
  const { time, assets } = market.axes;
  const planes: [string, Floats][] = [
    ["open", market.open],
    ["high", market.high],
    ["low", market.low],
    ["close", market.close],
    ["volume", market.volume],
    ...market.extras,
  ];
  const cells: number[] = [];
  for (let i = 0; i < market.close.length; i++) if (planes.some(([, plane]) => plane[i] === plane[i])) cells.push(i);
  const timeOf = formatBarTime(time);
  const labels = Array.from(time as unknown as ArrayLike<number>, timeOf);
  await writeTable(path, [
    ["date", cells.map((i) => labels[Math.floor(i / assets.length)]!)],
    ["symbol", cells.map((i) => assets[i % assets.length]!)],
    ...planes.map(([name, plane]) => [name, Float64Array.from(cells, (i) => plane[i]!)] as const),
  ]);
  return cells.length;
}
