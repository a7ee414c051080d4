/** What the registry knows of one run, sweep or trial; plain data. */
import type { Provenance } from "../core/contracts.ts";
import { hashFloats } from "../core/hash.ts";
import { formatBarTime } from "../data/calendar.ts";
import { equityReturns } from "../metrics/returns.ts";
import type { ExperimentRun } from "./pipeline.ts";

export const RUN_KINDS = ["run", "sweep", "trial"] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** One file of a run. */
export interface Artifact {
  /** File name within the run's folder. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface StageTiming {
  readonly stage: string;
  readonly ms: number;
  /** True where the result came from the cache. */
  readonly cached?: boolean;
}

/** What the strategy was run on. */
export interface RunSample {
  readonly label: string;
  readonly synthetic: boolean;
  readonly bars: number;
  readonly assets: number;
  /** Dates as the run's files write them. */
  readonly firstBar: string;
  readonly lastBar: string;
}

export interface RunEntry {
  /** Of a run `<name>-<hash8>`; of a trial `<sweep id>/<hash8>`, so that one config in two sweeps is two rows. */
  readonly id: string;
  readonly name: string;
  readonly kind: RunKind;
  /** Id of the sweep a trial belongs to. */
  readonly parent: string | null;
  /** ISO times, UTC. */
  readonly startedAt: string;
  /** null while running. */
  readonly finishedAt: string | null;
  readonly status: "running" | "done" | "failed";
  readonly error: string | null;
  /** Absolute; relative paths of the config start here. */
  readonly workingFolder: string;
  /** Absolute folder of the files; null where none were written. */
  readonly out: string | null;
  /** Resolved, as YAML. */
  readonly config: string;
  /** dataHash is null where a run failed before its data were read. */
  readonly provenance: Omit<Provenance, "dataHash"> & { readonly dataHash: string | null };
  /** hashFloats of the returns, by which two configs with the same outcome are recognised; null without an outcome. */
  readonly returnsHash: string | null;
  /** null where there is none: a sweep, a trial that failed. */
  readonly sample: RunSample | null;
  /** Metric key -> value; NaN = undefined for this series. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly timings: readonly StageTiming[];
  readonly events: readonly { readonly stage: string; readonly kind: string; readonly count: number }[];
  readonly warnings: readonly string[];
  readonly artifacts: readonly Artifact[];
}

/** When and where a run was executed, which its record does not say. */
export interface RunExecution {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly workingFolder: string;
  readonly out: string;
  readonly artifacts: readonly Artifact[];
}

/** The entry of a finished run. */
export function runEntry({ record, timings }: ExperimentRun, execution: RunExecution): RunEntry {
  const { time, assets } = record.account.axes;
  const timeOf = formatBarTime(time);
  return {
    ...execution,
    id: record.id,
    name: record.name,
    kind: "run",
    parent: null,
    status: "done",
    error: null,
    config: record.config,
    provenance: withExtensions(record.provenance),
    returnsHash: returnsHash(record.account.equity),
    sample: {
      label: record.label,
      synthetic: record.synthetic,
      bars: time.length,
      assets: assets.length,
      firstBar: timeOf(time[0]!),
      lastBar: timeOf(time.at(-1)!),
    },
    metrics: record.metrics,
    timings,
    events: [
      ...eventCounts("execution", record.account.events),
      ...eventCounts("selection", record.selection?.events ?? []),
      ...eventCounts("allocation", record.allocation?.events ?? []),
      ...eventCounts("rebalancing", record.rebalancing?.events ?? []),
    ],
    warnings: record.warnings,
  };
}

/** Extensions among the libraries, as the registry keeps them. */
export function withExtensions<P extends Pick<Provenance, "libraries" | "extensions">>(provenance: P): P {
  const own = (provenance.extensions ?? []).map(({ path, hash }) => [`extension ${path}`, hash] as const);
  return { ...provenance, libraries: { ...provenance.libraries, ...Object.fromEntries(own) } };
}

/** @param equity [T] marked at the closes */
export function returnsHash(equity: Float64Array): string {
  return hashFloats([["returns", equityReturns(equity)]]);
}

function eventCounts(stage: string, events: readonly { readonly kind: string }[]): RunEntry["events"] {
  const counts = new Map<string, number>();
  for (const { kind } of events) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Array.from(counts, ([kind, count]) => ({ stage, kind, count }));
}
