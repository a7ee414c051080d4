/** A batch beside the reference's account of each of its configs. */
import { expect } from "vitest";
import type { Account } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import type { BatchPlane } from "../../src/execution/kernel/result-planes.ts";
import type { ExecutionPolicy } from "../../src/execution/policy.ts";
import { simulate } from "../../src/execution/reference.ts";
import { type BatchResult, runBatch } from "../../src/execution/run-batch.ts";
import type { ExecutionPanels } from "../../src/execution/step-context.ts";

export const ALL_PLANES = ["equity", "turnover", "fees", "slippage", "grossExposure", "funding", "borrow"] as const;

const PLAIN_PLANES = ["equity", "turnover", "fees", "slippage"] as const;

const TOLERANCE = 1e-12;

/** Runs the batch on the kernel and fails where a config differs from `simulate` by more than 1e-12 relative. */
export async function expectSameAsReference(
  market: Ohlcv,
  weights: Float64Array,
  policies: ExecutionPolicy | readonly ExecutionPolicy[],
  panels: ExecutionPanels = {},
): Promise<BatchResult<BatchPlane>> {
  const result = await runBatch(market, weights, policies, { panels, planes: ALL_PLANES, threads: 1 });
  // bars that only trade take a shorter way, unless exposure or carry is wanted as well
  const bare = await runBatch(market, weights, policies, { panels, planes: PLAIN_PLANES, threads: 1 });
  for (const plane of PLAIN_PLANES) expect(bare[plane]).toEqual(result[plane]);
  const cells = market.open.length;
  for (let p = 0; p < result.configs; p++) {
    const policy = Array.isArray(policies) ? policies[p]! : policies;
    const values = weights.slice(p * cells, (p + 1) * cells);
    expectAccount(result, p, simulate(market, { axes: market.axes, values }, policy, panels));
  }
  return result;
}

/** Money is measured against the larger of the bar's equity and the one before. */
function expectAccount(result: BatchResult<BatchPlane>, p: number, account: Account): void {
  const bars = account.equity.length;
  for (const plane of ALL_PLANES)
    for (let t = 0; t < bars; t++) {
      const got = result[plane][p * bars + t]!;
      const want = account[plane][t]!;
      const isRatio = plane === "turnover" || plane === "grossExposure";
      const scale = isRatio ? 1 + want : Math.max(account.equity[t]!, account.equity[Math.max(0, t - 1)]!);
      if (!(Math.abs(got - want) <= TOLERANCE * scale))
        expect.fail(`config ${p}, ${plane} at bar ${t}: want ${want}, got ${got}`);
    }
  for (const [n, want] of account.finalUnits.entries()) {
    const got = result.finalUnits[p * account.finalUnits.length + n]!;
    const scale = Math.max(1, Math.abs(want), account.equity[0]!);
    if (!(Math.abs(got - want) <= TOLERANCE * scale)) expect.fail(`config ${p}, units ${n}: want ${want}, got ${got}`);
  }
  expect(result.ruinBar[p]).toBe(account.ruinBar);
}
