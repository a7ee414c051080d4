/** Plot data by column: short as JSON, and made into the row objects Vega wants only where it is drawn. */

/** Columns of equal length; null = missing. */
export type Columns = Readonly<Record<string, readonly (number | string | null)[]>>;

export type Row = Readonly<Record<string, number | string | null>>;

export function rowsOf(columns: Columns): Row[] {
  const entries = Object.entries(columns);
  const length = entries[0]?.[1].length ?? 0;
  return Array.from({ length }, (_, i) => Object.fromEntries(entries.map(([name, cells]) => [name, cells[i] ?? null])));
}
