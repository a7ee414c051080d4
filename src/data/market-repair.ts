/** What a load does about rows that break a rule: refuse the file, or drop or clip them because the user said so.
 *  Every repair is counted and every OHLC violation is listed as it stood in the file. */
import type { OhlcViolation } from "../core/data-quality.ts";
import { findDuplicates, findValueIssues, locateRows, type RowIssue, refuseIssues } from "./market-checks.ts";
import { type Placement, placeRows } from "./market-panels.ts";
import type { MarketRows } from "./market-rows.ts";

/** drop: leaves out rows that break a rule, and all but the first of duplicates. clip: widens low and high. */
export type RepairMode = "drop" | "clip";

export interface RepairOptions {
  readonly repair: RepairMode | undefined;
  /** report: OHLC violations stay in the data and are only listed. */
  readonly ohlcViolations: "refuse" | "report";
}

export interface SettledRows {
  readonly placement: Placement;
  readonly repairs: { readonly mode: "none" | RepairMode; readonly dropped: number; readonly clipped: number };
  readonly violations: readonly OhlcViolation[];
}

/**
 * Checks the rows and applies the repair; clipping writes into the high and low columns of `rows`.
 *
 * @throws InputError for whatever the repair does not cover; cells that could not be read are never covered
 */
export async function settleRows(rows: MarketRows, options: RepairOptions): Promise<SettledRows> {
  const valueIssues = findValueIssues(rows);
  const dropped = new Uint8Array(rows.count);
  let droppedCount = 0;
  const drop = (issues: readonly RowIssue[]): void => {
    for (const { row } of issues) {
      droppedCount += 1 - dropped[row]!;
      dropped[row] = 1;
    }
  };
  if (options.repair === "drop") drop(valueIssues);
  let placement = placeRows(rows, dropped);
  const cells = placement.axes.time.length * placement.axes.assets.length;
  const duplicates = findDuplicates(rows, placement.cell, cells);
  if (options.repair === "drop") drop(duplicates);

  const refused = [...valueIssues, ...duplicates].filter((issue) => !isSettled(rows, issue, options));
  await refuseIssues(rows, refused);

  const brackets = valueIssues.filter(({ kind }) => kind === "bracket");
  const violations = await listViolations(rows, brackets);
  let clipped = 0;
  if (options.repair === "clip") for (const { row } of brackets) clipped += widen(rows, row);
  if (droppedCount > 0) placement = placeRows(rows, dropped);
  return { placement, repairs: { mode: options.repair ?? "none", dropped: droppedCount, clipped }, violations };
}

function isSettled(rows: MarketRows, issue: RowIssue, { repair, ohlcViolations }: RepairOptions): boolean {
  if (repair === "drop") return true;
  if (issue.kind !== "bracket") return false;
  return ohlcViolations === "report" || (repair === "clip" && isClippable(rows, issue.row));
}

/** Without open and close there is nothing to bracket, so low > high alone cannot be mended. */
function isClippable(rows: MarketRows, row: number): boolean {
  const open = rows.numbers.get("open")![row]!;
  const close = rows.numbers.get("close")![row]!;
  return open === open || close === close;
}

function widen(rows: MarketRows, row: number): number {
  if (!isClippable(rows, row)) return 0;
  const high = rows.numbers.get("high")!;
  const low = rows.numbers.get("low")!;
  for (const field of ["open", "close"] as const) {
    const price = rows.numbers.get(field)![row]!;
    if (price > high[row]!) high[row] = price;
    if (price < low[row]!) low[row] = price;
  }
  return 1;
}

/** Sorted by time, then symbol, so that the order of rows in the file does not show. */
async function listViolations(rows: MarketRows, brackets: readonly RowIssue[]): Promise<OhlcViolation[]> {
  const lineOf = await locateRows(
    rows,
    brackets.map(({ row }) => row),
  );
  const list = brackets.map(({ row, rule, value }) => ({
    time: rows.times[rows.timeCode[row]!]!,
    symbol: rows.symbols[rows.symbolCode[row]!]!,
    line: lineOf.get(row)!,
    rule,
    value,
  }));
  return list.sort((a, b) => a.time - b.time || (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.line - b.line));
}
