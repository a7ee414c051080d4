import { expect, test } from "vitest";
import type { WeightingMethodName } from "../../src/allocation/methods/catalogue.ts";
import { planAllocation } from "../../src/allocation/plan.ts";
import { createPlanMemo, openPlanMemo, type PlanMemo, questionAt } from "../../src/allocation/plan-memo.ts";
import type { AllocationInputs, AllocationPolicy } from "../../src/allocation/plan-step.ts";
import { estimateCells } from "../../src/allocation/window-estimates.ts";
import { createRng } from "../../src/core/rng.ts";
import { allocationPolicyOf, constraintsOf, parametersOf } from "../support/weighting.ts";

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
  return allocationPolicyOf({ method, lookbackBars: 10, rebalanceBars: 2, records: "plans", ...changes });
}

const METHODS: readonly WeightingMethodName[] = ["inverse_volatility", "hrp", "risk_parity", "constrained_mv"];

/** Questions kept, and how often each figure is. */
function kept(memo: PlanMemo) {
  const questions = [...memo.questions.values()].flat();
  return {
    questions: questions.length,
    aims: questions.filter(({ aim }) => aim !== null).length,
    covariances: questions.filter(({ estimates }) => estimates.covariance !== null).length,
  };
}

test("plans from a shared memo are to the bit those of runs by themselves, one policy after another", () => {
  const inputs = inputsOf(0);
  const memo = createPlanMemo(inputs.returns);
  const constraints = constraintsOf({ maxTurnover: 0.2, smoothingHalfLifeBars: 3, maxWeight: 0.4, minActive: 2 });
  // Cut from bar to bar, by the one limit others than by the other.
  const cuts = constraintsOf({ maxDrawdown: 0.03 });
  const otherCuts = constraintsOf({ maxExpectedShortfall: 0.015 });
  const policies = METHODS.flatMap((method) =>
    [10, 12].flatMap((lookbackBars) => [
      policyOf(method, { lookbackBars }),
      policyOf(method, { lookbackBars, constraints }),
      policyOf(method, { lookbackBars, constraints: cuts }),
      policyOf(method, { lookbackBars, constraints: otherCuts }),
      policyOf(method, { lookbackBars, rebalanceBars: 3 }),
      policyOf(method, { lookbackBars, records: "risk_shares", volatilityTarget: 0.01 }),
    ]),
  );
  for (const policy of [...policies, ...policies.toReversed()])
    for (const outShare of [0.02, 0.05, 0.1, 0.3]) {
      const shared = planAllocation({ ...inputsOf(outShare), memo }, policy);
      const alone = planAllocation(inputsOf(outShare), policy);
      expect(shared).toEqual(alone);
      const isLimited = policy.constraints === cuts || policy.constraints === otherCuts;
      expect(alone.record.events.some(({ kind }) => kind === "cut")).toBe(isLimited);
    }
});

test("a second run that asks the same adds nothing to what is kept", () => {
  const inputs = inputsOf(0.1);
  const memo = createPlanMemo(inputs.returns);
  planAllocation({ ...inputs, memo }, policyOf("hrp"));
  const first = { ...kept(memo), cells: memo.cells };
  planAllocation({ ...inputs, memo }, policyOf("hrp"));
  expect({ ...kept(memo), cells: memo.cells }).toEqual(first);
  expect(first.aims).toBe(first.questions);
});

test("another method with the same lookback finds the covariances of the first, and no aim of it", () => {
  const inputs = inputsOf(0.1);
  const memo = createPlanMemo(inputs.returns);
  planAllocation({ ...inputs, memo }, policyOf("hrp"));
  const before = new Map([...memo.questions].map(([t, asked]) => [t, asked[0]!.estimates.covariance]));
  const { covariances } = kept(memo);
  expect(covariances).toBeGreaterThan(0);
  planAllocation({ ...inputs, memo }, policyOf("risk_parity"));
  expect(kept(memo).covariances).toBe(covariances);
  for (const [t, covariance] of before) expect(memo.questions.get(t)![0]!.estimates.covariance).toBe(covariance);
});

test("aims are those of one policy, even of one that differs in a limit being off alone", () => {
  const memo = createPlanMemo(inputsOf(0).returns);
  const off = policyOf("hrp", { constraints: constraintsOf({ maxLeverage: Number.POSITIVE_INFINITY }) });
  openPlanMemo(memo, off, 10);
  const { policy } = memo;
  openPlanMemo(memo, off, 10);
  expect(memo.policy).toBe(policy);
  openPlanMemo(memo, off, 11);
  expect(memo.policy).toBe(policy + 1);
  openPlanMemo(memo, policyOf("hrp", { constraints: constraintsOf({ maxLeverage: 2 }) }), 11);
  expect(memo.policy).toBe(policy + 2);
});

