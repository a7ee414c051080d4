/** Who took part: the selector's states and multipliers over time, its events, and every asset's time in each state. */
import type { RunRecord } from "../../core/contracts.ts";
import { NOT_LISTED, SELECTOR_STATES, type SelectionRecord } from "../../core/selection-record.ts";
import { eventTable, spacedName } from "../event-table.ts";
import { formatPercent, formatValue, formatWhole } from "../number-format.ts";
import { type Block, html, type Section } from "../section.ts";
import { multiplierRampsChart } from "../specs/multiplier-ramps.ts";
import { selectorSharesChart } from "../specs/selector-shares.ts";
import { selectorTimelineChart } from "../specs/selector-timeline.ts";
import { left, prose, renderDetails, renderRows, right } from "../table.ts";

/** @returns null without a selector, or when no asset was ever listed */
export function selectionSection(record: RunRecord): Section | null {
  const { selection } = record;
  const timeline = selectorTimelineChart(record);
  if (selection === null || timeline === null) return null;
  const { assets, time } = selection.axes;
  const charts = [timeline, selectorSharesChart(record), multiplierRampsChart(record)];
  const blocks: Block[] = charts.flatMap((chart): Block[] => (chart === null ? [] : [{ kind: "chart", chart }]));
  if (selection.events.length > 0)
    blocks.push(
      ...eventTable(selection.events, time, {
        noun: "selection event",
        name: spacedName,
        columns: [left("Asset"), left("From"), left("To"), prose("Detail")],
        cells: ({ asset, from, to, detail }) => [
          asset < 0 ? "whole universe" : (assets[asset] ?? ""),
          from ?? "",
          to === from ? "" : (to ?? ""),
          detail,
        ],
      }),
    );
  blocks.push(html(stateTable(selection)));
  return { id: "selection", title: "Selection", blocks };
}

/** Shares of listed bars, for every asset there is, in the order of the data. */
function stateTable({ axes, state, multiplier }: SelectionRecord): string {
  const N = axes.assets.length;
  const rows = axes.assets.map((symbol, n) => {
    const bars = SELECTOR_STATES.map(() => 0);
    let listed = 0;
    let sum = 0;
    for (let i = n; i < state.length; i += N) {
      if (state[i] === NOT_LISTED) continue;
      bars[state[i]!]!++;
      listed++;
      sum += multiplier[i]!;
    }
    return [
      symbol,
      formatWhole(listed),
      ...bars.map((count) => formatPercent(count / listed)),
      formatValue(sum / listed, "ratio"),
    ];
  });
  const columns = [
    left("Asset"),
    right("Listed bars"),
    ...SELECTOR_STATES.map((name) => right(name)),
    right("Mean multiplier"),
  ];
  const title = "Time in each state, every asset";
  return renderDetails(title, renderRows("Shares of the bars an asset was listed.", columns, rows, "plain"));
}
