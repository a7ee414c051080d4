/** The data-quality table for a console of 80 columns: headline counts, then what stands behind each of them.
 *  Long lists are cut; `--json` has all of it. Plain text without colour, so that it pipes. */
import type { DataQuality } from "../core/data-quality.ts";
import { formatTime } from "./calendar.ts";

const WIDTH = 80;
const INDENT = "  ";
/** Items a section shows before it only counts. */
const ITEMS_SHOWN = 36;
const SENTENCES_SHOWN = 12;
/** Shorter runs of unchanged closes are left out: prices are rounded and do repeat. */
const STALE_BARS = 5;

/** One kind of finding: how it is counted at the top, and its items below. */
interface Section {
  readonly title: string;
  readonly count: string;
  readonly items: readonly string[];
  /** sentence: one item a line; word: packed into columns. */
  readonly form: "word" | "sentence";
}

/** @returns lines without a trailing newline, none wider than 80 characters unless a source name is */
export function renderQuality(quality: DataQuality): string {
  const sections = sectionsOf(quality);
  const facts = [
    `${whole(quality.bars)} bars`,
    symbolsOf(quality.assets),
    rowsOf(quality.rows),
    `${quality.periodsPerYear} periods per year`,
  ];
  const lines = [quality.source, `${formatTime(quality.first)} to ${formatTime(quality.last)}`, facts.join(", "), ""];
  const { mode, dropped, clipped } = quality.repairs;
  const table = [
    ...sections.map(({ title, count }) => [title, count] as const),
    [
      "Thinnest bar",
      `${formatTime(quality.thinnest.time)}, ${symbolsOf(quality.thinnest.assets)} with a close`,
    ] as const,
    ["Repair", mode === "none" ? "none" : `${mode}: ${rowsOf(dropped)} dropped, ${rowsOf(clipped)} clipped`] as const,
  ];
  const labelWidth = Math.max(...table.map(([title]) => title.length));
  for (const [title, count] of table) lines.push(`${INDENT}${title.padEnd(labelWidth)}  ${count}`);
  for (const note of quality.notes) lines.push("", ...wrapped(`Note: ${note}`));
  for (const section of sections) if (section.items.length > 0) lines.push("", section.title, ...itemLines(section));
  return lines.map((line) => line.trimEnd()).join("\n");
}

function sectionsOf(quality: DataQuality): Section[] {
  const assets = quality.perAsset;
  const word = (title: string, items: string[], count = whole(items.length)): Section => ({
    title,
    count,
    items,
    form: "word",
  });
  const late = assets.filter(({ lateListing }) => lateListing).sort((a, b) => a.first - b.first);
  const gone = assets.filter(({ delisted }) => delisted).sort((a, b) => a.last - b.last);
  const holed = assets.filter(({ holes }) => holes.length > 0);
  const missing = holed.reduce((sum, { missingBars }) => sum + missingBars, 0);
  const openless = assets.flatMap(({ symbol, missingOpens }) => missingOpens.map((time) => ({ symbol, time })));
  const moves = [...quality.suspiciousMoves].sort((a, b) => Math.abs(b.move) - Math.abs(a.move));
  const stale = assets
    .filter(({ longestStaleRun }) => longestStaleRun >= STALE_BARS)
    .sort((a, b) => b.longestStaleRun - a.longestStaleRun);
  const silent = assets
    .filter(({ zeroVolumeBars }) => zeroVolumeBars > 0)
    .sort((a, b) => b.zeroVolumeBars - a.zeroVolumeBars);
  const silentBars = silent.reduce((sum, { zeroVolumeBars }) => sum + zeroVolumeBars, 0);
  const zeroBars = quality.zeroExtras.reduce((sum, { bars }) => sum + bars, 0);
  return [
    word(
      "Late listings",
      late.map(({ symbol, first }) => `${symbol} ${formatTime(first)}`),
    ),
    word(
      "Delisted",
      gone.map(({ symbol, last }) => `${symbol} ${formatTime(last)}`),
    ),
    word(
      "Holes",
      holed.flatMap(({ symbol, holes }) =>
        holes.map(({ time, bars }) => `${symbol} ${formatTime(time)} ${barsOf(bars)}`),
      ),
      holed.length === 0 ? "0" : `${barsOf(missing)} in ${symbolsOf(holed.length)}`,
    ),
    word(
      "Missing opens",
      openless.map(({ symbol, time }) => `${symbol} ${formatTime(time)}`),
    ),
    word(
      "Moves beyond 50%",
      moves.map(({ symbol, time, move }) => `${symbol} ${formatTime(time)} ${signedPercent(move)}`),
    ),
    {
      title: "OHLC violations",
      count: whole(quality.ohlcViolations.length),
      items: quality.ohlcViolations.map(({ symbol, time, rule }) => `${symbol} ${formatTime(time)}: ${rule}`),
      form: "sentence",
    },
    word(
      `Closes stale for ${STALE_BARS}+ bars`,
      stale.map(
        ({ symbol, staleRunStart, longestStaleRun }) =>
          `${symbol} ${formatTime(staleRunStart)} ${barsOf(longestStaleRun)}`,
      ),
      stale.length === 0 ? "0" : symbolsOf(stale.length),
    ),
    word(
      "Zero volume",
      silent.map(({ symbol, zeroVolumeBars }) => `${symbol} ${barsOf(zeroVolumeBars)}`),
      silent.length === 0 ? "0" : `${barsOf(silentBars)} in ${symbolsOf(silent.length)}`,
    ),
    word(
      "Zeros in other columns",
      quality.zeroExtras.map(({ column, symbol, bars }) => `${symbol} ${column} ${barsOf(bars)}`),
      zeroBars === 0 ? "0" : whole(zeroBars),
    ),
  ];
}

function itemLines({ items, form }: Section): string[] {
  const room = WIDTH - INDENT.length;
  const shown = items.slice(0, form === "word" ? ITEMS_SHOWN : SENTENCES_SHOWN).map((item) => fitted(item, room));
  const lines = form === "word" ? packed(shown, room) : shown;
  const rest = items.length - shown.length;
  return [...lines, ...(rest > 0 ? [`... and ${whole(rest)} more (use --json for all)`] : [])].map(
    (line) => `${INDENT}${line}`,
  );
}

/** Equal columns, filled row by row, as many as fit. */
function packed(items: readonly string[], room: number): string[] {
  const gap = 3;
  const cell = Math.max(...items.map((item) => item.length)) + gap;
  const columns = Math.max(1, Math.floor((room + gap) / cell));
  const lines: string[] = [];
  for (let from = 0; from < items.length; from += columns)
    lines.push(
      items
        .slice(from, from + columns)
        .map((item) => item.padEnd(cell))
        .join("")
        .trimEnd(),
    );
  return lines;
}

function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > WIDTH) lines.push(`${INDENT}${word}`);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => fitted(line, WIDTH));
}

function fitted(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 3)}...`;
}

/** 619040 -> "619,040", in every locale. */
function whole(count: number): string {
  return `${count}`.replace(/\B(?=(?:\d{3})+$)/g, ",");
}

function barsOf(count: number): string {
  return `${whole(count)} ${count === 1 ? "bar" : "bars"}`;
}

function rowsOf(count: number): string {
  return `${whole(count)} ${count === 1 ? "row" : "rows"}`;
}

function symbolsOf(count: number): string {
  return `${whole(count)} ${count === 1 ? "symbol" : "symbols"}`;
}

function signedPercent(fraction: number): string {
  return `${fraction > 0 ? "+" : ""}${(fraction * 100).toFixed(0)}%`;
}
