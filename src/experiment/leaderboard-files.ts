/** The trials of a sweep as files for other programs: leaderboard.csv and leaderboard.parquet with every trial, axis
 *  and metric, and the equity of the best as top_equity.csv. */
import { join } from "node:path";
import type { AxisValue, SweepRecord, Trial } from "../core/sweep-record.ts";
import { type TableColumn, writeTable, writeWideCsv } from "../data/csv-writer.ts";
import { type ParquetWriteColumn, writeParquet } from "../data/parquet-writer.ts";
import { METRICS } from "../metrics/catalogue.ts";

const FIXED = ["rank", "index", "id", "state", "error"] as const;

/**
 * rank,index,id,state,<axis paths>,<metric keys>,error: ranked trials first, best first, then the others by index.
 *
 * Rank is 1 for the best, empty for a trial outside the ranking. Empty too: the value of an axis that does not apply,
 * a metric that is undefined, the error of a trial that is done. An axis is a number or boolean column when all its
 * values are, otherwise text; in Parquet an empty cell is NULL. Axis columns go by their path, `axis.<path>` where that
 * is another column's name.
 *
 * @param out folder, which exists
 */
export async function writeLeaderboard(out: string, record: SweepRecord): Promise<void> {
  const columns = leaderboardColumns(record);
  await writeTable(join(out, "leaderboard.csv"), columns.map(csvColumn));
  await writeParquet(join(out, "leaderboard.parquet"), columns);
  await writeTopEquity(join(out, "top_equity.csv"), record);
}

/** date,trial_<index>..., best first. */
async function writeTopEquity(path: string, { bars, best }: SweepRecord): Promise<void> {
  const T = bars.time.length;
  const values = new Float64Array(T * best.length);
  for (const [k, { equity }] of best.entries()) for (let t = 0; t < T; t++) values[t * best.length + k] = equity[t]!;
  const names = best.map(({ trial }) => `trial_${trial}`);
  await writeWideCsv(path, bars.time, names, values);
}

function leaderboardColumns(record: SweepRecord): ParquetWriteColumn[] {
  const { trials, rank } = ordered(record);
  const metrics = metricKeys(trials);
  const taken = new Set<string>([...FIXED, ...metrics].map((name) => name.toLowerCase()));
  const axes = record.axes.map(({ path, values }, a): ParquetWriteColumn => {
    const name = taken.has(path.toLowerCase()) ? `axis.${path}` : path;
    return axisColumn(
      name,
      values,
      trials.map((trial) => trial.values[a]),
    );
  });
  return [
    { name: "rank", type: "INTEGER", values: rank },
    { name: "index", type: "INTEGER", values: trials.map(({ index }) => index) },
    { name: "id", type: "VARCHAR", values: trials.map(({ id }) => (id === "" ? null : id)) },
    { name: "state", type: "VARCHAR", values: trials.map(({ state }) => state) },
    ...axes,
    ...metrics.map(
      (key): ParquetWriteColumn => ({
        name: key,
        type: "DOUBLE",
        values: trials.map((trial) => trial.metrics[key] ?? Number.NaN),
      }),
    ),
    { name: "error", type: "VARCHAR", values: trials.map(({ error }) => error) },
  ];
}

/** Rank NaN = outside the ranking. */
function ordered({ trials, ranking }: SweepRecord): { trials: Trial[]; rank: number[] } {
  const place = new Map(ranking.map((index, k) => [index, k + 1]));
  const of = ({ index }: Trial): number => place.get(index) ?? Number.NaN;
  const last = (rank: number): number => (rank === rank ? rank : Number.MAX_SAFE_INTEGER);
  const sorted = [...trials].sort((a, b) => last(of(a)) - last(of(b)) || a.index - b.index);
  return { trials: sorted, rank: sorted.map(of) };
}

/** In the order of the catalogue, then those it does not know by name. */
function metricKeys(trials: readonly Trial[]): string[] {
  const present = new Set(trials.flatMap(({ metrics }) => Object.keys(metrics)));
  const known = METRICS.map(({ key }) => key as string).filter((key) => present.has(key));
  return [...known, ...[...present].filter((key) => !known.includes(key)).sort()];
}

function axisColumn(
  name: string,
  tried: readonly AxisValue[],
  cells: readonly (AxisValue | undefined)[],
): ParquetWriteColumn {
  if (tried.every((value) => typeof value === "number"))
    return { name, type: "DOUBLE", values: cells.map((value) => (value === undefined ? Number.NaN : Number(value))) };
  if (tried.every((value) => typeof value === "boolean"))
    return { name, type: "BOOLEAN", values: cells.map((value) => (value === undefined ? null : value === true)) };
  return { name, type: "VARCHAR", values: cells.map((value) => (value === undefined ? null : String(value))) };
}

function csvColumn(column: ParquetWriteColumn): TableColumn {
  if (column.type === "INTEGER" || column.type === "DOUBLE") return [column.name, column.values];
  return [column.name, column.values.map((value) => (value === null ? "" : String(value)))];
}
