import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Trade } from "../../src/core/contracts.ts";
import { simulate } from "../../src/execution/reference.ts";
import { writeLedger, writeTrades } from "../../src/experiment/account-files.ts";
import { tempDir } from "../support/files.ts";
import { decisionsAt, marketOf, policyOf } from "../support/market.ts";

test("a ledger has every term of the identity in a column of its own", async () => {
  const market = marketOf([[10], [10]], [[10], [12]]);
  const account = simulate(market, decisionsAt(market.axes, { 0: [1] }), policyOf());
  const path = join(tempDir(), "ledger.csv");
  await writeLedger(path, { ...account, equity: Float64Array.of(1000, 1193), liquidationLoss: Float64Array.of(0, 7) });
  // 100 units from 10 to 12, less 7
  expect(readFileSync(path, "utf8")).toBe(
    "date,equity_change,position_pnl,fees,slippage,impact,funding,borrow,liquidation_loss,write_off\n" +
      "2020-01-01,0,0,0,0,0,0,0,0,0\n2020-01-02,193,200,0,0,0,0,0,7,0\n",
  );
});

test("trades have a line each, and an open one an empty cell for its exit", async () => {
  const { axes } = marketOf([[10], [10], [10]], [[10], [10], [10]], ["A,B"]);
  const closed: Trade = {
    asset: 0,
    side: "short",
    entryBar: 1,
    exitBar: 2,
    reason: "stop_loss",
    units: 3,
    entryPrice: 10,
    exitPrice: 12,
    invested: 30,
    profit: -7.5,
    profitRate: -0.25,
    fees: 1.5,
    barsHeld: 1,
    maxAdverse: -0.2,
    maxFavourable: 0.1,
  };
  const path = join(tempDir(), "trades.csv");
  await writeTrades(path, axes, [closed, { ...closed, exitBar: -1, reason: "open" }]);
  const figures = (reason: string) => `"A,B",short,3,10,12,${reason},1,-7.5,-0.25,1.5,-0.2,0.1`;
  expect(readFileSync(path, "utf8")).toBe(
    "entry,exit,symbol,side,units,entry_price,exit_price,reason,bars_held,profit,return,fees,mae,mfe\n" +
      `2020-01-02,2020-01-03,${figures("stop_loss")}\n2020-01-02,,${figures("open")}\n`,
  );
  await writeTrades(path, axes, []);
  expect(readFileSync(path, "utf8").split("\n")).toHaveLength(2);
});
