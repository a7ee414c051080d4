/** What was held, and how far that was from what was decided. */
import type { RunRecord } from "../../core/contracts.ts";
import { chartSection, type Section } from "../section.ts";
import { plannedAssetsChart } from "../specs/planned-assets.ts";
import { plannedExecutedChart } from "../specs/planned-executed.ts";
import { weightsChart } from "../specs/weights.ts";

export function holdingsSection(record: RunRecord): Section | null {
  return chartSection("holdings", "Holdings", [
    weightsChart(record),
    plannedExecutedChart(record),
    plannedAssetsChart(record),
  ]);
}
