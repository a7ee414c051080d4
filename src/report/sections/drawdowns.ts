/** The deepest drawdown episodes, from peak through trough to recovery. */
import type { RunRecord } from "../../core/contracts.ts";
import { drawdownEpisodes } from "../../metrics/drawdown-episodes.ts";
import { formatPercent, formatTime, formatWhole } from "../number-format.ts";
import { html, type Section } from "../section.ts";
import { left, renderRows, right } from "../table.ts";

const EPISODES = 10;

export function drawdownsSection(record: RunRecord): Section | null {
  const { axes, equity, ruinBar } = record.account;
  // a ruined account stays at zero for good: like the returns after it, those bars are no drawdown that goes on
  const alive = ruinBar < 0 ? equity : equity.subarray(0, ruinBar + 1);
  const episodes = drawdownEpisodes(alive, EPISODES);
  if (episodes.length === 0) return null;
  const rows = episodes.map((episode, k) => [
    String(k + 1),
    formatPercent(episode.depth),
    formatTime(axes.time[episode.peakBar]!),
    formatTime(axes.time[episode.troughBar]!),
    episode.recoveryBar < 0 ? "not yet" : formatTime(axes.time[episode.recoveryBar]!),
    formatWhole(episode.troughBar - episode.peakBar),
    formatWhole(episode.lengthBars),
  ]);
  const columns = [
    left("No."),
    right("Depth"),
    left("Peak"),
    left("Trough"),
    left("Recovery"),
    right("Bars to trough"),
    right("Bars in all"),
  ];
  const table = renderRows(`The deepest drawdowns of ${record.label}.`, columns, rows);
  return { id: "drawdowns", title: "Drawdown episodes", blocks: [html(table)] };
}
