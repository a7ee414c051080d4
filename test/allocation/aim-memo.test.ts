import { expect, test } from "vitest";
import { createAimMemo, openAimMemo } from "../../src/allocation/aim-memo.ts";
import type { WeightingMethodName } from "../../src/allocation/methods/catalogue.ts";
import { planAllocation } from "../../src/allocation/plan.ts";
import type { AllocationInputs, AllocationPolicy } from "../../src/allocation/plan-step.ts";
import { createRng } from "../../src/core/rng.ts";
import { allocationPolicyOf, constraintsOf } from "../support/weighting.ts";

const BARS = 60;
const ASSETS = 4;

/** Normal returns; each asset is out of the selection at random, more often the larger the share. */
function inputsOf(outShare: number): AllocationInputs {
  const rng = createRng(7);
  const cells = BARS * ASSETS;
  const returns = Float64Array.from({ length: cells }, () => 0.01 * rng.normal());
  const multiplier = Float64Array.from({ length: cells }, () => (rng.uniform() < outShare ? 0 : 1));
  const ones = new Float64Array(cells).fill(1);
  const axes = { time: Float64Array.from({ length: BARS }, (_, t) => t), assets: ["A", "B", "C", "D"] };
  return { axes, listed: ones, returns, strength: ones, multiplier };
}

function policyOf(method: WeightingMethodName, changes: Partial<AllocationPolicy> = {}): AllocationPolicy {
  return allocationPolicyOf({ method, lookbackBars: 10, rebalanceBars: 2, recordsRiskShares: false, ...changes });
}

const METHODS: readonly WeightingMethodName[] = ["inverse_volatility", "hrp", "risk_parity", "constrained_mv"];

test("plans from shared aims are to the bit those of runs by themselves, one policy after another", () => {
  const aims = createAimMemo();
  const constraints = constraintsOf({ maxTurnover: 0.2, smoothingHalfLifeBars: 3, maxWeight: 0.4, minActive: 2 });
  for (const policy of METHODS.flatMap((method) => [policyOf(method), policyOf(method, { constraints })]))
    for (const outShare of [0.02, 0.05, 0.1, 0.3]) {
      const shared = planAllocation({ ...inputsOf(outShare), aims }, policy);
      const alone = planAllocation(inputsOf(outShare), policy);
      expect(shared).toEqual(alone);
    }
  expect(aims.aims.size).toBeGreaterThan(0);
});

test("a second run that asks the same adds nothing to what is kept", () => {
  const aims = createAimMemo();
  planAllocation({ ...inputsOf(0.1), aims }, policyOf("hrp"));
  const { size } = aims.aims;
  planAllocation({ ...inputsOf(0.1), aims }, policyOf("hrp"));
  expect(aims.aims.size).toBe(size);
  // A key ends with who takes part, one weight each.
  const participants = [...aims.aims.keys()].flatMap((key) => key.split(":")[1]!.split(","));
  expect(aims.cells).toBe(participants.length);
});

test("another policy forgets, even one that differs in a limit being off alone", () => {
  const memo = createAimMemo();
  const off = policyOf("hrp", { constraints: constraintsOf({ maxLeverage: Number.POSITIVE_INFINITY }) });
  openAimMemo(memo, off, 10);
  memo.cells = 4;
  expect(openAimMemo(memo, off, 10)!.cells).toBe(4);
  expect(openAimMemo(memo, off, 11)!.cells).toBe(0);
  memo.cells = 4;
  expect(openAimMemo(memo, policyOf("hrp", { constraints: constraintsOf({ maxLeverage: 2 }) }), 11)!.cells).toBe(0);
});

test("nothing is shared where the method looks at the signal, or a covariance is asked for after the aim", () => {
  const memo = createAimMemo();
  expect(openAimMemo(memo, policyOf("signal"), 0)).toBe(null);
  expect(openAimMemo(memo, policyOf("hrp", { volatilityTarget: 0.01 }), 0)).toBe(null);
  expect(openAimMemo(memo, policyOf("hrp", { recordsRiskShares: true }), 0)).toBe(null);
});
