/** Entries of runs that never were, for tests of the registry. */
import type { RunEntry } from "../../src/experiment/run-entry.ts";

export const hash = (digit: string) => digit.repeat(64);

/** A finished run with every field filled; `id` decides its config hash, so that two ids are two configs. */
export function fabricateRunEntry(id: string, changes: Partial<RunEntry> = {}): RunEntry {
  return {
    id,
    name: id.replace(/-[^-]*$/, ""),
    kind: "run",
    parent: null,
    startedAt: "2026-01-02T03:04:05.000Z",
    finishedAt: "2026-01-02T03:04:06.000Z",
    status: "done",
    error: null,
    workingFolder: "/project",
    out: `/reports/${id}`,
    config: `name: ${id}\nallocation:\n  method: hrp\n`,
    provenance: {
      configHash: `config of ${id}`,
      dataHash: hash("d"),
      codeVersion: "0.1.0",
      codeHash: hash("c"),
      seed: 7,
      libraries: { node: "24.0.0", yaml: "2.0.0" },
    },
    returnsHash: `returns of ${id}`,
    sample: {
      label: "hrp",
      synthetic: true,
      bars: 252,
      assets: 5,
      firstBar: "2024-01-01",
      lastBar: "2024-12-31",
    },
    metrics: { sharpe: 1, cagr: 0.1, max_drawdown: -0.2, turnover: 3, periods: 251, periods_per_year: 252 },
    timings: [
      { stage: "load prices", ms: 12.5, cached: true },
      { stage: "execute", ms: 3, cached: false },
    ],
    events: [{ stage: "execution", kind: "delisted", count: 2 }],
    warnings: ["first", "second"],
    artifacts: [{ name: "equity.csv", sha256: hash("e"), bytes: 99 }],
    ...changes,
  };
}
