/** File into panels: the S&P 500 table (619,040 rows) as Parquet, CSV and gzipped CSV. Every run is a fresh process;
 *  its clock starts when modules are loaded and runs over DuckDB's start, reading, checks, panels, quality and hash. */
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { sqlPath, withDuckDb } from "../src/data/duckdb-session.ts";
import { loadMarket } from "../src/data/market.ts";

const PARQUET = fileURLToPath(new URL("../../shared/data/sp500_5yr_daily.parquet", import.meta.url));
const RUNS = 7;

interface LoadTiming {
  readonly case: string;
  /** Median, fastest and slowest of the runs in milliseconds. */
  readonly ms: number;
  readonly min: number;
  readonly max: number;
  /** Largest peak resident set of any run in mebibytes. */
  readonly peakMb: number;
}

/** @param options json: an array of timings on stdout instead of a table */
export async function benchLoad(options: { json: boolean }): Promise<void> {
  if (!existsSync(PARQUET)) {
    console.error("load: skipped, ../shared/data/sp500_5yr_daily.parquet is not there");
    if (options.json) console.log("[]");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "ballast-bench-load-"));
  try {
    const csv = join(folder, "sp500.csv");
    await withDuckDb(async (connection) => {
      await connection.run(`COPY (FROM read_parquet(${sqlPath(PARQUET)})) TO ${sqlPath(csv)} (HEADER, DELIMITER ',')`);
    });
    await pipeline(createReadStream(csv), createGzip({ level: 6 }), createWriteStream(`${csv}.gz`));
    const timings = [
      timeLoads("parquet 619,040 rows", PARQUET),
      timeLoads("csv 619,040 rows", csv),
      timeLoads("csv.gz 619,040 rows", `${csv}.gz`),
    ];
    if (options.json) console.log(JSON.stringify(timings));
    else console.table(timings);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timeLoads(name: string, path: string): LoadTiming {
  const runs = Array.from({ length: RUNS }, () => {
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), path], { encoding: "utf8" });
    if (child.status !== 0) throw new Error(`load of ${path} failed: ${child.stderr}`);
    return JSON.parse(child.stdout) as { ms: number; peakMb: number };
  });
  const ms = runs.map((run) => run.ms).sort((a, b) => a - b);
  return {
    case: name,
    ms: Math.round(ms[RUNS >> 1]!),
    min: Math.round(ms[0]!),
    max: Math.round(ms[RUNS - 1]!),
    peakMb: Math.round(Math.max(...runs.map((run) => run.peakMb))),
  };
}

/** What a child process does: one load, its figures on stdout. The file has rows that break the OHLC rule: clip. */
async function loadOnce(path: string): Promise<void> {
  await import("@duckdb/node-api");
  const start = performance.now();
  await loadMarket({ path, repair: "clip", delistAfterBars: 20 });
  const ms = performance.now() - start;
  console.log(JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024 }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== undefined) await loadOnce(process.argv[2]);
  else await benchLoad({ json: false });
}
