/** Long tables for tests, written to folders of their own. */

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sqlPath, withDuckDb } from "../../src/data/duckdb-session.ts";
import { loadMarket, type Market, type MarketOptions } from "../../src/data/market.ts";
import { tempDir, tempFile } from "../support/files.ts";

export const HEADER = "date,symbol,open,high,low,close,volume";
export const DAY = 86_400_000;

/** A CSV of the given lines under the standard header; returns its path. */
export function longCsv(...lines: readonly string[]): string {
  return tempFile("prices.csv", `${[HEADER, ...lines].join("\n")}\n`);
}

export function gzipped(content: string): string {
  return tempFile("prices.csv.gz", gzipSync(content));
}

/** A Parquet file holding what the SELECT gives; returns its path. */
export async function parquetOf(select: string): Promise<string> {
  const path = join(tempDir(), "prices.parquet");
  await withDuckDb(async (connection) => {
    await connection.run(`COPY (${select}) TO ${sqlPath(path)} (FORMAT parquet)`);
  });
  return path;
}

/** loadMarket, an asset gone after 20 bars unless the options say otherwise. */
export function load(options: Omit<MarketOptions, "delistAfterBars"> & Partial<MarketOptions>): Promise<Market> {
  return loadMarket({ delistAfterBars: 20, ...options });
}

/** The message of what `work` throws, its folder removed so that texts can be compared. */
export async function messageOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    const { name, message } = error as Error;
    return (name === "InputError" ? "" : `${name} `) + message.replace(/\S*\/ballast-test-[^/]+\//g, "");
  }
  return "nothing was thrown";
}

/** UTC ms of an ISO date. */
export function day(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}
