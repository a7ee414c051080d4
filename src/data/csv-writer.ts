/** Deterministic CSV out: shortest numbers that read back to the same double, NaN as an empty cell, LF line ends. */
import type { Floats } from "../core/panel.ts";
import { writeAtomically } from "./atomic-file.ts";
import { formatBarTime } from "./calendar.ts";

/** A named column of numbers or texts; all of a table have the same length. */
export type TableColumn = readonly [name: string, values: Floats | readonly number[] | readonly string[]];

/**
 * `date,<name>...`, one line a bar.
 *
 * @param time   [T] UTC ms; written as dates when all are midnight, else as full timestamps
 * @param values [T*N] row-major; NaN is an empty cell
 */
export async function writeWideCsv(
  path: string,
  time: Floats,
  names: readonly string[],
  values: Floats,
): Promise<void> {
  const timeOf = formatBarTime(time);
  await writeAtomically(path, wideLines());

  function* wideLines(): Generator<string> {
    yield `${["date", ...names].map(cellText).join(",")}\n`;
    for (let t = 0; t < time.length; t++) {
      let line = timeOf(time[t]!);
      for (let at = t * names.length; at < (t + 1) * names.length; at++) line += `,${numberText(values[at]!)}`;
      yield `${line}\n`;
    }
  }
}

/** One line a row under a header of the columns' names. */
export async function writeTable(path: string, columns: readonly TableColumn[]): Promise<void> {
  await writeAtomically(path, tableLines());

  function* tableLines(): Generator<string> {
    yield `${columns.map(([name]) => cellText(name)).join(",")}\n`;
    const rows = columns[0]?.[1].length ?? 0;
    for (let row = 0; row < rows; row++) {
      let line = "";
      for (const [k, [, values]] of columns.entries()) {
        const value = values[row]!;
        line += `${k === 0 ? "" : ","}${typeof value === "string" ? cellText(value) : numberText(value)}`;
      }
      yield `${line}\n`;
    }
  }
}

/** A text as a CSV cell, quoted only when it has to be. */
export function cellText(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Shortest text that reads back to the same double; NaN is "". */
export function numberText(value: number): string {
  return value === value ? `${value}` : "";
}
