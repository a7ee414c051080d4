import { describe, expect, test } from "vitest";
import type { RunRecord, Trade } from "../../src/core/contracts.ts";
import { createRng } from "../../src/core/rng.ts";
import { tradesSection } from "../../src/report/sections/trades.ts";
import { fabricateRecord, fabricateTrades } from "./fabricate-record.ts";

const record = fabricateRecord({ bars: 400, assets: 3 });
const { axes } = record.account;
const [sample] = record.trades;

function markup(changes: Partial<RunRecord>): string {
  const blocks = tradesSection({ ...record, ...changes })?.blocks ?? [];
  return blocks.map((block) => (block.kind === "html" ? block.html : "")).join("\n");
}

/** Text of the cells of each row that has any. */
function rows(html: string): string[][] {
  const cells = (row: string) =>
    [...row.matchAll(/<(?:th scope="row"|td)[^>]*>(.*?)<\/t[hd]>/g)].map((match) => match[1]!);
  return [...html.matchAll(/<tr>(.*?)<\/tr>/g)].map((match) => cells(match[1]!)).filter((row) => row.length > 0);
}

const tradeOf = (changes: Partial<Trade>): Trade => ({ ...sample!, ...changes });

describe("the trades section", () => {
  test("is left out when nothing was traded", () => {
    expect(tradesSection({ ...record, trades: [] })).toBeNull();
  });

  test("sums by what ended the trades and shows a few of them in full", () => {
    const won = tradeOf({
      asset: 1,
      side: "short",
      entryBar: 0,
      exitBar: 2,
      reason: "take_profit",
      barsHeld: 2,
      profit: 1234.5,
      profitRate: 0.25,
      maxAdverse: -0.02,
      maxFavourable: 0.3,
    });
    const lost = tradeOf({ ...won, profit: -234.5, profitRate: -0.05, barsHeld: 3 });
    const held = tradeOf({ ...won, exitBar: -1, reason: "open", profit: 0, profitRate: 0 });
    const shown = rows(markup({ trades: [won, lost, held] }));
    expect(shown.slice(0, 2)).toEqual([
      ["take profit", "2", "50.00%", "10.00%", "2.50", "1,000.00"],
      ["still open", "1", "0.00%", "0.00%", "2.00", "0.00"],
    ]);
    const side = ["B101", "short"];
    expect(shown.slice(2)).toEqual([
      [...side, "1,234.50", "25.00%", "2015-01-02", "2015-01-06", "take profit", "2", "−2.00%", "30.00%"],
      [...side, "0.00", "0.00%", "2015-01-02", "", "still open", "2", "−2.00%", "30.00%"],
      [...side, "−234.50", "−5.00%", "2015-01-02", "2015-01-06", "take profit", "3", "−2.00%", "30.00%"],
    ]);
  });

  test("has five of the best, five of the worst and at most sixty of the last, however many there are", () => {
    const trades = fabricateTrades(axes, createRng(1), 20_000);
    const html = markup({ trades });
    const all = rows(html);
    const reasons = all.findIndex((row) => row.length === 10);
    expect(all.length - reasons).toBe(5 + 5 + 60);
    expect(html).toContain("The last 60 of 20,000 trades");
    const amount = (text: string) => Number(text.replace(/,/g, "").replace("−", "-"));
    const profits = trades.map(({ profit }) => profit).sort((a, b) => b - a);
    const shown = all.slice(reasons, reasons + 10).map((row) => amount(row[2]!));
    const want = [...profits.slice(0, 5), ...profits.slice(-5).reverse()];
    for (const [i, profit] of shown.entries()) expect(profit).toBeCloseTo(want[i]!, 1);
    expect(html.length).toBeLessThan(60_000);
  });

  test("says that forfeited margin is not in the P&L where a position was liquidated, and only there", () => {
    const of = (reason: Trade["reason"]) => markup({ trades: [tradeOf({ reason })] });
    expect(of("liquidation")).toContain("Margin forfeited");
    expect(of("target")).not.toContain("Margin forfeited");
  });
});
