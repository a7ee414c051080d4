/** What is odd about the data the run rests on. Long lists are folded. */
import type { RunRecord } from "../../core/contracts.ts";
import type { AssetQuality, DataQuality } from "../../core/data-quality.ts";
import { escapeHtml } from "../escape.ts";
import { formatPercent, formatTime, formatValue, formatWhole, plural } from "../number-format.ts";
import { type Block, html, type Section } from "../section.ts";
import { left, renderDetails, renderRows, right } from "../table.ts";

const LIST_LIMIT = 200;

export function dataQualitySection(record: RunRecord): Section {
  const { quality } = record;
  const blocks: Block[] = [html(facts(quality))];
  if (quality.notes.length > 0)
    blocks.push(html(`<ul class="notes">${quality.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("")}</ul>`));
  blocks.push(
    ...[assets, holes, missingOpens, moves, violations, zeroExtras].flatMap((part) => part(quality)).map(html),
  );
  return { id: "data", title: "Data quality", blocks };
}

function facts(quality: DataQuality): string {
  const { perAsset, repairs } = quality;
  const count = (test: (asset: AssetQuality) => boolean): string => formatWhole(perAsset.filter(test).length);
  const total = (of: (asset: AssetQuality) => number): number => perAsset.reduce((sum, asset) => sum + of(asset), 0);
  const spread = (of: (asset: AssetQuality) => number): string =>
    total(of) === 0
      ? "none"
      : `${formatWhole(total(of))} in ${plural(perAsset.filter((asset) => of(asset) > 0).length, "asset")}`;
  const stale = perAsset.reduce<AssetQuality | null>(
    (worst, asset) => (asset.longestStaleRun > (worst?.longestStaleRun ?? 0) ? asset : worst),
    null,
  );
  const lines: readonly (readonly [string, string])[] = [
    ["Source", quality.source],
    ["Rows read", formatWhole(quality.rows)],
    ["Span", `${formatTime(quality.first)} to ${formatTime(quality.last)}`],
    ["Bars by assets", `${formatWhole(quality.bars)} × ${formatWhole(quality.assets)}`],
    ["Late listings", count((asset) => asset.lateListing)],
    ["Delisted before the end", count((asset) => asset.delisted)],
    ["Missing bars inside listings", spread((asset) => asset.missingBars)],
    ["Closes without an open", spread((asset) => asset.missingOpens.length)],
    ["Moves beyond ±50%", formatWhole(quality.suspiciousMoves.length)],
    ["OHLC violations", formatWhole(quality.ohlcViolations.length)],
    [
      "Repairs",
      repairs.mode === "none"
        ? "none"
        : `${repairs.mode}: ${plural(repairs.dropped, "row")} dropped, high or low widened in ${plural(repairs.clipped, "row")}`,
    ],
    ["Bars with zero volume", formatWhole(total((asset) => asset.zeroVolumeBars))],
    [
      "Longest unchanged close",
      stale === null
        ? "none"
        : `${plural(stale.longestStaleRun, "bar")}, ${stale.symbol} from ${formatTime(stale.staleRunStart)}`,
    ],
    ["Thinnest bar", `${plural(quality.thinnest.assets, "asset")} on ${formatTime(quality.thinnest.time)}`],
  ];
  return `<dl class="pairs">${lines
    .map(([term, value]) => `<div><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(value)}</dd></div>`)
    .join("\n")}</dl>`;
}

function assets(quality: DataQuality): string[] {
  if (quality.perAsset.length === 0) return [];
  const rows = quality.perAsset.map((asset) => [
    asset.symbol,
    formatTime(asset.first),
    formatTime(asset.last),
    formatWhole(asset.bars),
    formatWhole(asset.missingBars),
    formatWhole(asset.missingOpens.length),
    formatWhole(asset.zeroVolumeBars),
    formatWhole(asset.longestStaleRun),
    [asset.lateListing ? "late listing" : "", asset.delisted ? "delisted" : ""]
      .filter((flag) => flag !== "")
      .join(", "),
  ]);
  const columns = [
    left("Asset"),
    left("First"),
    left("Last"),
    right("Bars"),
    right("Missing"),
    right("No open"),
    right("Zero volume"),
    right("Stale run"),
    left("Flags"),
  ];
  return [
    renderDetails(
      `Coverage by asset (${quality.perAsset.length})`,
      renderRows("Coverage by asset", columns, rows, "plain"),
    ),
  ];
}

function holes(quality: DataQuality): string[] {
  const rows = quality.perAsset.flatMap((asset) =>
    asset.holes.map((hole) => [asset.symbol, formatTime(hole.time), formatWhole(hole.bars)]),
  );
  return folded("Holes inside listings", [left("Asset"), left("From"), right("Bars")], rows);
}

function missingOpens(quality: DataQuality): string[] {
  const rows = quality.perAsset.flatMap((asset) => asset.missingOpens.map((time) => [asset.symbol, formatTime(time)]));
  return folded("Closes without an open", [left("Asset"), left("Bar")], rows);
}

function moves(quality: DataQuality): string[] {
  const rows = quality.suspiciousMoves.map(({ symbol, time, move }) => [symbol, formatTime(time), formatPercent(move)]);
  return folded("Moves beyond ±50%", [left("Asset"), left("Bar"), right("Move")], rows);
}

function violations(quality: DataQuality): string[] {
  const rows = quality.ohlcViolations.map(({ symbol, time, line, rule, value }) => [
    symbol,
    formatTime(time),
    line === 0 ? "" : formatWhole(line),
    rule,
    formatValue(value, "currency"),
  ]);
  return folded("OHLC violations", [left("Asset"), left("Bar"), right("Line"), left("Rule"), right("Value")], rows);
}

function zeroExtras(quality: DataQuality): string[] {
  const rows = quality.zeroExtras.map(({ column, symbol, bars }) => [column, symbol, formatWhole(bars)]);
  return folded("Zeros in extra columns, likely missing", [left("Column"), left("Asset"), right("Bars")], rows);
}

function folded(title: string, columns: Parameters<typeof renderRows>[1], rows: string[][]): string[] {
  if (rows.length === 0) return [];
  const cut = rows.length > LIST_LIMIT ? `, the first ${LIST_LIMIT} shown` : "";
  return [
    renderDetails(
      `${title} (${formatWhole(rows.length)}${cut})`,
      renderRows(title, columns, rows.slice(0, LIST_LIMIT), "plain"),
    ),
  ];
}
