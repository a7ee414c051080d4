/** What was held. */
import type { RunRecord } from "../../core/contracts.ts";
import { chartSection, type Section } from "../section.ts";
import { weightsChart } from "../specs/weights.ts";

export function holdingsSection(record: RunRecord): Section | null {
  return chartSection("holdings", "Holdings", [weightsChart(record)]);
}
