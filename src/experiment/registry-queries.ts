/** Reading from the registry of runs: lists, and one run whole. */
import type { DatabaseSync } from "node:sqlite";
import { InputError, nearestName } from "../core/errors.ts";
import { METRICS } from "../metrics/catalogue.ts";
import type { RunEntry, RunKind } from "./run-entry.ts";

export interface RunFilter {
  /** Part of the name, in any case. */
  readonly name?: string | undefined;
  /** Beginning of the data hash. */
  readonly data?: string | undefined;
  /** ISO date or time, UTC; runs started then or later. */
  readonly since?: string | undefined;
  /** Beginning of the id of a sweep, or of its hash: its trials. */
  readonly sweep?: string | undefined;
  /** Without it, and without a sweep, runs and sweeps. */
  readonly kind?: RunKind | undefined;
  /** Best first by the metric, undefined values last; without it the latest first. */
  readonly sort?: string | undefined;
  readonly limit: number;
}

/** One line of a list. */
export interface ListedRun {
  readonly id: string;
  readonly name: string;
  readonly kind: RunKind;
  readonly status: RunEntry["status"];
  readonly startedAt: string;
  readonly dataHash: string | null;
  readonly executions: number;
  /** Of a sweep; 0 for anything else. */
  readonly trials: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface SavedRun extends RunEntry {
  /** How often the run was executed; all but the executions are of the last one. */
  readonly executions: readonly RunExecutionLine[];
  /** Of a sweep; 0 for anything else. */
  readonly trials: number;
  /** Configs ever tried on the same data, this one included; 0 without data. */
  readonly triedOnData: number;
}

export interface RunExecutionLine {
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly status: string;
  readonly codeVersion: string;
  readonly codeHash: string;
  readonly returnsHash: string | null;
  readonly error: string | null;
}

/** Whether some run was measured by it: a metric of an extension is in no catalogue. */
export function isMeasured(database: DatabaseSync, metric: string): boolean {
  return database.prepare("SELECT 1 FROM metrics WHERE key = ? LIMIT 1").get(metric) !== undefined;
}

/** @returns the runs within the limit, and how many there are without it */
export function listRuns(database: DatabaseSync, filter: RunFilter): { total: number; runs: ListedRun[] } {
  const asked: [sql: string, value: string | undefined][] = [
    ["instr(lower(name), lower(?)) > 0", filter.name],
    ["instr(data_hash, ?) = 1", filter.data],
    ["started_at >= ?", filter.since],
    ["(instr(parent, ?) = 1 OR (length(?) BETWEEN 4 AND 8 AND substr(parent, -8, length(?)) = ?))", filter.sweep],
    ["kind = ?", filter.kind],
  ];
  const conditions = asked.filter(([, value]) => value !== undefined);
  if (filter.kind === undefined && filter.sweep === undefined) conditions.push(["kind <> ?", "trial"]);
  const condition = conditions.map(([sql]) => sql).join(" AND ");
  const values = conditions.flatMap(([sql, value]) => Array<string>(sql.split("?").length - 1).fill(value!));
  const { total } = database.prepare(`SELECT count(*) AS total FROM runs WHERE ${condition}`).get(...values) as {
    total: number;
  };
  const lowest = METRICS.find(({ key }) => key === filter.sort)?.better === "lower";
  const best = filter.sort === undefined ? "" : `sorted.value IS NULL, sorted.value ${lowest ? "ASC" : "DESC"}, `;
  const rows = database
    .prepare(
      `SELECT runs.key, id, name, kind, status, started_at, data_hash, executions,
       (SELECT count(*) FROM runs AS trial WHERE trial.parent = runs.id) AS trials FROM runs
       LEFT JOIN metrics AS sorted ON sorted.run = runs.key AND sorted.key = ?
       WHERE ${condition} ORDER BY ${best}started_at DESC, id LIMIT ?`,
    )
    .all(filter.sort ?? "", ...values, filter.limit) as unknown as (RunRow & Pick<ListedRun, "trials">)[];
  const runs = rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    status: row.status,
    startedAt: row.started_at,
    dataHash: row.data_hash,
    executions: row.executions,
    trials: row.trials,
    metrics: readMetrics(database, row.key),
  }));
  return { total, runs };
}

/**
 * The id a person means: in full, or the beginning of it or of its hash, as long as only one run fits; for a trial the
 * leaderboard's id too. Trials give way to their sweep.
 *
 * @throws InputError when none or several fit, naming the nearest
 */
