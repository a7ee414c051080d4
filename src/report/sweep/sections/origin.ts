/** What the sweep cost, what did not work, and where it came from. */
import type { SweepRecord, Trial } from "../../../core/sweep-record.ts";
import { formatWhole, plural } from "../../number-format.ts";
import { type Block, chartSection, html, type Section } from "../../section.ts";
import { extensionLines, provenanceBlocks } from "../../sections/provenance.ts";
import { left, prose, renderDetails, renderRows, right } from "../../table.ts";
import { configText } from "../headline.ts";
import { topEquityChart } from "../specs/top-equity.ts";

const REASONS_SHOWN = 12;
const TRIALS_LISTED = 400;

export function topEquitySection(record: SweepRecord): Section | null {
  return chartSection("top-trials", "Best trials over time", [topEquityChart(record)]);
}

export function stagesSection({ stages, trials }: SweepRecord): Section | null {
  if (stages.length === 0) return null;
  const rows = stages.map(({ stage, distinct }) => [stage, formatWhole(distinct)]);
  const table = renderRows(
    `How many distinct results ${plural(trials.length, "trial")} needed of each stage. Each is computed once, or comes from the cache.`,
    [left("Stage"), right("Distinct")],
    rows,
  );
  return { id: "stages", title: "Work", blocks: [html(table)] };
}

/** @returns null when every trial is done */
export function undoneSection(record: SweepRecord): Section | null {
  const undone = record.trials.filter(({ state }) => state !== "done");
  if (undone.length === 0) return null;
  const reasons = reasonsOf(undone);
  const shown = reasons.slice(0, REASONS_SHOWN);
  const cut =
    shown.length < reasons.length ? `, the ${shown.length} most frequent of ${formatWhole(reasons.length)}` : "";
  const blocks: Block[] = [
    html(
      renderRows(
        `${plural(undone.length, "trial")} without a result, by reason${cut}. Invalid: the config contradicts itself; failed: it threw while it ran. Reasons that differ in their numbers alone are counted together.`,
        [right("Trials"), left("State"), prose("Reason"), right("First")],
        shown.map(({ state, error, trials }) => [formatWhole(trials.length), state, error, String(trials[0]!.index)]),
      ),
    ),
  ];
  const listed = undone.slice(0, TRIALS_LISTED);
  const title =
    listed.length < undone.length
      ? `The first ${listed.length} of ${plural(undone.length, "trial")} without a result`
      : `All ${plural(undone.length, "trial")} without a result`;
  const rows = listed.map((trial) => [String(trial.index), trial.state, configText(record, trial), trial.error ?? ""]);
  const columns = [right("Trial"), left("State"), prose("Config"), prose("Reason")];
  blocks.push(html(renderDetails(title, renderRows(title, columns, rows, "plain"))));
  return { id: "undone", title: "Failed and invalid trials", blocks };
}

export function sweepProvenanceSection(record: SweepRecord): Section {
  const { provenance } = record;
  const blocks = provenanceBlocks(
    [
      ["Sweep", record.id, "code"],
      ["Data hash", provenance.dataHash, "code"],
      ["Code", `${provenance.codeVersion} · ${provenance.codeHash}`, "code"],
      ["Seed", String(provenance.seed), "code"],
      ...extensionLines(provenance),
    ],
    "Experiment and sweep",
    record.config,
  );
  return { id: "provenance", title: "Provenance", blocks };
}

interface Reason {
  readonly state: string;
  readonly error: string;
  readonly trials: readonly Trial[];
}

/** The most frequent first, ties in order of the trials; reasons that differ in their numbers alone are one. */
function reasonsOf(undone: readonly Trial[]): Reason[] {
  const reasons = Map.groupBy(undone, ({ state, error }) => JSON.stringify([state, error?.replace(/\d+/g, "#")]));
  return [...reasons.values()]
    .map((trials) => ({ state: trials[0]!.state, error: trials[0]!.error ?? "", trials }))
    .sort((a, b) => b.trials.length - a.trials.length);
}
