/** Which column of a long market table is which: names in any letter case and order, with a few accepted synonyms. */
import { type Fault, InputError, nearestName } from "../core/errors.ts";
import { PRICE_FIELDS } from "../core/ohlcv.ts";

const TIME_NAMES = ["date", "timestamp", "datetime", "time"] as const;
const SYMBOL_NAMES = ["symbol", "ticker", "asset"] as const;
/** Column names a message lists before it only counts. */
const NAMES_SHOWN = 12;

/** Positions in the file's own column order. */
export interface MarketColumns {
  readonly time: number;
  readonly symbol: number;
  /** open, high, low, close and, when the file has it, volume. */
  readonly fields: readonly { readonly name: string; readonly column: number }[];
  /** Every other named column; whether it is numeric is for the reader to find out. */
  readonly extras: readonly { readonly name: string; readonly column: number }[];
}

/**
 * @param names the column names as they stand in the file
 * @param where file and line of the header
 * @throws InputError naming the missing required columns, what was found and the nearest name, or a column named twice
 */
export function resolveMarketColumns(names: readonly string[], where: string): MarketColumns {
  const keys = names.map((name) => name.trim().toLowerCase());
  if (keys.length === 1 && /[;\t|]/.test(keys[0]!))
    throw InputError.of({ where, rule: "columns must be separated by commas", got: names[0] });
  const faults: Fault[] = [];
  const taken = new Set<number>();
  const take = (accepted: readonly string[]): number => {
    for (const name of accepted) {
      const column = keys.indexOf(name);
      if (column < 0) continue;
      taken.add(column);
      return column;
    }
    return -1;
  };
  const time = take(TIME_NAMES);
  const symbol = take(SYMBOL_NAMES);
  const found = [...PRICE_FIELDS, "volume"].map((name) => ({ name, column: take([name]) }));
  const missing = [
    ...(time < 0 ? ["date (or timestamp, datetime, time)"] : []),
    ...(symbol < 0 ? ["symbol (or ticker, asset)"] : []),
    ...found.flatMap(({ name, column }) => (column < 0 && name !== "volume" ? [name] : [])),
  ];
  if (missing.length > 0) {
    const spare = names.filter((name, k) => !taken.has(k) && name.trim() !== "");
    const rule = `${missing.length === 1 ? "column" : "columns"} ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing; found ${listed(names)}`;
    const suggestion = nearestName(missing[0]!.split(" ")[0]!, spare);
    faults.push({ where, rule: suggestion === undefined ? rule : `${rule}; is "${suggestion.trim()}" meant?` });
  }
  keys.forEach((key, k) => {
    if (key !== "" && keys.indexOf(key) < k) faults.push({ where, rule: `column "${key}" is named twice` });
  });
  if (faults.length > 0) throw new InputError(faults);
  const extras = names.map((name, column) => ({ name: name.trim(), column }));
  return {
    time,
    symbol,
    fields: found.filter(({ column }) => column >= 0),
    extras: extras.filter(({ name, column }) => !taken.has(column) && name !== ""),
  };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).map((name) => name.trim());
  return names.length > NAMES_SHOWN ? `${shown.join(", ")} and ${names.length - NAMES_SHOWN} more` : shown.join(", ");
}