export function findRun(database: DatabaseSync, wanted: string): string {
  const fitting = database
    .prepare(
      `SELECT id, kind FROM runs WHERE id = ?1 OR substr(id, 1, length(?1)) = ?1
       OR (length(?1) BETWEEN 4 AND 8 AND substr(id, -8, length(?1)) = ?1)
       OR (length(?1) BETWEEN 4 AND 12 AND instr(id, '/' || ?1) > 0)
       ORDER BY id <> ?1, kind = 'trial', id`,
    )
    .all({ "1": wanted }) as unknown as { id: string; kind: RunKind }[];
  const [first, second] = fitting;
  if (first === undefined || wanted === "") {
    const ids = database.prepare("SELECT id FROM runs ORDER BY kind = 'trial', started_at DESC LIMIT 2000").all();
    const suggestion = nearestName(
      wanted,
      ids.map(({ id }) => id as string),
    );
    throw InputError.of({ where: "run id", rule: "there is no such run", got: wanted, suggestion });
  }
  const alone = second === undefined || first.id === wanted || (first.kind !== "trial" && second.kind === "trial");
  if (alone) return first.id;
  const shown = fitting.slice(0, 3).map(({ id }) => id);
  const more = fitting.length > shown.length ? ` and ${fitting.length - shown.length} more` : "";
  throw InputError.of({ where: "run id", rule: `fits ${shown.join(", ")}${more}`, got: wanted });
}

/** @throws InputError as findRun */
export function readRun(database: DatabaseSync, wanted: string): SavedRun {
  const id = findRun(database, wanted);
  const row = database.prepare("SELECT * FROM runs WHERE id = ?").get(id) as unknown as RunRow;
  const { key } = row;
  const all = <T>(sql: string) => database.prepare(sql).all(key) as unknown as T[];
  const { trials } = database.prepare("SELECT count(*) AS trials FROM runs WHERE parent = ?").get(id) as {
    trials: number;
  };
  const tried = database.prepare("SELECT count(*) AS tried FROM trials WHERE data_hash = ?").get(row.data_hash);
  return {
    id,
    name: row.name,
    kind: row.kind,
    parent: row.parent,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    status: row.status,
    error: row.error,
    workingFolder: row.working_folder,
    out: row.out,
    config: row.config,
    provenance: {
      configHash: row.config_hash,
      dataHash: row.data_hash,
      codeVersion: row.code_version,
      codeHash: row.code_hash,
      seed: row.seed,
      libraries: JSON.parse(row.libraries) as Record<string, string>,
    },
    returnsHash: row.returns_hash,
    sample:
      row.label === null
        ? null
        : {
            label: row.label,
            synthetic: row.synthetic === 1,
            bars: row.bars!,
            assets: row.assets!,
            firstBar: row.first_bar!,
            lastBar: row.last_bar!,
          },
    metrics: readMetrics(database, key),
    timings: all<{ stage: string; ms: number; cached: number }>(
      "SELECT stage, ms, cached FROM timings WHERE run = ? ORDER BY position",
    ).map(({ stage, ms, cached }) => ({ stage, ms, cached: cached === 1 })),
    events: all<RunEntry["events"][number]>("SELECT stage, kind, count FROM events WHERE run = ? ORDER BY stage, kind"),
    warnings: all<{ text: string }>("SELECT text FROM warnings WHERE run = ? ORDER BY position").map(
      ({ text }) => text,
    ),
    artifacts: all<RunEntry["artifacts"][number]>(
      "SELECT name, sha256, bytes FROM artifacts WHERE run = ? ORDER BY position",
    ),
    executions: all<RunExecutionLine>(
      `SELECT started_at AS startedAt, finished_at AS finishedAt, status, code_version AS codeVersion,
       code_hash AS codeHash, returns_hash AS returnsHash, error FROM executions WHERE run = ? ORDER BY started_at, rowid`,
    ),
    trials,
    triedOnData: tried!.tried as number,
  };
}

interface RunRow {
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly kind: RunKind;
  readonly parent: string | null;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly status: RunEntry["status"];
  readonly error: string | null;
  readonly working_folder: string;
  readonly out: string | null;
  readonly config: string;
  readonly config_hash: string;
  readonly data_hash: string | null;
  readonly returns_hash: string | null;
  readonly seed: number;
  readonly code_version: string;
  readonly code_hash: string;
  readonly libraries: string;
  readonly label: string | null;
  readonly synthetic: number | null;
  readonly bars: number | null;
  readonly assets: number | null;
  readonly first_bar: string | null;
  readonly last_bar: string | null;
  readonly executions: number;
}

function readMetrics(database: DatabaseSync, key: number): Record<string, number> {
  const rows = database.prepare("SELECT key, value FROM metrics WHERE run = ?").all(key);
  return Object.fromEntries(rows.map((row) => [row.key as string, (row.value as number | null) ?? Number.NaN]));
}
