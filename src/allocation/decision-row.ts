/** One decision of an allocation, and all of a run as the record its report is made of. */
import type { AllocationRecord } from "../core/contracts.ts";
import { effectiveNumber, riskShares } from "./plan-diagnostics.ts";
import type { SleevePlan } from "./weigh-sleeves.ts";

/** Sleeves beyond which nobody could read their shares of the risk, so that they are not computed. */
export const RISK_SHARES_UP_TO = 100;

export interface DecisionRow {
  readonly bar: number;
  /** Without its covariance, which would keep its window of returns for the rest of the run. */
  readonly plan: Omit<SleevePlan, "covariance">;
  /** [N] shares of the plan's volatility; null where they are not computed. */
  readonly riskShares: Float64Array | null;
}

/** @param participants positions of the plan's sleeves among `assets` */
export function decisionRow(
  bar: number,
  participants: readonly number[],
  { covariance, ...plan }: SleevePlan,
  assets: number,
  recordsRiskShares: boolean,
): DecisionRow {
  if (!recordsRiskShares || plan.weights === null || participants.length > RISK_SHARES_UP_TO)
    return { bar, plan, riskShares: null };
  const shares = new Float64Array(assets).fill(Number.NaN);
  const own = riskShares(plan.weights, covariance().matrix);
  for (const [k, n] of participants.entries()) shares[n] = own[k]!;
  return { bar, plan, riskShares: shares };
}

export function allocationRecord(rows: readonly DecisionRow[], assets: number): AllocationRecord {
  const shareRows = new Float64Array(rows.length * assets).fill(Number.NaN);
  for (const [d, row] of rows.entries()) if (row.riskShares !== null) shareRows.set(row.riskShares, d * assets);
  const figure = (of: (plan: DecisionRow["plan"]) => number) => {
    const values = new Float64Array(rows.length);
    for (let d = 0; d < rows.length; d++) values[d] = of(rows[d]!.plan);
    return values;
  };
  return {
    bars: Int32Array.from(rows, ({ bar }) => bar),
    decided: Uint8Array.from(rows, ({ plan }) => (plan.weights === null ? 0 : 1)),
    methods: rows.map(({ plan }) => plan.method),
    turnover: figure(({ turnover }) => turnover),
    effectiveNumber: figure(({ weights }) => (weights === null ? Number.NaN : effectiveNumber(weights))),
    scale: figure(({ scale }) => scale),
    leverage: figure(({ leverage }) => leverage),
    riskShares: shareRows,
    events: rows.flatMap(({ bar, plan }) => plan.events.map((event) => ({ bar, ...event }))),
  };
}
