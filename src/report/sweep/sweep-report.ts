/** A sweep as one self-contained HTML document; equal records give equal bytes. */
import type { SweepRecord } from "../../core/sweep-record.ts";
import { renderDocument } from "../document.ts";
import type { Section } from "../section.ts";
import { renderSweepHeadline, renderSweepMasthead } from "./headline.ts";
import { axesSection, pairsSection, stabilitySection } from "./sections/axes.ts";
import { holdoutSection } from "./sections/holdout.ts";
import { leaderboardSection } from "./sections/leaderboard.ts";
import { stagesSection, sweepProvenanceSection, topEquitySection, undoneSection } from "./sections/origin.ts";
import { overfittingSection } from "./sections/overfitting.ts";
import { walkForwardSection } from "./sections/walk-forward.ts";
import { SWEEP_STYLE } from "./style.ts";

/** What the report consists of, in order. A section that has nothing to show returns null and is left out. */
export const SWEEP_SECTIONS: readonly ((record: SweepRecord) => Section | null)[] = [
  leaderboardSection,
  axesSection,
  pairsSection,
  stabilitySection,
  topEquitySection,
  overfittingSection,
  walkForwardSection,
  holdoutSection,
  stagesSection,
  undoneSection,
  sweepProvenanceSection,
];

export interface SweepReportOptions {
  /** Source of the browser bundle; by default the one that `npm run build` leaves in dist/assets/charts.js. */
  readonly chartsScript?: string;
}

/**
 * The whole document.
 *
 * @param record one sweep; the equity of its best trials lies on its bars
 * @throws Error when the charts script is missing
 */
export async function renderSweepReport(record: SweepRecord, options: SweepReportOptions = {}): Promise<string> {
  const content = {
    name: record.name,
    masthead: renderSweepMasthead(record),
    headline: renderSweepHeadline(record),
    sections: SWEEP_SECTIONS.flatMap((build) => build(record) ?? []),
    style: SWEEP_STYLE,
  };
  return renderDocument(content, options.chartsScript);
}
