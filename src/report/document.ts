/** The shell of every report: one self-contained page with no network, no clock and no random ids. */
import type { LiveChart } from "./chart.ts";
import { compileChart } from "./compile-chart.ts";
import { escapeHtml, scriptJson, scriptSource } from "./escape.ts";
import { renderFigure } from "./figure.ts";
import type { Block, Section } from "./section.ts";
import { STYLE } from "./style.ts";
import { themeCss } from "./theme.ts";

export interface ReportDocument {
  /** Plain text, for the browser's tab. */
  readonly title: string;
  /** Markup above the contents. */
  readonly head: string;
  readonly sections: readonly Section[];
  /** Source of the browser bundle. */
  readonly chartsScript: string;
}

/** The page may run its own script and style and reach nothing else. Vega compiles expressions, hence unsafe-eval. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; img-src data:; base-uri 'none'; form-action 'none'";

/** Equal documents give equal bytes. */
export async function renderDocument({ title, head, sections, chartsScript }: ReportDocument): Promise<string> {
  const live: LiveChart[] = [];
  const bodies: string[] = [];
  for (const section of sections) bodies.push(await renderSection(section, live));
  const contents = sections.map((one) => `<li><a href="#${escapeHtml(one.id)}">${escapeHtml(one.title)}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="ballast">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)} · Ballast report</title>
<style>
${themeCss()}
${STYLE}
</style>
<script>document.documentElement.classList.add("scripted")</script>
</head>
<body>
<a class="skip" href="#content">Skip to the figures</a>
<div class="page">
${head}
<nav class="contents" aria-label="Contents"><ul>${contents.join("")}</ul></nav>
<main id="content">
${bodies.join("\n")}
</main>
</div>
<script type="application/json" id="chart-data">${scriptJson(live)}</script>
<script>${scriptSource(chartsScript)}</script>
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
