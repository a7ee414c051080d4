/** A run as one self-contained HTML document; equal records give equal bytes. */
import type { RunRecord } from "../core/contracts.ts";
import { type ReportDocument, renderDocument } from "./document.ts";
import { renderHeadline } from "./headline.ts";
import { renderMasthead } from "./masthead.ts";
import type { SectionBuilder } from "./section.ts";
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

/**
 * The whole document.
 *
 * @param record one run; the benchmark's account lies on the same bars
 * @throws Error when the charts script is missing
 */
export async function renderReport(record: RunRecord, options: ReportOptions = {}): Promise<string> {
  const content: ReportDocument = {
    name: record.name,
    masthead: renderMasthead(record),
    headline: renderHeadline(record),
    sections: (options.sections ?? SECTIONS).flatMap((build) => build(record) ?? []),
    style: "",
  };
  return renderDocument(content, options.chartsScript);
}
