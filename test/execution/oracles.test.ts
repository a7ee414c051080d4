import { expect, test } from "vitest";
import { simulate } from "../../src/execution/reference.ts";
import { backtestCase } from "../support/backtest-oracle.ts";
import { costsOf, policyOf } from "../support/market.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

function expectRelative(got: Float64Array, want: number[], scale: number[], tolerance: number): void {
  expect(got.length).toBe(want.length);
  for (let t = 0; t < want.length; t++)
    expect(Math.abs(got[t]! - want[t]!), `bar ${t}: want ${want[t]}, got ${got[t]}`).toBeLessThanOrEqual(
      tolerance * scale[t]!,
    );
}

describeWith("oracles/backtest_equity.json", "pre_cost with smallest_first equals vectorbt from_orders", () => {
  for (const { name, input, expected } of readOracle("backtest_equity").cases)
    test(name, () => {
      const rows = input.decision_dates.map((date: string) => input.dates.indexOf(date));
      const { market, targets } = backtestCase(input, rows);
      const account = simulate(
        market,
        targets,
        policyOf({
          sizing: "pre_cost",
          cashShortfall: "smallest_first",
          costs: costsOf(input.fees * 1e4, input.slippage * 1e4),
          initialCash: input.init_cash,
        }),
      );
      const want = expected.vectorbt;
      expectRelative(account.equity, want.equity_at_close, want.equity_at_close, 1e-9);
      expectRelative(account.cash, want.cash, want.equity_at_close, 1e-9);
      for (const [n, units] of want.final_positions.entries())
        expect(Math.abs(account.finalUnits[n]! - units)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(units)));
      const fees = account.fees.reduce((a, b) => a + b, 0);
      expect(Math.abs(fees - want.fees_total)).toBeLessThanOrEqual(1e-9 * want.equity_at_close[0]);
      for (const [i, turnover] of expected.turnover_per_rebalance_vbt_semantics.entries())
        expect(Math.abs(account.turnover[rows[i] + 1]! - turnover)).toBeLessThanOrEqual(1e-9);
    });
});

describeWith("oracles/execution_rules.json", "pending targets and post_cost sizing equal the written rules", () => {
  for (const { name, input, expected } of readOracle("execution_rules").cases)
    test(name, () => {
      const { market, targets } = backtestCase(input, input.decision_rows);
      const account = simulate(
        market,
        targets,
        policyOf({
          sizing: input.sizing,
          costs: costsOf(input.fee_rate * 1e4, input.slippage * 1e4),
          initialCash: input.initial_cash,
        }),
      );
      expectRelative(account.equity, expected.equity_at_close, expected.equity_at_close, 1e-9);
      expectRelative(account.cash, expected.cash_at_close, expected.equity_at_close, 1e-9);
      const { fills } = account;
      const traded = expected.fills.filter((fill: number[]) => fill[2] !== 0);
      expect(fills.bar.length).toBe(traded.length);
      for (const [i, [row, asset, units, price, fee, slippage]] of traded.entries()) {
        expect([fills.bar[i], fills.asset[i]]).toEqual([row, asset]);
        expect(Math.abs(fills.quantity[i]! - units)).toBeLessThanOrEqual(1e-9 * input.initial_cash);
        expect(Math.abs(fills.price[i]! - price)).toBeLessThanOrEqual(1e-9 * price);
        expect(Math.abs(fills.fee[i]! - fee)).toBeLessThanOrEqual(1e-9 * input.initial_cash);
        expect(Math.abs(fills.slippage[i]! - slippage)).toBeLessThanOrEqual(1e-9 * input.initial_cash);
      }
      for (const { row, cost } of expected.executions)
        expect(Math.abs(account.fees[row]! + account.slippage[row]! - cost)).toBeLessThanOrEqual(
          1e-9 * input.initial_cash,
        );
    });
});
