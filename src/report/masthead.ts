/** Top of the report: what was run on which data, and everything a reader must know before believing a number. */
import type { RunRecord } from "../core/contracts.ts";
import type { Floats } from "../core/panel.ts";
import { escapeHtml } from "./escape.ts";
import { formatDay, formatTime, plural } from "./number-format.ts";

/** Warnings shown before the rest is folded away. */
const WARNINGS_SHOWN = 6;

/** What stands at the top of a report, whatever it is about. */
export interface Masthead {
  /** "Backtest report". */
  readonly kicker: string;
  readonly name: string;
  /** Markup. */
  readonly subtitle: string;
  /** Plain text; "" = none. */
  readonly description: string;
  readonly facts: readonly string[];
  readonly synthetic: boolean;
  /** Markup between the badge and the warnings; "" = none. */
  readonly notice: string;
  readonly warnings: readonly string[];
}

export function renderMasthead(record: RunRecord): string {
  const { time, assets } = record.account.axes;
  return mastheadMarkup({
    kicker: "Backtest report",
    name: record.name,
    subtitle:
      record.benchmark === null
        ? escapeHtml(record.label)
        : `${escapeHtml(record.label)} <span class="against">against</span> ${escapeHtml(record.benchmark.label)}`,
    description: record.description,
    facts: marketFacts(time, assets.length, record.periodsPerYear),
    synthetic: record.synthetic,
    notice: renderRuin(record),
    warnings: record.warnings,
  });
}

/** Span, bars, assets and periods a year. @param time [T] UTC ms */
export function marketFacts(time: Floats, assets: number, periodsPerYear: number): string[] {
  const T = time.length;
  return [
    T === 0 ? "no bars" : `${formatDay(time[0]!)} to ${formatDay(time[T - 1]!)}`,
    plural(T, "bar"),
    plural(assets, "asset"),
    `${periodsPerYear} periods a year`,
  ];
}

export function mastheadMarkup(masthead: Masthead): string {
  const { kicker, name, subtitle, description, facts, synthetic, notice, warnings } = masthead;
  return `<header class="masthead">
<div class="kicker"><span>Ballast</span><span>${escapeHtml(kicker)}</span><button type="button" class="theme needs-script" data-theme-button>Dark</button></div>
<h1>${escapeHtml(name)}</h1>
<p class="subtitle">${subtitle}</p>
${description === "" ? "" : `<p class="description">${escapeHtml(description)}</p>\n`}<ul class="facts">${facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join("")}</ul>
${synthetic ? BADGE : ""}${notice}${renderWarnings(warnings)}</header>`;
}

const BADGE = `<p class="notice"><strong class="badge">Synthetic data</strong> The prices are generated. Nothing here is evidence about a real market.</p>\n`;

function renderRuin(record: RunRecord): string {
  const { ruinBar, axes } = record.account;
  if (ruinBar < 0) return "";
  return `<p class="notice ruin" role="alert"><strong class="badge">Ruined</strong> Equity reached zero on ${formatTime(axes.time[ruinBar]!)} (bar ${ruinBar}). The account was closed there and stayed at zero.</p>\n`;
}

function renderWarnings(warnings: readonly string[]): string {
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
