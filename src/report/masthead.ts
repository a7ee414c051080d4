/** Top of the report: what was run on which data, and everything a reader must know before believing a number. */
import type { RunRecord } from "../core/contracts.ts";
import { escapeHtml } from "./escape.ts";
import { formatDay, formatTime, plural } from "./number-format.ts";

/** Warnings shown before the rest is folded away. */
const WARNINGS_SHOWN = 6;

export function renderMasthead(record: RunRecord): string {
  const { time, assets } = record.account.axes;
  const T = time.length;
  const title =
    record.benchmark === null
      ? escapeHtml(record.label)
      : `${escapeHtml(record.label)} <span class="against">against</span> ${escapeHtml(record.benchmark.label)}`;
  const facts = [
    T === 0 ? "no bars" : `${formatDay(time[0]!)} to ${formatDay(time[T - 1]!)}`,
    plural(T, "bar"),
    plural(assets.length, "asset"),
    `${record.periodsPerYear} periods a year`,
  ];
  return `<header class="masthead">
<div class="kicker"><span>Ballast</span><span>Backtest report</span><button type="button" class="theme needs-script" data-theme-button>Dark</button></div>
<h1>${escapeHtml(record.name)}</h1>
<p class="subtitle">${title}</p>
${record.description === "" ? "" : `<p class="description">${escapeHtml(record.description)}</p>\n`}<ul class="facts">${facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join("")}</ul>
${renderBadge(record.synthetic)}${renderRuin(record)}${renderWarnings(record.warnings)}</header>`;
}

/** @param synthetic the prices are generated */
export function renderBadge(synthetic: boolean): string {
  if (!synthetic) return "";
  return `<p class="notice"><strong class="badge">Synthetic data</strong> The prices are generated. Nothing here is evidence about a real market.</p>\n`;
}

function renderRuin(record: RunRecord): string {
  const { ruinBar, axes } = record.account;
  if (ruinBar < 0) return "";
  return `<p class="notice ruin" role="alert"><strong class="badge">Ruined</strong> Equity reached zero on ${formatTime(axes.time[ruinBar]!)} (bar ${ruinBar}). The account was closed there and stayed at zero.</p>\n`;
}

export function renderWarnings(warnings: readonly string[]): string {
  if (warnings.length === 0) return "";
  const items = (some: readonly string[]): string => some.map((text) => `<li>${escapeHtml(text)}</li>`).join("");
  const rest = warnings.slice(WARNINGS_SHOWN);
  const more =
    rest.length === 0
      ? ""
      : `<details><summary>${plural(rest.length, "more warning")}</summary><ul>${items(rest)}</ul></details>`;
  return `<aside class="warnings" aria-label="Warnings"><h2>${plural(warnings.length, "warning")}</h2><ul>${items(
    warnings.slice(0, WARNINGS_SHOWN),
  )}</ul>${more}</aside>\n`;
}
