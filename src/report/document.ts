/** The shell of every report: one self-contained HTML document with its sections, charts and script, and nothing in it
 *  that a browser would fetch. No clock and no random ids, so equal contents give equal bytes. */
import type { Chart, LiveChart } from "./chart.ts";
import { readChartsScript } from "./charts-script.ts";
import { escapeHtml, scriptJson, scriptSource } from "./escape.ts";
import { renderFigure } from "./figure.ts";
import type { Block, Section } from "./section.ts";
import { STYLE } from "./style.ts";
import { themeCss } from "./theme.ts";

export interface ReportDocument {
  /** Plain text; the title of the page. */
  readonly name: string;
  /** Markup of the page's top. */
  readonly masthead: string;
  readonly headline: string;
  readonly sections: readonly Section[];
  /** CSS beyond that of every report; "" = none. */
  readonly style: string;
}

/** The page may run its own script and style and reach nothing else. Vega compiles expressions, hence unsafe-eval. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The whole document.
 *
 * @param chartsScript source of the browser bundle; by default the one that `npm run build` leaves in dist/assets
 * @throws Error when the charts script is missing
 */
export async function renderDocument(content: ReportDocument, chartsScript?: string): Promise<string> {
  const script = chartsScript ?? (await readChartsScript());
  const { name, masthead, headline, sections } = content;
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
<title>${escapeHtml(name)} · Ballast report</title>
<style>
${themeCss()}
${STYLE}${content.style === "" ? "" : `\n${content.style}`}
</style>
<script>document.documentElement.classList.add("scripted")</script>
</head>
<body>
<a class="skip" href="#content">Skip to the figures</a>
<div class="page">
${masthead}
${headline}
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
  if (block.kind === "chart") return renderChart(block.chart, live);
  const figures: string[] = [];
  for (const chart of block.charts) figures.push(await renderChart(chart, live));
  return `<div class="multiples">\n${figures.join("\n")}\n</div>`;
}

async function renderChart(chart: Chart, live: LiveChart[]): Promise<string> {
  // Vega's modules await at their top level, so that whoever imported this with them could not be required
  const { compileChart } = await import("./compile-chart.ts");
  const compiled = await compileChart(chart);
  live.push(compiled.live);
  return renderFigure(chart, compiled);
}
