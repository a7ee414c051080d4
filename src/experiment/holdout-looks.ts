/** How many different experiments have looked at a holdout. The more did, the less its numbers mean. Append-only. */
import type { Provenance } from "../core/contracts.ts";
import { expectedFailure } from "../core/system-failure.ts";
import type { ExperimentConfig } from "./schema.ts";
import { useStore } from "./sqlite-store.ts";
import type { StoreKind } from "./store-version.ts";

const FIRST = `
  CREATE TABLE IF NOT EXISTS looks (
    data_hash TEXT NOT NULL, holdout_start TEXT NOT NULL, config_hash TEXT NOT NULL, experiment TEXT NOT NULL,
    first_looked_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    PRIMARY KEY (data_hash, holdout_start, config_hash)
  ) STRICT;
  CREATE TRIGGER IF NOT EXISTS looks_are_final BEFORE UPDATE ON looks
    BEGIN SELECT RAISE(ABORT, 'looks are never changed'); END;
  CREATE TRIGGER IF NOT EXISTS looks_stay BEFORE DELETE ON looks
    BEGIN SELECT RAISE(ABORT, 'looks are never deleted'); END;
`;

const LOOKS: StoreKind = {
  noun: "a count of looks at holdouts",
  option: "state folder",
  missing: "no look was ever counted",
  // "BLSL"
  applicationId: 0x42_4c_53_4c,
  migrations: [FIRST],
  unmarked: "looks(data_hash,holdout_start,config_hash,experiment,first_looked_at)",
};

export interface HoldoutLook {
  readonly dataHash: string;
  readonly holdoutStart: string;
  readonly configHash: string;
  /** Its name, for people. */
  readonly experiment: string;
}

/**
 * Notes a look; the same experiment on the same data is one look however often it runs.
 *
 * @param store file, made where it is missing
 * @returns how many there are at this holdout, this one included
 * @throws as useStore
 */
export function countHoldoutLook(store: string, look: HoldoutLook): number {
  const { dataHash, holdoutStart, configHash, experiment } = look;
  return useStore(LOOKS, store, "record", (database) => {
    database
      .prepare(
        "INSERT INTO looks (data_hash, holdout_start, config_hash, experiment) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      )
      .run(dataHash, holdoutStart, configHash, experiment);
    const { count } = database
      .prepare("SELECT count(*) AS count FROM looks WHERE data_hash = ? AND holdout_start = ?")
      .get(dataHash, holdoutStart) as { count: number };
    return count;
  });
}

export interface NotedLook {
  /** Different experiments that looked, this one included; null without a holdout, or where they cannot be counted. */
  readonly looks: number | null;
  readonly warnings: readonly string[];
}

/** Counts a run's look at its own holdout. It has looked by then, so that a store that cannot be written is a warning. */
export function noteHoldoutLook(
  store: string,
  { name, validation }: Pick<ExperimentConfig, "name" | "validation">,
  { dataHash, configHash }: Pick<Provenance, "dataHash" | "configHash">,
): NotedLook {
  if (validation === undefined) return { looks: null, warnings: [] };
  try {
    const look = { dataHash, configHash, holdoutStart: validation.holdout_start, experiment: name };
    return { looks: countHoldoutLook(store, look), warnings: [] };
  } catch (error) {
    const fault = expectedFailure(error);
    if (fault === undefined) throw error;
    return { looks: null, warnings: [`this look at the holdout was not counted: ${fault}`] };
  }
}
