import fc from "fast-check";
import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { initAccount } from "../../src/execution/account-state.ts";
import { barInputs, createLedger, simulate, stepContext } from "../../src/execution/reference.ts";
import { stepAccount } from "../../src/execution/step.ts";
import { costsOf, DAY, marketOn, policyOf } from "../support/market.ts";

test("run(0..T) equals run(0..k), save, load, run(k..T), to the bit", () => {
  const N = 2;
  const move = fc.oneof(
    { weight: 5, arbitrary: fc.double({ min: -0.2, max: 0.2, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
  const weight = fc.constantFrom(Number.NaN, Number.NaN, 0, 0.3, 0.5, -0.4);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.nat(),
      fc.infiniteStream(move),
      fc.infiniteStream(weight),
      (T, cut, moves, weights) => {
        const axes = createAxes(
          Array.from({ length: T }, (_, t) => t * DAY),
          ["A", "B"],
        );
        const price = [10, 20];
        const close = Float64Array.from([...moves.take(T * N)], (m, i) => {
          const next = price[i % N]! * (1 + m);
          if (next > 0) price[i % N] = next;
          return next;
        });
        const market = marketOn(axes, close, close);
        const targets = { axes, values: Float64Array.from([...weights.take(T * N)]) };
        const policy = policyOf({ costs: costsOf(10, 5), delistAfterBars: 2, maxLeverage: 1 });
        const whole = simulate(market, targets, policy);

        const ledger = createLedger(axes);
        const inputs = barInputs(market, targets, policy);
        const context = () => stepContext(market, policy, ledger);
        const first = context();
        let state = initAccount(policy, N);
        for (let t = 0; t < cut % T; t++) stepAccount(state, t, inputs, first);
        state = structuredClone(state);
        const second = context();
        for (let t = cut % T; t < T; t++) stepAccount(state, t, inputs, second);
        expect(ledger.equity).toEqual(whole.equity);
        expect(ledger.heldWeights).toEqual(whole.heldWeights);
        expect(state.units).toEqual(whole.finalUnits);
      },
    ),
    { seed: 5, numRuns: 400 },
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
