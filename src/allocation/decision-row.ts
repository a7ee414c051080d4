/** One decision of an allocation, and all of a run as the record its report is made of. */
import type { AllocationRecord } from "../core/allocation-record.ts";
import type { AllocationEvent } from "./fallback.ts";
import { effectiveNumber, riskShares } from "./plan-diagnostics.ts";
import type { SleevePlan } from "./weigh-sleeves.ts";

/** Sleeves beyond which nobody could read their shares of the risk, so that they are not computed. */
export const RISK_SHARES_UP_TO = 100;

/** Figures of the plan, which itself would keep its window of returns for the rest of the run. */
export interface DecisionRow {
  readonly bar: number;
  /** False when there was neither an answer nor a last plan to keep. */
  readonly decided: boolean;
  readonly method: SleevePlan["method"];
  readonly turnover: number;
  readonly effectiveNumber: number;
  readonly scale: number;
  readonly leverage: number;
  readonly events: readonly AllocationEvent[];
  /** [N] shares of the plan's volatility; null where they are not computed. */
  readonly riskShares: Float64Array | null;
}

/** @param participants positions of the plan's sleeves among `assets` */
export function decisionRow(
  bar: number,
  participants: readonly number[],
  plan: SleevePlan,
  assets: number,
  recordsRiskShares: boolean,
): DecisionRow {
  const { weights, method, turnover, scale, leverage, events } = plan;
  return {
    bar,
    decided: weights !== null,
    method,
    turnover,
    effectiveNumber: weights === null ? Number.NaN : effectiveNumber(weights),
    scale,
    leverage,
    events,
    riskShares: recordsRiskShares ? riskSharesAmong(participants, plan, assets) : null,
  };
}

/** [N] NaN where an asset takes no part; null where nobody could read them. */
function riskSharesAmong(
  participants: readonly number[],
  { weights, covariance }: SleevePlan,
  assets: number,
): Float64Array | null {
  if (weights === null || participants.length > RISK_SHARES_UP_TO) return null;
  const shares = new Float64Array(assets).fill(Number.NaN);
  const own = riskShares(weights, covariance().matrix);
  for (const [k, n] of participants.entries()) shares[n] = own[k]!;
  return shares;
}

export function allocationRecord(rows: readonly DecisionRow[], assets: number): AllocationRecord {
  const shareRows = new Float64Array(rows.length * assets).fill(Number.NaN);
  for (const [d, row] of rows.entries()) if (row.riskShares !== null) shareRows.set(row.riskShares, d * assets);
  const figure = (of: (row: DecisionRow) => number) => {
    const values = new Float64Array(rows.length);
    for (let d = 0; d < rows.length; d++) values[d] = of(rows[d]!);
    return values;
  };
  return {
    bars: Int32Array.from(rows, ({ bar }) => bar),
    decided: Uint8Array.from(rows, ({ decided }) => (decided ? 1 : 0)),
    methods: rows.map(({ method }) => method),
    turnover: figure(({ turnover }) => turnover),
    effectiveNumber: figure((row) => row.effectiveNumber),
    scale: figure(({ scale }) => scale),
    leverage: figure(({ leverage }) => leverage),
    riskShares: shareRows,
    events: rows.flatMap(({ bar, events }) => events.map((event) => ({ bar, ...event }))),
  };
}
