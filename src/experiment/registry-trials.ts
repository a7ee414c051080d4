/** What was ever tried on given data, as the registry of runs has it. */
import type { DatabaseSync } from "node:sqlite";

/** One config that was ever run on given data, as it came out last. */
export interface Trial {
  readonly configHash: string;
  readonly firstAt: string;
  /** Equal for two configs with the same returns. */
  readonly returnsHash: string | null;
  /** Per year; NaN = undefined. */
  readonly sharpe: number;
  readonly periods: number;
  readonly periodsPerYear: number;
}

/**
 * Everything ever tried on these data, in any run or sweep, each config once; what a deflated Sharpe ratio has to
 * reckon with. Removing runs takes none away.
 *
 * @returns in order of first try
 */
export function trialsOn(database: DatabaseSync, dataHash: string): Trial[] {
  const rows = database
    .prepare(
      `SELECT config_hash AS configHash, first_at AS firstAt, returns_hash AS returnsHash, sharpe, periods,
       periods_per_year AS periodsPerYear FROM trials WHERE data_hash = ? ORDER BY first_at, config_hash`,
    )
    .all(dataHash) as unknown as Trial[];
  return rows.map((row) => ({
    ...row,
    sharpe: (row.sharpe as number | null) ?? Number.NaN,
    periods: (row.periods as number | null) ?? Number.NaN,
    periodsPerYear: (row.periodsPerYear as number | null) ?? Number.NaN,
  }));
}
