/** Small files with one number a strategy: `strategy,<number>` as CSV. */
import { InputError } from "../core/errors.ts";
import { numberCellFault, parseNumberCell } from "../data/csv-cells.ts";
import { csvRecords } from "../data/csv-records.ts";
import { openTableFile } from "../data/table-file.ts";

/**
 * @param what name of the number, for faults ("weight", "trades")
 * @returns numbers by strategy, in the order of the file
 * @throws InputError naming the line of a cell that is no number, or a strategy that stands twice
 */
export async function loadSleeveNumbers(path: string, what: string): Promise<ReadonlyMap<string, number>> {
  const file = await openTableFile(path);
  const found = new Map<string, number>();
  let header = true;
  for await (const { line, cells } of csvRecords(file)) {
    const where = `${file.name}:${line}`;
    if (cells.length !== 2)
      throw InputError.of({ where, rule: `must have two cells, strategy,${what}`, got: cells.length });
    const [name, text] = cells as [string, string];
    if (header) {
      header = false;
      if (parseNumberCell(text) === undefined) continue;
      throw InputError.of({ where, rule: `must be a header strategy,${what}`, got: cells.join(",") });
    }
    const value = parseNumberCell(text);
    if (value === undefined) throw new InputError([numberCellFault(`${where} ${name} ${what}`, text)]);
    if (found.has(name)) throw InputError.of({ where, rule: "this strategy has a line already", got: name });
    found.set(name, value);
  }
  if (found.size === 0) throw InputError.of({ where: file.name, rule: "has no strategies" });
  return found;
}
