/** A chart as a <figure>: title, legend and switch above, static SVG in two sizes, caption below. */
import type { Chart, LegendEntry } from "./chart.ts";
import type { CompiledChart } from "./compile-chart.ts";
import { escapeHtml } from "./escape.ts";

export function renderFigure(chart: Chart, compiled: CompiledChart): string {
  const legend = chart.legend.length === 0 ? "" : `<ul class="legend">${chart.legend.map(legendItem).join("")}</ul>`;
  return `<figure class="figure" id="figure-${escapeHtml(chart.id)}">
<div class="figure-head"><h3>${escapeHtml(chart.title)}</h3>${legend}${renderSwitch(chart)}</div>
<div class="chart" role="img" aria-label="${escapeHtml(chart.description)}">
<div class="static wide">${compiled.wide}</div>
<div class="static narrow">${compiled.narrow}</div>
</div>
<figcaption>${escapeHtml(chart.caption)}</figcaption>
</figure>`;
}

function legendItem({ label, colour, mark }: LegendEntry): string {
  return `<li><span class="key ${mark}" style="--key:${escapeHtml(colour)}"></span>${escapeHtml(label)}</li>`;
}

/** Buttons for the chart's views; without scripts they would do nothing, so the style sheet hides them then. */
function renderSwitch(chart: Chart): string {
  if (chart.views.length < 2) return "";
  const buttons = chart.views.map(
    (view, k) =>
      `<button type="button" data-view="${escapeHtml(view.key)}" aria-pressed="${k === 0}">${escapeHtml(view.label)}</button>`,
  );
  return `<div class="switch needs-script" role="group" aria-label="${escapeHtml(chart.title)} axis">${buttons.join("")}</div>`;
}
