/** Deterministic CSV out: shortest numbers that read back to the same double, NaN as an empty cell, LF line ends.
 *  A file appears under its name only when it is whole. */
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError } from "../core/errors.ts";
import type { Floats } from "../core/panel.ts";
import { formatBarTime } from "./calendar.ts";

/** Characters gathered before they are handed to the file. */
const BLOCK = 1 << 18;

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

/**
 * Writes to a temporary name beside `path` and renames, so that a reader sees the old file or the whole new one.
 *
 * @param text all of it, or pieces to be written one after another
 * @throws InputError when the folder does not exist; the system's own error, naming `path`, when it cannot be written
 */
export async function writeAtomically(path: string, text: string | Iterable<string>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const handle = await open(temporary, "w");
    try {
      let block = "";
      for (const piece of typeof text === "string" ? [text] : text) {
        block += piece;
        if (block.length < BLOCK) continue;
        await handle.appendFile(block);
        block = "";
      }
      if (block !== "") await handle.appendFile(block);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw InputError.of({ where: path, rule: `there is no folder ${dirname(path)}` });
    throw Object.assign(error as Error, { path });
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