test("another lookback or estimator forgets everything, another method nothing", () => {
  const inputs = inputsOf(0.1);
  const memo = createPlanMemo(inputs.returns);
  const run = () => planAllocation({ ...inputs, memo }, policyOf("hrp"));
  const isEmptyAfter = (policy: AllocationPolicy) => {
    run();
    openPlanMemo(memo, policy, 10);
    return memo.questions.size === 0 && memo.cells === 0;
  };
  expect(isEmptyAfter(policyOf("risk_parity"))).toBe(false);
  expect(isEmptyAfter(policyOf("hrp", { lookbackBars: 11 }))).toBe(true);
  expect(isEmptyAfter(policyOf("hrp", { covariance: { kind: "diagonal" } }))).toBe(true);
  const volatility = { kind: "ewma", decay: { halfLifeBars: 20 } } as const;
  expect(isEmptyAfter(policyOf("hrp", { parameters: parametersOf({ volatility }) }))).toBe(true);
  expect(isEmptyAfter(policyOf("hrp", { parameters: parametersOf({ riskFree: 0.0001 }) }))).toBe(true);
});

test("no aim is shared of a method that looks at the strengths, which are not the same for all", () => {
  const inputs = inputsOf(0.1);
  const memo = createPlanMemo(inputs.returns);
  // A twice as strong as the others, then D.
  for (const strong of [0, 3]) {
    const strength = inputs.strength.map((_, cell) => (cell % ASSETS === strong ? 2 : 1));
    const shared = planAllocation({ ...inputs, strength, memo }, policyOf("signal"));
    expect(shared).toEqual(planAllocation({ ...inputs, strength }, policyOf("signal")));
  }
  expect(kept(memo).questions).toBeGreaterThan(0);
  expect(kept(memo).aims).toBe(0);
});

test("no aim is shared where a covariance is asked for after it", () => {
  const memo = createPlanMemo(inputsOf(0).returns);
  const keeps = (policy: AllocationPolicy) => {
    openPlanMemo(memo, policy, 0);
    return memo.keepsAims;
  };
  expect(keeps(policyOf("hrp"))).toBe(true);
  expect(keeps(policyOf("hrp", { volatilityTarget: 0.01 }))).toBe(false);
  expect(keeps(policyOf("hrp", { records: "risk_shares" }))).toBe(false);
});

test("what does not fit is not kept, and an estimate that does not fit is given up before its aim", () => {
  const inputs = inputsOf(0.1);
  const full = createPlanMemo(inputs.returns);
  openPlanMemo(full, policyOf("hrp"), 10);
  full.cells = 2 ** 23;
  const alone = planAllocation(inputs, policyOf("hrp"));
  expect(planAllocation({ ...inputs, memo: full }, policyOf("hrp"))).toEqual(alone);
  expect(full.questions.size).toBe(0);
  const tight = createPlanMemo(inputs.returns);
  openPlanMemo(tight, policyOf("hrp"), 10);
  // A plan of four sleeves is eight numbers beside the 64 of any, its covariance sixteen.
  tight.cells = 2 ** 23 - 72;
  planAllocation({ ...inputs, memo: tight }, policyOf("hrp"));
  expect(kept(tight)).toEqual({ questions: 1, aims: 1, covariances: 0 });
});

test("what is asked of the covariance once the aim is known counts as kept like the rest", () => {
  const inputs = inputsOf(0.1);
  const memo = createPlanMemo(inputs.returns);
  // Nobody but the volatility target asks for a covariance here.
  planAllocation({ ...inputs, memo }, policyOf("equal_weight", { volatilityTarget: 0.01 }));
  expect(kept(memo).covariances).toBeGreaterThan(0);
  const questions = [...memo.questions.values()].flat();
  expect(memo.cells).toBe(questions.reduce((sum, { estimates }) => sum + 64 + estimateCells(estimates), 0));
});

test("a question is of its bar and of exactly its participants", () => {
  const inputs = inputsOf(0.1);
  const memo = createPlanMemo(inputs.returns);
  planAllocation({ ...inputs, memo }, policyOf("hrp"));
  const [t, asked] = [...memo.questions][0]!;
  const { participants } = asked[0]!;
  expect(questionAt(memo, t, [...participants])).toBe(asked[0]);
  expect(questionAt(memo, t, participants.slice(1)).aim).toBe(null);
  expect(questionAt(memo, t + 10_000, [...participants]).aim).toBe(null);
});
