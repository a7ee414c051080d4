/** The files of a run. Everything but timings.json is the same bytes for the same config, data and seed. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { AllocationRecord } from "../core/allocation-record.ts";
import type { RunRecord } from "../core/contracts.ts";
import { writeAtomically } from "../data/atomic-file.ts";
import { formatBarTime } from "../data/calendar.ts";
import { qualityJson } from "../data/quality-json.ts";
import { writeEquity, writeFills, writeLedger, writeTrades, writeWeights } from "./account-files.ts";
import { jsonForm } from "./json-form.ts";
import { modelSummary, writeModels } from "./model-files.ts";
import type { ExperimentRun } from "./pipeline.ts";
import { writeSchedule } from "./schedule-files.ts";
import { writeSelection } from "./selection-file.ts";

/** What `run --json` prints and result.json begins with. */
export function runSummary(record: RunRecord): Readonly<Record<string, unknown>> {
  const { time, assets } = record.account.axes;
  const timeOf = formatBarTime(time);
  return {
    id: record.id,
    name: record.name,
    synthetic: record.synthetic,
    start: timeOf(time[0]!),
    end: timeOf(time.at(-1)!),
    bars: time.length,
    assets: assets.length,
    periodsPerYear: record.periodsPerYear,
    label: record.label,
    metrics: record.metrics,
    intervals95: record.intervals,
    benchmark: record.benchmark === null ? null : { label: record.benchmark.label, metrics: record.benchmarkMetrics },
    models: record.models === null ? null : modelSummary(record.models),
    selection: record.selection === null ? null : { events: countsByKind(record.selection.events) },
    allocation: record.allocation === null ? null : allocationSummary(record.allocation),
    rebalancing: record.rebalancing === null ? null : { events: countsByKind(record.rebalancing.events) },
    comparison: record.comparison.map(({ label, metrics, decisions, answered }) => ({
      label,
      metrics,
      decisions,
      answered,
    })),
    warnings: record.warnings,
  };
}

function allocationSummary({ methods, decided, events }: AllocationRecord): unknown {
  const decisions: Record<string, number> = {};
  for (const [d, method] of methods.entries()) {
    const by = decided[d] === 1 ? method : "no_plan";
    decisions[by] = (decisions[by] ?? 0) + 1;
  }
  return { decisions, events: countsByKind(events) };
}

function countsByKind(events: readonly { readonly kind: string }[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Writes a run's folder, made where it is missing.
 *
 * @param out  folder
 * @param html the rendered report
 * @returns path of the report
 */
export async function writeRun(run: ExperimentRun, out: string, html: string): Promise<string> {
  const { record } = run;
  const { axes } = record.account;
  const timeOf = formatBarTime(axes.time);
  mkdirSync(out, { recursive: true });
  const events = record.account.events.map(({ bar, asset, ...event }) => ({
    date: timeOf(axes.time[bar]!),
    symbol: asset < 0 ? null : axes.assets[asset],
    ...event,
  }));
  const result = jsonForm({
    ...runSummary(record),
    events,
    dataQuality: qualityJson(record.quality),
    provenance: record.provenance,
  });
  await writeAtomically(join(out, "config.yaml"), record.config);
  await writeAtomically(join(out, "result.json"), `${JSON.stringify(result, null, 2)}\n`);
  await writeEquity(join(out, "equity.csv"), record.account, record.benchmark?.account);
  await writeLedger(join(out, "ledger.csv"), record.account);
  await writeWeights(join(out, "weights.csv"), axes, record.account.heldWeights);
  await writeWeights(join(out, "targets.csv"), axes, record.targets.values);
  if (record.selection !== null) await writeSelection(join(out, "selection.csv"), record.selection);
  if (run.schedule !== null) await writeSchedule(out, run.schedule);
  await writeFills(join(out, "fills.csv"), record.account);
  await writeTrades(join(out, "trades.csv"), axes, record.trades);
  await writeTrades(join(out, "trades_fifo.csv"), axes, run.fifoTrades);
  if (run.scores !== null) await writeWeights(join(out, "scores.csv"), axes, run.scores);
  if (run.models !== null && record.models !== null) await writeModels(out, axes, record.models, run.models);
  const report = join(out, "report.html");
  await writeAtomically(report, html);
  await writeAtomically(join(out, "timings.json"), `${JSON.stringify(timingsOf(run), null, 2)}\n`);
  return report;
}

/** What differs between reruns of the same experiment. */
function timingsOf({ timings, trainingNotes }: ExperimentRun): unknown {
  return trainingNotes === null ? timings : { stages: timings, training: jsonForm(trainingNotes) };
}
