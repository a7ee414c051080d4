import fc from "fast-check";
import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { initAccount } from "../../src/execution/account-state.ts";
import { barInputs, createLedger, simulate, stepContext } from "../../src/execution/reference.ts";
import { stepAccount } from "../../src/execution/step.ts";
import { executionCases, runCase } from "../support/execution-cases.ts";
import { DAY, marketOn, policyOf } from "../support/market.ts";

test("run(0..T) equals run(0..k), save, load, run(k..T), to the bit", () => {
  fc.assert(
    fc.property(executionCases, fc.nat(), (c, k) => {
      const { market, policy, funding = null, moves = null } = c;
      const T = market.axes.time.length;
      const whole = runCase(c);
      const ledger = createLedger(market.axes);
      const targets = { axes: market.axes, values: c.targets };
      const inputs = barInputs(market, targets, policy, { fundingRate: funding, moves });
      const first = stepContext(market, policy, ledger);
      let state = initAccount(policy, market.axes.assets.length);
      for (let t = 0; t < k % T; t++) stepAccount(state, t, inputs, first);
      state = structuredClone(state);
      const second = stepContext(market, policy, ledger);
      for (let t = k % T; t < T; t++) stepAccount(state, t, inputs, second);
      expect(ledger.equity).toEqual(whole.equity);
      expect(ledger.heldWeights).toEqual(whole.heldWeights);
      expect(state.units).toEqual(whole.finalUnits);
    }),
    { seed: 5, numRuns: 1500 },
  );
});

test("no bars and a column without any price give an account without trades", () => {
  const empty = createAxes([], ["A"]);
  expect(
    simulate(
      marketOn(empty, new Float64Array(0), new Float64Array(0)),
      { axes: empty, values: new Float64Array(0) },
      policyOf(),
    ).equity.length,
  ).toBe(0);
  const axes = createAxes([0, DAY, 2 * DAY], ["A", "B"]);
  const close = Float64Array.of(10, Number.NaN, 10, Number.NaN, 20, Number.NaN);
  const account = simulate(
    marketOn(axes, close, close),
    { axes, values: Float64Array.of(0.5, 0.5, Number.NaN, Number.NaN, Number.NaN, Number.NaN) },
    policyOf(),
  );
  expect([...account.equity]).toEqual([1000, 1000, 1500]);
  expect(account.events).toEqual([expect.objectContaining({ kind: "unfilled_target", asset: 1 })]);
});
