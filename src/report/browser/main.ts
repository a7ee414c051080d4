/// <reference lib="dom" />
/** Entry of the script inside a report: replaces each chart's static SVG by a live one, serves the theme button
 *  and makes tables sortable. Bundled by scripts/bundle-charts.ts; nothing on the server imports it. */
import type { LiveChart } from "../chart.ts";
import { mountChart } from "./live-chart.ts";
import { mountSortableTable } from "./sort-table.ts";
import { mountThemeButton } from "./theme-button.ts";

const source = document.getElementById("chart-data");
const charts = JSON.parse(source?.textContent ?? "[]") as LiveChart[];
for (const chart of charts) {
  const figure = document.getElementById(`figure-${chart.id}`);
  if (figure !== null) mountChart(figure, chart);
}
mountThemeButton();
for (const table of document.querySelectorAll<HTMLTableElement>(".sortable table")) mountSortableTable(table);
