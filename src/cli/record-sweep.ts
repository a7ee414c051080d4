/** A finished sweep and its trials in the registry, and what the registry knows of earlier ones. */
import { resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import { formatBarTime } from "../data/calendar.ts";
import { codeVersion } from "../experiment/code-version.ts";
import { configWriter } from "../experiment/config-text.ts";
import { recordRuns } from "../experiment/registry.ts";
import { useRegistry } from "../experiment/registry-file.ts";
import { trialsOn } from "../experiment/registry-queries.ts";
import { resolvedConfig } from "../experiment/resolved-config.ts";
import { type FolderMarks, writtenArtifacts } from "../experiment/run-artifacts.ts";
import { type RunEntry, returnsHash } from "../experiment/run-entry.ts";
import type { EarlierTrial } from "../sweep/overfitting.ts";
import type { SweepRun } from "../sweep/run-sweep.ts";
import { printWarning } from "./output.ts";

export interface RecordedSweep {
  readonly registry: string;
  /** Folder of the sweep's files, and what was in it before. */
  readonly out: string;
  readonly before: FolderMarks;
  readonly startedAt: string;
  /** The experiment file. */
  readonly experiment: string;
}

/** Every trial the registry has on these data; none where there is no registry yet, or it cannot be read. */
export function earlierTrials(registry: string, dataHash: string): EarlierTrial[] {
  try {
    return useRegistry(registry, "read", (database) =>
      trialsOn(database, dataHash).map((trial) => ({
        returnsHash: trial.returnsHash,
        sharpe: trial.sharpe / Math.sqrt(trial.periodsPerYear),
      })),
    );
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** A registry or folder that cannot be read or written is a warning. */
export function recordSweep(run: SweepRun, where: RecordedSweep): void {
  try {
    const entries = sweepEntries(run, where, new Date().toISOString());
    useRegistry(where.registry, "record", (database) => recordRuns(database, entries));
  } catch (error) {
    const expected = error instanceof InputError || (error as NodeJS.ErrnoException).code !== undefined;
    if (!expected) throw error;
    printWarning(`the sweep was not recorded: ${(error as Error).message}`);
  }
}

function sweepEntries(
  { record, done, configHash: sweepHash, left }: SweepRun,
  where: RecordedSweep,
  finishedAt: string,
): RunEntry[] {
  const { libraries } = codeVersion();
  const timeOf = formatBarTime(record.bars.time);
  const provenance = (configHash: string) => ({ ...record.provenance, configHash, libraries });
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
    out: resolve(where.out),
    config: record.config,
    provenance: provenance(sweepHash),
    returnsHash: null,
    sample: null,
    metrics: {},
    artifacts: writtenArtifacts(where.out, where.before),
  };
  const textOf = configWriter();
  const trials = record.trials.flatMap(({ index, metrics }): RunEntry[] => {
    const trial = done.get(index);
    if (trial === undefined) return [];
    const resolved = resolvedConfig(trial.config, record.periodsPerYear, where.experiment);
    const configHash = hashValue(resolved);
    return [
      {
        ...common,
        id: `${record.id}/${configHash.slice(0, 8)}`,
        name: record.name,
        kind: "trial",
        parent: record.id,
        status: "done",
        error: null,
        out: null,
        config: textOf(resolved as Readonly<Record<string, unknown>>),
        provenance: provenance(configHash),
        returnsHash: returnsHash(trial.equity),
        sample: {
          label: record.axes.map(({ path }, a) => `${path}=${record.trials[index]?.values[a] ?? ""}`).join(" "),
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
