/** What every chart of a report must be, whatever it shows. */
import { expect } from "vitest";
import type { Chart } from "../../src/report/chart.ts";
import { compileChart } from "../../src/report/compile-chart.ts";

/** Compiles, and its static SVGs have marks and fixed view boxes. */
export async function expectDrawn(chart: Chart, mark: RegExp): Promise<void> {
  const compiled = await compileChart(chart);
  for (const [svg, width] of [
    [compiled.wide, 880],
    [compiled.narrow, 350],
  ] as const) {
    expect(svg).toMatch(mark);
    expect(svg).toContain(`viewBox="0 0 ${width} `);
    expect(svg).not.toMatch(/NaN|undefined|clip-path|<image|url\(/);
  }
}

/** Has columns of one length, a description, and a readout of fields that exist. */
export function expectReadable(chart: Chart): void {
  expect(new Set(Object.values(chart.columns).map((column) => column.length)).size).toBe(1);
  expect(chart.description.length).toBeGreaterThan(20);
  for (const { field } of [chart.readout.title, ...chart.readout.fields]) expect(chart.columns).toHaveProperty([field]);
}
