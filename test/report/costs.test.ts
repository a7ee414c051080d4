import { expect, test } from "vitest";
import { costsChart } from "../../src/report/specs/costs.ts";
import { fabricateRecord } from "./fabricate-record.ts";

test("impact is drawn with slippage; funding, borrowing and forfeited margin are named", () => {
  const record = fabricateRecord({ bars: 60, assets: 2 });
  const plain = costsChart(record)!;
  expect(plain.caption).toMatch(/^Currency paid so far: fees [\d,.]+, slippage [\d,.]+\.$/);
  const account = {
    ...record.account,
    impact: record.account.impact.map(() => 1),
    funding: record.account.funding.map((_, t) => (t === 5 ? -12.5 : 0)),
    borrow: record.account.borrow.map((_, t) => (t === 5 ? 3 : 0)),
    liquidationLoss: record.account.liquidationLoss.map((_, t) => (t === 5 ? 7 : 0)),
  };
  const { caption } = costsChart({ ...record, account })!;
  expect(caption).toMatch(
    /slippage and impact [\d,.]+; not drawn: funding .12\.50, borrowing 3\.00, forfeited margin 7\.00\.$/,
  );
});
