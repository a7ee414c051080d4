/** Series of sleeves as daily simple returns, whatever they were written as. */
import { InputError } from "../core/errors.ts";
import { createAxes } from "../core/panel.ts";
import { DAY_MS, formatTime } from "./calendar.ts";
import type { WidePanel } from "./wide-csv.ts";

/** A return beyond this is a price, a percentage or a slip. */
const MOST_RETURN = 1000;

export const SERIES_KINDS = ["returns", "pnl", "equity"] as const;
export type SeriesKind = (typeof SERIES_KINDS)[number];

/** [T*N] one row a UTC day that has any value. */
export interface DailyReturns {
  readonly time: readonly number[];
  readonly names: readonly string[];
  /** Fraction; NaN = the sleeve has no value that day, or none before it. */
  readonly returns: Float64Array;
}

/**
 * Returns finer than days compound, pnl adds up, of equity the last value of a day counts. A pnl becomes a return on
 * `capital` plus what was earned before.
 *
 * @param capital currency behind each sleeve at its start; only read for `pnl`
 * @param file    names the series in faults
 * @throws InputError for an equity that is not above 0, or a sleeve that lost its whole capital
 */
export function dailyReturns(panel: WidePanel, kind: SeriesKind, capital: number, file: string): DailyReturns {
  const names = panel.axes.assets;
  const count = names.length;
  const days = new Map<number, Float64Array>();
  const { time } = panel.axes;
  for (let t = 0; t < time.length; t++) {
    const day = Math.floor(time[t]! / DAY_MS) * DAY_MS;
    let row = days.get(day);
    if (row === undefined) {
      row = new Float64Array(count).fill(Number.NaN);
      days.set(day, row);
    }
    for (let k = 0; k < count; k++) {
      const value = panel.values[t * count + k]!;
      if (value !== value) continue;
      if (kind === "returns" && (value < -1 || value > MOST_RETURN))
        throw InputError.of({
          where: `${file}:${panel.lineOf(t)} ${names[k]}`,
          rule: `must be a return as a fraction, between -1 and ${MOST_RETURN}; levels need another --kind`,
          got: value,
        });
      const before = row[k]!;
      if (kind === "equity" || before !== before) row[k] = value;
      else row[k] = kind === "pnl" ? before + value : (1 + before) * (1 + value) - 1;
    }
  }
  const axes = createAxes([...days.keys()], names);
  const values = Float64Array.from([...days.values()].flatMap((row) => [...row]));
  if (kind !== "returns")
    toReturns(values, count, kind === "pnl" ? capital : null, (cell) => {
      const day = formatTime(axes.time[Math.floor(cell / count)]!);
      return `${file}, ${day} ${names[cell % count]}`;
    });
  return { time: [...days.keys()], names, returns: values };
}

/** Column by column, in place. @param capital null = the values are equity */
function toReturns(
  values: Float64Array,
  count: number,
  capital: number | null,
  cellName: (cell: number) => string,
): void {
  for (let k = 0; k < count; k++) {
    let worth = capital ?? Number.NaN;
    for (let i = k; i < values.length; i += count) {
      const value = values[i]!;
      if (value !== value) continue;
      const next = capital === null ? value : worth + value;
      if (!(next > 0))
        throw InputError.of({
          where: cellName(i),
          rule: capital === null ? "equity must be above 0" : `pnl uses up the capital of ${capital}`,
          got: value,
        });
      values[i] = next / worth - 1;
      worth = next;
    }
  }
}
