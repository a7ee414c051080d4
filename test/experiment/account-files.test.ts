import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { simulate } from "../../src/execution/reference.ts";
import { writeLedger } from "../../src/experiment/account-files.ts";
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
