/** Which version of its tables an SQLite file has, and how it is brought up to the last: `user_version` counts the
 *  migrations it has had, `application_id` says whose file it is. */
import type { DatabaseSync } from "node:sqlite";
import { InputError } from "../core/errors.ts";

/** One kind of file that ballast keeps its own records in. */
export interface StoreKind {
  /** With its article, for people: "a registry of runs". */
  readonly noun: string;
  /** The option that names the file. */
  readonly option: string;
  /** What to say where there is none. */
  readonly missing: string;
  /** Tells it from any other SQLite file. */
  readonly applicationId: number;
  /** In order; one is never changed once released, the next is appended. */
  readonly migrations: readonly string[];
  /** `table(column,...)` of files from before they were marked, which the first migration leaves as they are. */
  readonly unmarked?: string;
}

/**
 * Brings a file up to the last migration, making the tables of a new one. Safe with several processes at once.
 *
 * @throws InputError when the file is a database of something else, or of a newer version
 */
export function migrate(database: DatabaseSync, path: string, kind: StoreKind): void {
  const { applicationId, migrations } = kind;
  if (storeVersion(database, path, kind) === migrations.length) return;
  database.exec("BEGIN IMMEDIATE");
  // another process may have been faster
  const version = storeVersion(database, path, kind);
  for (const statements of migrations.slice(version)) database.exec(statements);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
}

/**
 * How many migrations the file has had; 0 for a database without a single table.
 *
 * @throws InputError as migrate
 */
export function storeVersion(database: DatabaseSync, path: string, kind: StoreKind): number {
  const { noun, applicationId, migrations } = kind;
  const { application_id: application, user_version: version } = {
    ...database.prepare("PRAGMA application_id").get(),
    ...database.prepare("PRAGMA user_version").get(),
  } as { application_id: number; user_version: number };
  const own = application === applicationId || (application === 0 && ["", kind.unmarked].includes(tablesOf(database)));
  if (!own) throw InputError.of({ where: path, rule: `is an SQLite database, but not ${noun}` });
  const known = migrations.length;
  if (version > known)
    throw InputError.of({
      where: path,
      rule: `is ${noun} of version ${version}, and this ballast knows versions up to ${known}: use a newer one`,
    });
  return version;
}

/** `table(column,...)` of every table, by name; "" without one. */
function tablesOf(database: DatabaseSync): string {
  const tables = database
    .prepare(
      `SELECT name, (SELECT group_concat(name) FROM pragma_table_info(tables.name)) AS columns
       FROM sqlite_schema AS tables WHERE type IN ('table', 'view') ORDER BY name`,
    )
    .all() as { name: string; columns: string }[];
  return tables.map(({ name, columns }) => `${name}(${columns})`).join(" ");
}
