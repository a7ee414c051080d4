/// <reference lib="dom" />
/** Tables whose headings sort their rows. Works on the text of the cells, so that ties are what the reader sees as
 *  equal; they stay in the order they were in. */

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const MISSING = new Set(["", "n/a", "–"]);

/** A heading's first click puts the largest number, or the first text, on top; the next click turns it round. */
export function mountSortableTable(table: HTMLTableElement): void {
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const [column, heading] of headings.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const turned = heading.ariaSort === null ? null : heading.ariaSort === "ascending" ? "descending" : "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", sortRows(table, column, turned));
    });
  }
}

/** @returns the direction taken when `direction` is null */
function sortRows(table: HTMLTableElement, column: number, direction: string | null): string {
  const body = table.tBodies[0];
  if (body === undefined) return direction ?? "ascending";
  const keyed = [...body.rows].map((row) => ({ row, text: row.cells[column]?.textContent?.trim() ?? "" }));
  const present = keyed.filter(({ text }) => !MISSING.has(text));
  const numbers = present.map(({ row, text }) => ({ row, value: numberOf(text) }));
  const numeric = numbers.every(({ value }) => value !== null);
  const taken = direction ?? (numeric ? "descending" : "ascending");
  const sign = taken === "ascending" ? 1 : -1;
  const order = numeric
    ? numbers.sort((a, b) => sign * (a.value! - b.value!))
    : present.sort((a, b) => sign * a.text.localeCompare(b.text, "en", { numeric: true }));
  // What is missing has no place in the order: it stays below, whichever way round.
  body.append(...order.map(({ row }) => row), ...keyed.filter(({ text }) => MISSING.has(text)).map(({ row }) => row));
  return taken;
}

/** The number a cell shows, with its thousands separators, sign and unit; null for any other text. */
function numberOf(text: string): number | null {
  const plain = text.replaceAll(",", "").replace("−", "-").replace(/[%x]$/, "");
  return NUMBER.test(plain) ? Number(plain) : null;
}
