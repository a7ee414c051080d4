/** A run as one self-contained HTML document: no network, no clock, no random ids, so equal records give equal bytes. */
import type { RunRecord } from "../core/contracts.ts";
import type { LiveChart } from "./chart.ts";
import { readChartsScript } from "./charts-script.ts";
import { compileChart } from "./compile-chart.ts";
import { escapeHtml, scriptJson, scriptSource } from "./escape.ts";
import { renderFigure } from "./figure.ts";
import { renderHeadline } from "./headline.ts";
import { renderMasthead } from "./masthead.ts";
import type { Block, Section, SectionBuilder } from "./section.ts";
import { allocationSection } from "./sections/allocation.ts";
import { calendarSection } from "./sections/calendar.ts";
import { comparisonSection } from "./sections/comparison.ts";
import { dataQualitySection } from "./sections/data-quality.ts";
import { drawdownsSection } from "./sections/drawdowns.ts";
import { eventsSection } from "./sections/events.ts";
import { holdingsSection } from "./sections/holdings.ts";
import { metricsSection } from "./sections/metrics.ts";
import { modelsSection } from "./sections/models.ts";
import { performanceSection, rollingSection } from "./sections/performance.ts";
import { provenanceSection } from "./sections/provenance.ts";
import { rebalancingSection } from "./sections/rebalancing.ts";
import { selectionSection } from "./sections/selection.ts";
import { tradesSection } from "./sections/trades.ts";
import { tradingSection } from "./sections/trading.ts";
import { STYLE } from "./style.ts";
import { themeCss } from "./theme.ts";

/** What a report consists of, in order. A section that has nothing to show returns null and is left out. */
export const SECTIONS: readonly SectionBuilder[] = [
  performanceSection,
  comparisonSection,
  rollingSection,
  calendarSection,
  holdingsSection,
  modelsSection,
  selectionSection,
  allocationSection,
  rebalancingSection,
  tradingSection,
  tradesSection,
  metricsSection,
  drawdownsSection,
  eventsSection,
  dataQualitySection,
  provenanceSection,
];

export interface ReportOptions {
  /** Source of the browser bundle; by default the one that `npm run build` leaves in dist/assets/charts.js. */
  readonly chartsScript?: string;
  readonly sections?: readonly SectionBuilder[];
}

/** The page may run its own script and style and reach nothing else. Vega compiles expressions, hence unsafe-eval. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The whole document.
 *
 * @param record one run; the benchmark's account lies on the same bars
 * @throws Error when the charts script is missing
 */
export async function renderReport(record: RunRecord, options: ReportOptions = {}): Promise<string> {
  const script = options.chartsScript ?? (await readChartsScript());
  const sections = (options.sections ?? SECTIONS).flatMap((build) => build(record) ?? []);
  const live: LiveChart[] = [];
  const bodies: string[] = [];
  for (const section of sections) bodies.push(await renderSection(section, live));
  const contents = sections.map(({ id, title }) => `<li><a href="#${escapeHtml(id)}">${escapeHtml(title)}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="ballast">
<link rel="icon" href="data:,">
<title>${escapeHtml(record.name)} · Ballast report</title>
<style>
${themeCss()}
${STYLE}
</style>
<script>document.documentElement.classList.add("scripted")</script>
</head>
<body>
<a class="skip" href="#content">Skip to the figures</a>
<div class="page">
${renderMasthead(record)}
${renderHeadline(record)}
<nav class="contents" aria-label="Contents"><ul>${contents.join("")}</ul></nav>
<main id="content">
${bodies.join("\n")}
</main>
</div>
<script type="application/json" id="chart-data">${scriptJson(live)}</script>
<script>${scriptSource(script)}</script>
</body>
</html>
`;
}

async function renderSection(section: Section, live: LiveChart[]): Promise<string> {
  const blocks: string[] = [];
  for (const block of section.blocks) blocks.push(await renderBlock(block, live));
  const id = escapeHtml(section.id);
  return `<section class="part" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${escapeHtml(section.title)}</h2>
${blocks.join("\n")}
</section>`;
}

async function renderBlock(block: Block, live: LiveChart[]): Promise<string> {
  if (block.kind === "html") return block.html;
  const compiled = await compileChart(block.chart);
  live.push(compiled.live);
  return renderFigure(block.chart, compiled);
}
