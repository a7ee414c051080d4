/** What the cells of a CSV file may say. The one place that decides whether a text is a number. */
import type { Fault } from "../core/errors.ts";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_A_NUMBER = /^[+-]?(?:nan|na|n\/a|#n\/a|null|none|nil|-)$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** @returns NaN for an empty cell, the number a plain decimal or "inf" says, undefined for any other text */
export function parseNumberCell(text: string): number | undefined {
  const cell = text.trim();
  if (cell === "") return Number.NaN;
  if (NUMBER.test(cell)) return Number(cell);
  const infinite = INFINITE.exec(cell);
  if (infinite === null) return undefined;
  return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** As parseNumberCell, and the literal nan in any letter case is missing as well. */
export function parseOptionalNumberCell(text: string): number | undefined {
  return /^\s*[+-]?nan\s*$/i.test(text) ? Number.NaN : parseNumberCell(text);
}

/** The fault of a cell that should have been a number. */
export function numberCellFault(where: string, text: string): Fault {
  const cell = text.trim();
  const hint = NOT_A_NUMBER.test(cell) ? " (leave the cell empty when the value is missing)" : "";
  return { where, rule: `is not a number${hint}`, got: cell };
}

/** The fault of a cell that should have been a time; "" stands for an empty one. */
export function timeCellFault(where: string, text: string): Fault {
  const cell = text.trim();
  if (cell === "") return { where, rule: "the date is missing" };
  if (/^\d{4}-\d{2}-\d{2}/.test(cell)) return { where, rule: "no such date or time", got: cell };
  return {
    where,
    rule: "is not a date (YYYY-MM-DD, an ISO 8601 timestamp, or epoch seconds or milliseconds)",
    got: cell,
  };
}
