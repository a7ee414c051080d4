/** One short-lived in-memory DuckDB for reading one file: two threads, bounded memory, no network, no spill files.
 *  The native library is loaded on first use, so commands that read no table do not pay for it. */
import type { DuckDBConnection, DuckDBDataChunk } from "@duckdb/node-api";
import { parseBarTime } from "./calendar.ts";

const SETTINGS = {
  threads: "2",
  memory_limit: "512MB",
  temp_directory: "",
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
} as const;

/** Runs `work` on a fresh connection and closes everything afterwards, whatever happened. */
export async function withDuckDb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", SETTINGS);
  try {
    const connection = await instance.connect();
    try {
      await connection.run("SET streaming_buffer_size = '96MB'");
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** The chunks of a query in row order, the next one on its way while the caller works on this one. */
export async function* streamChunks(connection: DuckDBConnection, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  const fetchNext = (): Promise<DuckDBDataChunk | null> => {
    const next = result.fetchChunk();
    // Awaited below in any case; until then a failure must not count as unhandled.
    next.catch(() => {});
    return next;
  };
  let pending = fetchNext();
  try {
    for (;;) {
      const chunk = await pending;
      if (chunk === null || chunk.rowCount === 0) return;
      pending = fetchNext();
      yield chunk;
    }
  } finally {
    await pending.catch(() => null);
  }
}

/**
 * The numbers of a chunk's column, valid as long as the chunk is. NULL reads as whatever lies in memory
 * (0, as a rule), so the query must have replaced it, for example by `coalesce(x, 'nan'::DOUBLE)`.
 */
export function doublesOf(chunk: DuckDBDataChunk, column: number): Float64Array {
  return (chunk.getColumnVector(column) as unknown as { items: Float64Array }).items;
}

/** The column's 64-bit items as pairs of words, for keys that are only compared. */
export function wordsOf(chunk: DuckDBDataChunk, column: number): Uint32Array {
  const { items } = chunk.getColumnVector(column) as unknown as { items: BigUint64Array | Float64Array };
  return new Uint32Array(items.buffer, items.byteOffset, items.length * 2);
}

/** UTC ms, or the text itself when it is no time. */
export function timeOf(chunk: DuckDBDataChunk, column: number, row: number): number | string {
  const text = textOf(chunk, column, row);
  return parseBarTime(text) ?? text;
}

/** Trimmed; "" for NULL. */
export function textOf(chunk: DuckDBDataChunk, column: number, row: number): string {
  return ((chunk.getColumnVector(column).getItem(row) as string | null) ?? "").trim();
}

/** SQL string literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL identifier; `open` and `close` are keywords. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A path as a table function takes it; unescaped, `a[b].csv` would read `ab.csv`. */
export function sqlPath(path: string): string {
  return sqlText(path.replace(/[*?[]/g, "[$&]"));
}
