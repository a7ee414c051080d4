/** What a reader must know of how weights came about, as sentences; single events stay in the run's record. */
import type { AllocationPolicy } from "../allocation/plan-step.ts";
import type { AllocationRecord } from "../core/allocation-record.ts";

const SENTENCES: Readonly<Record<string, string>> = {
  method_failed: "the method had no answer and a simpler one was asked",
  kept_previous: "the last plan was kept",
  no_plan: "there was no answer and no last plan to keep",
  too_few_active: "too few sleeves were left after the cuts",
  budget_reduced: "max_weight leaves no room for a sum of 1",
  constraint_unmet: "a constraint could not be met",
  covariance_replaced: "there were too few returns for the covariance",
  method_warning: "the method had something to say",
};

/** @param timeOf a bar's date */
export function allocationWarnings(
  record: AllocationRecord,
  policy: AllocationPolicy,
  timeOf: (bar: number) => string,
): string[] {
  const warnings = Object.entries(SENTENCES).flatMap(([kind, sentence]) => {
    const found = record.events.filter((event) => event.kind === kind);
    if (found.length === 0) return [];
    const decisions = new Set(found.map(({ bar }) => bar)).size;
    const first = found[0]!;
    return [
      `allocation: ${sentence} at ${decisions} of ${record.bars.length} decisions, first at ${timeOf(first.bar)} (${first.detail})`,
    ];
  });
  const scaled = record.scale.some((x) => x !== 1) || record.leverage.some((x) => x !== 1);
  if (scaled && !policy.applyScale)
    warnings.push(
      "allocation: a scale or leverage was computed and not applied; allocation.apply_scale multiplies targets by it",
    );
  return warnings;
}
