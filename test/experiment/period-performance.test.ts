import { describe, expect, it } from "vitest";
import type { Account } from "../../src/core/contracts.ts";
import { periodPerformance } from "../../src/experiment/period-performance.ts";
import { fabricateRecord } from "../report/fabricate-record.ts";

const zeros = () => new Float64Array(5);
const account: Account = {
  ...fabricateRecord({ bars: 5, assets: 1 }).account,
  equity: Float64Array.of(100, 100, 110, 99, 198),
  turnover: Float64Array.of(9, 9, 1, 0.5, 0.5),
  fees: Float64Array.of(9, 9, 1, 2, 3),
  slippage: Float64Array.of(9, 9, 0, 1, 0),
  impact: zeros(),
  funding: zeros(),
  borrow: zeros(),
  liquidationLoss: zeros(),
};
const options = { periodsPerYear: 4, riskFreeAnnual: 0 };

describe("periodPerformance", () => {
  it("by hand: equity 100 110 99 198 from bar 1 on is +10%, -10%, +100% in three quarters of a year", () => {
    const found = periodPerformance(account, 1, 5, options);
    expect(found.bars).toBe(3);
    expect(found.totalReturn).toBeCloseTo(0.98, 12);
    expect(found.cagr).toBeCloseTo(1.98 ** (4 / 3) - 1, 12);
    expect(found.maxDrawdown).toBeCloseTo(-0.1, 12);
    // mean 1/3, offsets -.23333 -.43333 .66667, squares .0544444 + .1877778 + .4444444 = .6866667, ddof 1
    expect(found.volatility).toBeCloseTo(Math.sqrt(0.686666666667 / 2) * 2, 9);
    expect(found.sharpe).toBeCloseTo((1 / 3 / Math.sqrt(0.686666666667 / 2)) * 2, 9);
  });

  it("by hand: what bars 2 to 4 traded and paid, 2 and 7, over .75 years and a mean equity of 407/3", () => {
    const found = periodPerformance(account, 1, 5, options);
    expect(found.turnover).toBeCloseTo(2 / 0.75, 12);
    expect(found.costDrag).toBeCloseTo(7 / 0.75 / (407 / 3), 12);
  });

  it("reads nothing beyond its end", () => {
    const later = {
      ...account,
      equity: account.equity.map((x, t) => (t < 4 ? x : 1)),
      fees: account.fees.map((x, t) => (t < 4 ? x : 99)),
    };
    expect(periodPerformance(later, 1, 4, options)).toEqual(periodPerformance(account, 1, 4, options));
  });

  it("has no figures for a period without a return", () => {
    const { bars, cagr, sharpe, turnover, costDrag } = periodPerformance(account, 4, 5, options);
    expect(bars).toBe(0);
    for (const value of [cagr, sharpe, turnover, costDrag]) expect(value).toBeNaN();
  });
});
