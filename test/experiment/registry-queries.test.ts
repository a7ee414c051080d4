import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordRuns } from "../../src/experiment/registry.ts";
import { useRegistry } from "../../src/experiment/registry-file.ts";
import { findRun, listRuns, type RunFilter, readRun } from "../../src/experiment/registry-queries.ts";
import type { RunEntry } from "../../src/experiment/run-entry.ts";
import { tempDir } from "../support/files.ts";
import { fabricateRunEntry, hash } from "./fabricate-run-entry.ts";

function registryOf(...entries: readonly RunEntry[]): string {
  const path = join(tempDir(), "runs.db");
  useRegistry(path, "record", (database) => recordRuns(database, entries));
  return path;
}

const day = (d: number) => ({ startedAt: `2026-03-0${d}T12:00:00.000Z` });
const metric = (sharpe: number, turnover: number) => ({ metrics: { sharpe, turnover } });

describe("listRuns", () => {
  const { provenance } = fabricateRunEntry("x-0");
  const path = registryOf(
    fabricateRunEntry("alpha-00000001", { ...day(1), ...metric(0.5, 9) }),
    fabricateRunEntry("beta-00000002", { ...day(2), ...metric(Number.NaN, 1) }),
    fabricateRunEntry("Alpha_two-00000003", { ...day(3), ...metric(-1, 4) }),
    fabricateRunEntry("gamma-00000004", {
      ...day(4),
      ...metric(2, Number.NaN),
      kind: "sweep",
      provenance: { ...provenance, configHash: "g", dataHash: hash("f") },
    }),
    fabricateRunEntry("gamma-00000004/aaaaaaaa", { ...day(4), kind: "trial", parent: "gamma-00000004" }),
  );
  const names = (filter: Partial<RunFilter>) =>
    useRegistry(path, "read", (database) => listRuns(database, { limit: 20, ...filter })).runs.map(({ name }) => name);

  test.each<[string, Partial<RunFilter>, string[]]>([
    ["the latest first, trials left out", {}, ["gamma", "Alpha_two", "beta", "alpha"]],
    ["a part of the name in any case", { name: "ALPHA" }, ["Alpha_two", "alpha"]],
    ["underscores and percent signs mean themselves", { name: "a_" }, ["Alpha_two"]],
    ["the beginning of a data hash, not its middle", { data: "dd" }, ["Alpha_two", "beta", "alpha"]],
    ["no such data", { data: "fd" }, []],
    ["since a day, that day included", { since: "2026-03-03" }, ["gamma", "Alpha_two"]],
    ["a kind", { kind: "sweep" }, ["gamma"]],
    ["trials when asked for", { kind: "trial" }, ["gamma-00000004/aaaaaaaa".replace(/-[^-]*$/, "")]],
    [
      "the trials of a sweep by the beginning of its id",
      { sweep: "gamma-0" },
      ["gamma-00000004/aaaaaaaa".replace(/-[^-]*$/, "")],
    ],
    ["the trials of a sweep by its hash", { sweep: "00000004" }, ["gamma-00000004/aaaaaaaa".replace(/-[^-]*$/, "")]],
    ["no trials of a sweep by a digit or two", { sweep: "00" }, []],
    ["no trials of what is no sweep", { sweep: "alpha" }, []],
    ["filters together", { name: "alpha", since: "2026-03-02" }, ["Alpha_two"]],
    ["highest first, undefined last", { sort: "sharpe" }, ["gamma", "alpha", "Alpha_two", "beta"]],
    ["lowest first where less is better", { sort: "turnover" }, ["beta", "Alpha_two", "alpha", "gamma"]],
    ["a metric that none has: the latest first", { sort: "alpha" }, ["gamma", "Alpha_two", "beta", "alpha"]],
    ["a limit", { limit: 2 }, ["gamma", "Alpha_two"]],
  ])("%s", (_, filter, expected) => {
    expect(names(filter)).toEqual(expected);
  });

  test("tells how many there are beyond the limit, and every metric of those within", () => {
    const { total, runs } = useRegistry(path, "read", (database) => listRuns(database, { limit: 1, sort: "sharpe" }));
    expect(total).toBe(4);
    expect(runs).toEqual([
      {
        id: "gamma-00000004",
        name: "gamma",
        kind: "sweep",
        status: "done",
        startedAt: "2026-03-04T12:00:00.000Z",
        dataHash: hash("f"),
        executions: 1,
        trials: 1,
        metrics: { sharpe: 2, turnover: Number.NaN },
      },
    ]);
  });
});

describe("findRun", () => {
  const path = registryOf(
    fabricateRunEntry("momentum-1a2b3c4d"),
    fabricateRunEntry("momentum-1a2bffff"),
    fabricateRunEntry("momentum"),
    fabricateRunEntry("sweep-00000001", { kind: "sweep" }),
    fabricateRunEntry("sweep-00000001/aaaa1111", { kind: "trial", parent: "sweep-00000001" }),
    fabricateRunEntry("sweep-00000001/aaaa2222", { kind: "trial", parent: "sweep-00000001" }),
    fabricateRunEntry("sweep-00000001/bbbb1111-cccc1111", { kind: "trial", parent: "sweep-00000001" }),
    fabricateRunEntry("sweep-00000001/bbbb2222-cccc2222", { kind: "trial", parent: "sweep-00000001" }),
    fabricateRunEntry("sweep-00000001/bbbb2222-cccc3333", { kind: "trial", parent: "sweep-00000001" }),
  );
  const find = (wanted: string) => useRegistry(path, "read", (database) => findRun(database, wanted));

  test.each([
    ["momentum-1a2b3c4d", "momentum-1a2b3c4d"],
    ["momentum-1a2b3", "momentum-1a2b3c4d"],
    ["1a2b3", "momentum-1a2b3c4d"],
    ["momentum", "momentum"],
    ["swe", "sweep-00000001"],
    ["0000", "sweep-00000001"],
    ["aaaa2", "sweep-00000001/aaaa2222"],
    ["bbbb1111", "sweep-00000001/bbbb1111-cccc1111"],
    ["sweep-00000001/bbbb1111", "sweep-00000001/bbbb1111-cccc1111"],
    ["cccc3333", "sweep-00000001/bbbb2222-cccc3333"],
  ])("%s is %s", (wanted, id) => {
    expect(find(wanted)).toBe(id);
  });

  test.each([
    ["mom", 'run id: fits momentum, momentum-1a2b3c4d, momentum-1a2bffff, got "mom"'],
    ["1a2b", 'run id: fits momentum-1a2b3c4d, momentum-1a2bffff, got "1a2b"'],
    ["bbbb2222", 'run id: fits sweep-00000001/bbbb2222-cccc2222, sweep-00000001/bbbb2222-cccc3333, got "bbbb2222"'],
    ["momentum-1a2b3c4e", 'run id: there is no such run, got "momentum-1a2b3c4e", did you mean "momentum-1a2b3c4d"?'],
    ["MOMENTUM", 'run id: there is no such run, got "MOMENTUM", did you mean "momentum"?'],
    ["%", 'run id: there is no such run, got "%"'],
    ["", 'run id: there is no such run, got ""'],
  ])("%j is refused with the nearest", (wanted, message) => {
    expect(() => find(wanted)).toThrow(message);
  });

  test("a sweep knows how many trials it has", () => {
    expect(useRegistry(path, "read", (database) => readRun(database, "swe")).trials).toBe(5);
  });
});
