/** A wide table as its readers hand it over: column names checked, rows still in file order. */
import { type Fault, InputError } from "../core/errors.ts";
import { cutFaults } from "./fault-list.ts";

const TIME_NAMES = ["date", "timestamp", "datetime", "time", ""];

/** Rows as a reader found them, in file order. */
export interface WideRows {
  readonly names: readonly string[];
  readonly times: readonly number[];
  /** One array a column, [rows]; may be longer. */
  readonly columns: readonly Float64Array[];
  /** Line or row of each row. */
  readonly lines: readonly number[];
  readonly unit: "line" | "row";
}

/**
 * The names after the time column, trimmed.
 *
 * @throws InputError unless the first column is a time and the others have distinct names
 */
export function wideNames(cells: readonly string[], where: string): string[] {
  const [time = "", ...rest] = cells.map((cell) => cell.trim());
  if (rest.length === 0 && /[;\t|]/.test(time))
    throw InputError.of({ where, rule: "columns must be separated by commas", got: time });
  if (!TIME_NAMES.includes(time.toLowerCase()))
    throw InputError.of({ where, rule: "the first column must be date (or timestamp, datetime, time)", got: time });
  if (rest.length === 0) throw InputError.of({ where, rule: "has no column after the date" });
  const faults: Fault[] = [];
  rest.forEach((name, k) => {
    if (name === "") faults.push({ where, rule: `column ${k + 2} has no name` });
    else if (rest.indexOf(name) < k) faults.push({ where, rule: `column "${name}" is named twice` });
  });
  if (faults.length > 0) throw new InputError(cutFaults(faults, faults.length, where));
  return rest;
}
