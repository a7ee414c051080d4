/** A report is an ordered list of sections; a section is words, tables and charts. */
import type { RunRecord } from "../core/contracts.ts";
import type { Chart } from "./chart.ts";

/** Markup (already escaped), a chart, or small charts side by side where there is room. */
export type Block =
  | { readonly kind: "html"; readonly html: string }
  | { readonly kind: "chart"; readonly chart: Chart }
  | { readonly kind: "multiples"; readonly charts: readonly Chart[] };

export interface Section {
  /** Distinct within the report; the anchor of the section. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** @returns null when the run has nothing to show there */
export type SectionBuilder = (record: RunRecord) => Section | null;

export function html(markup: string): Block {
  return { kind: "html", html: markup };
}

/** A section of those charts that have something to show; null when none has. */
export function chartSection(id: string, title: string, charts: readonly (Chart | null)[]): Section | null {
  const blocks = charts.flatMap((chart): Block[] => (chart === null ? [] : [{ kind: "chart", chart }]));
  return blocks.length === 0 ? null : { id, title, blocks };
}
