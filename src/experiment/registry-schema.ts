/** Tables of the registry of runs. */
import type { StoreKind } from "./store-version.ts";

/**
 * One row a run, the latest of its executions; one row in `executions` for each of them. `trials` holds what was ever
 * tried on which data and stays when a run is removed: that something was looked at cannot be undone.
 */
const FIRST = `
  CREATE TABLE runs (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('run', 'sweep', 'trial')),
    parent TEXT,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed')),
    error TEXT,
    working_folder TEXT NOT NULL,
    out TEXT,
    config TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    data_hash TEXT,
    returns_hash TEXT,
    seed INTEGER NOT NULL,
    code_version TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    libraries TEXT NOT NULL,
    label TEXT,
    synthetic INTEGER,
    bars INTEGER,
    assets INTEGER,
    first_bar TEXT,
    last_bar TEXT,
    executions INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX runs_by_time ON runs (started_at);
  CREATE INDEX runs_by_parent ON runs (parent) WHERE parent IS NOT NULL;
  CREATE TABLE executions (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    status TEXT NOT NULL,
    code_version TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    returns_hash TEXT,
    error TEXT
  ) STRICT;
  CREATE INDEX executions_by_run ON executions (run);
  CREATE TABLE metrics (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    key TEXT NOT NULL,
    value REAL,
    PRIMARY KEY (run, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE timings (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    position INTEGER NOT NULL,
    stage TEXT NOT NULL,
    ms REAL NOT NULL,
    cached INTEGER NOT NULL,
    PRIMARY KEY (run, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE events (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    stage TEXT NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run, stage, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE warnings (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE artifacts (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (run, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE trials (
    data_hash TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    first_at TEXT NOT NULL,
    returns_hash TEXT,
    sharpe REAL,
    periods REAL,
    periods_per_year REAL,
    PRIMARY KEY (data_hash, config_hash)
  ) STRICT, WITHOUT ROWID;
`;

export const REGISTRY: StoreKind = {
  noun: "a registry of runs",
  option: "--registry",
  missing: "there is no such registry: `ballast run` makes it",
  // "BLST"
  applicationId: 0x42_4c_53_54,
  migrations: [FIRST],
};
