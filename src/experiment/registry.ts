/** Writing to the registry of runs: entries in, entries out, each call one transaction. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { InputError } from "../core/errors.ts";
import type { RunEntry } from "./run-entry.ts";
import { inTransaction } from "./sqlite-store.ts";

/** Columns of `runs` that an entry fills. */
const COLUMNS = [
  "id",
  "name",
  "kind",
  "parent",
  "started_at",
  "finished_at",
  "status",
  "error",
  "working_folder",
  "out",
  "config",
  "config_hash",
  "data_hash",
  "returns_hash",
  "seed",
  "code_version",
  "code_hash",
  "libraries",
  "label",
  "synthetic",
  "bars",
  "assets",
  "first_bar",
  "last_bar",
] as const;

/**
 * Records entries, all or none. An id that is there already is the same config on the same data run again: its row is
 * replaced by the later one and its executions are counted, each keeping a line of its own; an entry that was "running"
 * is completed. Every outcome of a run or trial also counts as a trial on its data, once per config.
 *
 * @throws InputError when an id stands for another config
 */
export function recordRuns(database: DatabaseSync, entries: readonly RunEntry[]): void {
  inTransaction(database, () => {
    const insert = insertStatements(database);
    for (const entry of entries) recordRun(insert, entry);
  });
}

/**
 * Takes a run, and the trials of a sweep with it, out of the registry. What was tried on which data stays counted.
 *
 * @returns how many rows went
 */
export function removeRun(database: DatabaseSync, id: string): number {
  return inTransaction(database, () =>
    Number(database.prepare("DELETE FROM runs WHERE id = ? OR parent = ?").run(id, id).changes),
  );
}

interface InsertStatements {
  readonly run: StatementSync;
  readonly clear: readonly StatementSync[];
  readonly execution: StatementSync;
  readonly metric: StatementSync;
  readonly timing: StatementSync;
  readonly event: StatementSync;
  readonly warning: StatementSync;
  readonly artifact: StatementSync;
  readonly trial: StatementSync;
}

function insertStatements(database: DatabaseSync): InsertStatements {
  const prepare = (sql: string) => database.prepare(sql);
  const replaced = COLUMNS.filter((column) => column !== "id").map((column) => `${column} = excluded.${column}`);
  return {
    run: prepare(
      `INSERT INTO runs (${COLUMNS.join(", ")}, executions) VALUES (${COLUMNS.map(() => "?").join(", ")}, 1)
       ON CONFLICT (id) DO UPDATE SET ${replaced.join(", ")}, executions = executions + (runs.status <> 'running')
       WHERE runs.config_hash = excluded.config_hash RETURNING key`,
    ),
    clear: ["metrics", "timings", "events", "warnings", "artifacts"].map((table) =>
      prepare(`DELETE FROM ${table} WHERE run = ?`),
    ),
    execution: prepare("INSERT INTO executions VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
    metric: prepare("INSERT INTO metrics VALUES (?, ?, ?)"),
    timing: prepare("INSERT INTO timings VALUES (?, ?, ?, ?, ?)"),
    event: prepare("INSERT INTO events VALUES (?, ?, ?, ?)"),
    warning: prepare("INSERT INTO warnings VALUES (?, ?, ?)"),
    artifact: prepare("INSERT INTO artifacts VALUES (?, ?, ?, ?, ?)"),
    trial: prepare(
      `INSERT INTO trials VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (data_hash, config_hash) DO UPDATE SET
       first_at = min(first_at, excluded.first_at), returns_hash = excluded.returns_hash, sharpe = excluded.sharpe,
       periods = excluded.periods, periods_per_year = excluded.periods_per_year`,
    ),
  };
}

function recordRun(insert: InsertStatements, entry: RunEntry): void {
  const { provenance, sample } = entry;
  const row = insert.run.get(
    entry.id,
    entry.name,
    entry.kind,
    entry.parent,
    entry.startedAt,
    entry.finishedAt,
    entry.status,
    entry.error,
    entry.workingFolder,
    entry.out,
    entry.config,
    provenance.configHash,
    provenance.dataHash,
    entry.returnsHash,
    provenance.seed,
    provenance.codeVersion,
    provenance.codeHash,
    JSON.stringify(provenance.libraries),
    sample?.label ?? null,
    sample === null ? null : Number(sample.synthetic),
    sample?.bars ?? null,
    sample?.assets ?? null,
    sample?.firstBar ?? null,
    sample?.lastBar ?? null,
  ) as { key: number } | undefined;
  if (row === undefined)
    throw InputError.of({
      where: entry.id,
      rule: "this id is taken by another config: give the experiment a new name",
    });
  recordDetails(insert, row.key, entry);
  if (entry.status === "running") return;
  insert.execution.run(
    row.key,
    entry.startedAt,
    entry.finishedAt,
    entry.status,
    provenance.codeVersion,
    provenance.codeHash,
    entry.returnsHash,
    entry.error,
  );
  if (entry.kind === "sweep" || entry.status !== "done" || provenance.dataHash === null) return;
  const { sharpe, periods, periods_per_year } = entry.metrics;
  insert.trial.run(
    provenance.dataHash,
    provenance.configHash,
    entry.startedAt,
    entry.returnsHash,
    defined(sharpe),
    defined(periods),
    defined(periods_per_year),
  );
}

/** Replaces what hangs on the run's row. */
function recordDetails(insert: InsertStatements, key: number, entry: RunEntry): void {
  for (const statement of insert.clear) statement.run(key);
  for (const [metric, value] of Object.entries(entry.metrics)) insert.metric.run(key, metric, defined(value));
  for (const [i, { stage, ms, cached }] of entry.timings.entries())
    insert.timing.run(key, i, stage, ms, Number(cached ?? false));
  for (const { stage, kind, count } of entry.events) insert.event.run(key, stage, kind, count);
  for (const [i, warning] of entry.warnings.entries()) insert.warning.run(key, i, warning);
  for (const [i, { name, sha256, bytes }] of entry.artifacts.entries())
    insert.artifact.run(key, i, name, sha256, bytes);
}

/** NULL stands for NaN. */
function defined(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
