/** A finished sweep and its trials in the registry, and what the registry knows of earlier ones. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { AxisValue } from "../core/sweep-record.ts";
import { expectedFailure } from "../core/system-failure.ts";
import { formatBarTime } from "../data/calendar.ts";
import { codeVersion } from "../experiment/code-version.ts";
import { configWriter } from "../experiment/config-text.ts";
import { useRegistry } from "../experiment/registry-file.ts";
import { trialsOn } from "../experiment/registry-trials.ts";
import { configHash, resolvedConfig } from "../experiment/resolved-config.ts";
import { writtenArtifacts } from "../experiment/run-artifacts.ts";
import { type RunEntry, returnsHash, withExtensions } from "../experiment/run-entry.ts";
import type { EarlierTrial } from "../sweep/overfitting.ts";
import type { SweepRun } from "../sweep/run-sweep.ts";
import { printWarning } from "./output.ts";
import { recordEntries } from "./record-run.ts";
import type { SavedSweep } from "./save-sweep.ts";

export interface RecordedSweep {
  readonly registry: string;
  readonly startedAt: string;
  /** The experiment file. */
  readonly experiment: string;
}

/**
 * Every trial the registry has on these data, those with the same returns as one: another name makes no other trial. None
 * where there is no registry yet, or, with a warning, where it cannot be read.
 */
export function earlierTrials(registry: string, dataHash: string): EarlierTrial[] {
  if (!existsSync(registry)) return [];
  try {
    const trials = useRegistry(registry, "read", (database) => trialsOn(database, dataHash));
    const different = Map.groupBy(trials, ({ returnsHash, configHash }) => returnsHash ?? configHash);
    return Array.from(different.values(), (alike) => {
      const { returnsHash, sharpe, periodsPerYear } = alike[0]!;
      return { returnsHash, sharpe: sharpe / Math.sqrt(periodsPerYear) };
    });
  } catch (error) {
    const said = expectedFailure(error);
    if (said === undefined) throw error;
    printWarning(
      `earlier trials on these data are not known, the deflated Sharpe ratio counts this sweep's alone: ${said}`,
    );
    return [];
  }
}

export function recordSweep(run: SweepRun, saved: SavedSweep, where: RecordedSweep): void {
  recordEntries(where.registry, saved, "the sweep and its trials were not recorded", () =>
    sweepEntries(run, saved, where, new Date().toISOString()),
  );
}

function sweepEntries(
  { record, done, failed, configHash: sweepHash, left }: SweepRun,
  { out, before, notes }: SavedSweep,
  where: RecordedSweep,
  finishedAt: string,
): RunEntry[] {
  const { libraries } = codeVersion();
  const timeOf = formatBarTime(record.bars.time);
  const provenance = (configHash: string) => withExtensions({ ...record.provenance, configHash, libraries });
  const common = {
    startedAt: where.startedAt,
    finishedAt,
    workingFolder: process.cwd(),
    timings: [],
    events: [],
    warnings: [],
  };
  const whole: RunEntry = {
    ...common,
    id: record.id,
    name: record.name,
    kind: "sweep",
    parent: null,
    status: left > 0 ? "running" : "done",
    error: null,
    out: resolve(out),
    config: record.config,
    provenance: provenance(sweepHash),
    returnsHash: null,
    sample: null,
    metrics: {},
    timings: notes.timings,
    warnings: record.warnings,
    artifacts: writtenArtifacts(out, before),
  };
  const textOf = configWriter();
  const trials = record.trials.flatMap(({ index, id, values, metrics, error }): RunEntry[] => {
    const equity = done.get(index)?.equity;
    const config = done.get(index)?.config ?? failed.get(index);
    if (config === undefined) return [];
    const resolved = resolvedConfig(config, record.periodsPerYear, where.experiment);
    const hash = configHash(resolved, record.provenance.extensions ?? []);
    return [
      {
        ...common,
        // the leaderboard's, by which people know it; configs that come to the same trial are still different configs
        id: `${record.id}/${id}-${hash.slice(0, 8)}`,
        name: record.name,
        kind: "trial",
        parent: record.id,
        status: equity === undefined ? "failed" : "done",
        error,
        out: null,
        config: textOf(resolved as Readonly<Record<string, unknown>>),
        provenance: provenance(hash),
        returnsHash: equity === undefined ? null : returnsHash(equity),
        sample: {
          label: record.axes.flatMap(({ path }, a) => labelOf(path, values[a])).join(" "),
          synthetic: record.synthetic,
          bars: record.bars.time.length,
          assets: record.bars.assets.length,
          firstBar: timeOf(record.bars.time[0]!),
          lastBar: timeOf(record.bars.time.at(-1)!),
        },
        metrics,
        artifacts: [],
      },
    ];
  });
  return [whole, ...trials];
}

/** Nothing for an axis that the trial has no value on. */
function labelOf(path: string, value: AxisValue | undefined): string[] {
  return value === undefined ? [] : [`${path}=${value}`];
}
