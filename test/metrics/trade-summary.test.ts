import { expect, test } from "vitest";
import type { Trade } from "../../src/core/contracts.ts";
import { tradeSummary, tradesByReason } from "../../src/metrics/trade-summary.ts";

const trade = (reason: Trade["reason"], profit: number, profitRate: number, barsHeld: number) => ({
  reason,
  profit,
  profitRate,
  barsHeld,
  exitBar: reason === "open" ? -1 : 9,
});
const some = [
  trade("target", 10, 0.2, 2),
  trade("open", 3, 0.03, 4),
  trade("stop_loss", -7, -0.1, 1),
  trade("target", -5, -0.1, 4),
  trade("target", 0, 0, 9),
];

test("the summary counts closed trades, and one without profit did not win", () => {
  // 1 of 4 won; 10 against 12 lost; (0.2 - 0.1 - 0.1 + 0) / 4; (2 + 1 + 4 + 9) / 4
  expect(tradeSummary(some)).toEqual({
    closed: 4,
    open: 1,
    winRate: 0.25,
    profitFactor: 10 / 12,
    meanReturn: 0,
    meanBars: 4,
  });
  expect(tradeSummary([])).toEqual({
    closed: 0,
    open: 0,
    winRate: Number.NaN,
    profitFactor: Number.NaN,
    meanReturn: Number.NaN,
    meanBars: Number.NaN,
  });
});

test("every reason that occurs has a line, open trades the last", () => {
  expect(tradesByReason(some)).toEqual([
    { reason: "target", count: 3, winRate: 1 / 3, meanReturn: (0.2 - 0.1) / 3, meanBars: 5, profit: 5 },
    { reason: "stop_loss", count: 1, winRate: 0, meanReturn: -0.1, meanBars: 1, profit: -7 },
    { reason: "open", count: 1, winRate: 1, meanReturn: 0.03, meanBars: 4, profit: 3 },
  ]);
  expect(tradesByReason([])).toEqual([]);
});
