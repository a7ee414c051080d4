import { expect, test } from "vitest";
import { mixtureOfExperts } from "../../src/allocation/methods/mixture-of-experts.ts";
import { weighSleeves } from "../../src/allocation/weigh-sleeves.ts";
import { allocationPolicyOf, constraintsOf, parametersOf } from "../support/weighting.ts";

const problem = (rows: readonly (readonly number[])[]) => ({
  window: { returns: Float64Array.from(rows.flat()), bars: rows.length, count: rows[0]!.length },
  strength: new Float64Array(rows[0]!.length).fill(1),
  posterior: null,
  trades: null,
  previous: null,
  barsSincePrevious: 0,
  covariance: null,
  linearProgram: null,
  names: rows[0]!.map((_, k) => `S${k}`),
});

test("fractional Kelly weighs by edge and reports k * mu / sigma^2 of the book as leverage", () => {
  // S0: mean 0.01, deviation 0.01 * sqrt(4/3); S1: mean -0.01 is left out
  const rows = [
    [0.02, -0.02],
    [0, 0],
    [0.02, -0.02],
    [0, 0],
  ];
  const parameters = parametersOf({
    kelly: { fraction: 0.5, edgeSource: "mean_variance", base: "equal_weight", drawdownLimit: 0.5 },
  });
  const policy = allocationPolicyOf({ method: "fractional_kelly", parameters, covariance: { kind: "diagonal" } });
  const plan = weighSleeves(problem(rows), policy);
  expect([...plan.weights!]).toEqual([1, 0]);
  // variance 4 * 1e-4 / 3: 0.5 * 0.01 / (4e-4 / 3) = 37.5
  expect(plan.leverage).toBeCloseTo(37.5, 9);
  const capped = { ...policy, constraints: constraintsOf({ maxLeverage: 2 }) };
  expect(weighSleeves(problem(rows), capped).leverage).toBe(2);
});

test("adaptive Kelly scales the fraction by what is known of the mean and by the drawdown", () => {
  const rows = [[0.1], [0.1], [0.1], [-0.1]];
  const parameters = parametersOf({
    kelly: { fraction: 1, edgeSource: "mean_variance", base: "equal_weight", drawdownLimit: 0.4 },
  });
  const policy = allocationPolicyOf({ method: "adaptive_kelly", parameters, covariance: { kind: "diagonal" } });
  // mean 0.05, variance (3 * 0.05^2 + 0.15^2) / 3 = 0.01: full Kelly 5, Sharpe 0.5, S = 4 * 0.25 = 1, e = 1/2;
  // the last return is a drawdown of 10% of a limit of 40%: d = 3/4
  expect(weighSleeves(problem(rows), policy).leverage).toBeCloseTo((5 * 0.5 * 3) / 4, 9);
});

test("a profit-factor edge is p (1 - 1 / PF)", () => {
  // S0: two wins of 2, one loss of 1: p = 2/3, PF = 4, edge 1/2. S1: one win of 3, two losses of 1: p = 1/3, PF = 1.5, edge 1/9
  const rows = [
    [0.02, 0.03],
    [0.02, -0.01],
    [-0.01, -0.01],
  ];
  const parameters = parametersOf({
    kelly: { fraction: 1, edgeSource: "profit_factor", base: "equal_weight", drawdownLimit: 0.5 },
  });
  const plan = weighSleeves(problem(rows), allocationPolicyOf({ method: "fractional_kelly", parameters }));
  expect(plan.weights![0]).toBeCloseTo(9 / 11, 12);
});

test("a mixture of experts weighs each regime's softmax by its probability now", () => {
  // regime 0 ruled bars 0 and 1, regime 1 bars 2 and 3
  const rows = [
    [0.02, -0.02],
    [0.04, -0.04],
    [-0.01, 0.01],
    [-0.03, 0.03],
  ];
  const posterior = { regimes: 2, values: Float64Array.of(1, 0, 1, 0, 0, 1, 0.25, 0.75) };
  const weighing = { ...problem(rows), posterior, parameters: parametersOf() };
  const out = new Float64Array(2);
  const answer = mixtureOfExperts.weigh(weighing as never, out);
  expect(answer.ok).toBe(true);
  // only S0 gains in regime 0 and only S1 in regime 1
  expect([...out].map((w) => Number(w.toFixed(12)))).toEqual([0.25, 0.75]);
});

test("a posterior half-life mixes in the probabilities of before", () => {
  const rows = [
    [0.02, -0.02],
    [0.04, -0.04],
    [-0.01, 0.01],
    [-0.03, 0.03],
  ];
  const posterior = { regimes: 2, values: Float64Array.of(1, 0, 1, 0, 0, 1, 0, 1) };
  const parameters = parametersOf({ moe: { temperature: 1, smoothingHalfLifeBars: 1 } });
  const out = new Float64Array(2);
  mixtureOfExperts.weigh({ ...problem(rows), posterior, parameters } as never, out);
  // half-way a bar: 1, 1, 1/2, 1/4 for regime 0
  expect([...out].map((w) => Number(w.toFixed(12)))).toEqual([0.25, 0.75]);
});

test("no posterior, or none in the window, is said", () => {
  const rows = [[0.02, -0.02]];
  const out = new Float64Array(2);
  const parameters = parametersOf();
  expect(mixtureOfExperts.weigh({ ...problem(rows), parameters } as never, out)).toMatchObject({
    reason: "there are no regime probabilities",
  });
  const unknown = { regimes: 2, values: Float64Array.of(Number.NaN, Number.NaN) };
  expect(mixtureOfExperts.weigh({ ...problem(rows), posterior: unknown, parameters } as never, out)).toMatchObject({
    reason: "no bar of the window has regime probabilities",
  });
});
