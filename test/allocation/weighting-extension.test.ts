import { expect, test } from "vitest";
import type { AllocationEvent } from "../../src/allocation/fallback.ts";
import { planAllocation } from "../../src/allocation/plan.ts";
import { createPlanMemo, knownAim, openPlanMemo, questionAt } from "../../src/allocation/plan-memo.ts";
import type { AllocationInputs, AllocationPolicy } from "../../src/allocation/plan-step.ts";
import { type SleevePlan, weighSleeves } from "../../src/allocation/weigh-sleeves.ts";
import {
  boundWeighting,
  type WeightingExtension,
  type WeightingProblem,
} from "../../src/allocation/weighting-extension.ts";
import { fail } from "../../src/core/result.ts";
import { createRng } from "../../src/core/rng.ts";
import { inverseDrawdown, weightingThat } from "../support/extension-definitions.ts";
import { allocationPolicyOf, constraintsOf } from "../support/weighting.ts";

/** Rows are bars. A falls by 20% from 1.1, B by 10% from 1, C by 40% from 1. */
const RETURNS = [
  [0.1, 0, -0.2],
  [-0.2, -0.1, -0.25],
  [0.1, 0.1, 0.1],
];

function policyWith(
  extension: WeightingExtension,
  parameters: Record<string, unknown> = {},
  changes: Partial<AllocationPolicy> = {},
): AllocationPolicy {
  return allocationPolicyOf({ method: boundWeighting(extension, parameters, "one"), ...changes });
}

function planOf(policy: AllocationPolicy, columns = [0, 1, 2], strength = [1, 1, 1]): SleevePlan {
  return weighSleeves(
    {
      window: {
        returns: Float64Array.from(RETURNS.flatMap((row) => columns.map((k) => row[k]!))),
        bars: RETURNS.length,
        count: columns.length,
      },
      strength: Float64Array.from(columns, (k) => strength[k]!),
      posterior: null,
      trades: null,
      covariance: null,
      linearProgram: null,
      names: columns.map((k) => "ABC"[k]!),
      previous: null,
      barsSincePrevious: 0,
    },
    policy,
  );
}

const details = (events: readonly AllocationEvent[]) => events.map(({ kind, detail }) => `${kind}: ${detail}`);

test("weights are those that the method writes", () => {
  // drawdowns 0.2, 0.1, 1 - 0.8 * 0.75 = 0.4: inverses 5, 10, 2.5 of 17.5; squared 25, 100, 6.25 of 131.25
  const plain = planOf(policyWith(inverseDrawdown, { power: 1 }));
  expect([...plain.weights!]).toEqual([5 / 17.5, 10 / 17.5, 2.5 / 17.5].map((w) => expect.closeTo(w, 12)));
  expect(plain).toMatchObject({ method: "inverse_drawdown", leverage: 1, events: [] });
  const squared = planOf(policyWith(inverseDrawdown, { power: 2 }));
  expect([...squared.weights!]).toEqual([25 / 131.25, 100 / 131.25, 6.25 / 131.25].map((w) => expect.closeTo(w, 12)));
});

test("permuting the sleeves permutes the weights", () => {
  const policy = policyWith(inverseDrawdown, { power: 1 });
  const [a, b, c] = planOf(policy).weights!;
  expect([...planOf(policy, [2, 0, 1]).weights!]).toEqual([c, a, b].map((w) => expect.closeTo(w!, 12)));
});

test("constraints are met after it: no sleeve above max_weight, the rest spread by projection", () => {
  // 2/7, 4/7, 1/7 with at most 0.5: 1/14 too much goes evenly to the other two
  const constraints = constraintsOf({ maxWeight: 0.5 });
  const { weights } = planOf(policyWith(inverseDrawdown, { power: 1 }, { constraints }));
  expect([...weights!]).toEqual([2 / 7 + 1 / 28, 0.5, 1 / 7 + 1 / 28].map((w) => expect.closeTo(w, 9)));
});

test("an answer may be to the budget, where max_weight leaves no room for a sum of 1", () => {
  const toBudget = weightingThat(({ bounds, window }, _, out) => {
    out.fill(bounds.budget / window.count);
    return { ok: true, value: { leverage: 2, warnings: ["all alike"] } };
  });
  const { weights, leverage, events } = planOf(
    policyWith(toBudget, {}, { constraints: constraintsOf({ maxWeight: 0.2 }) }),
  );
  expect([...weights!]).toEqual([0.2, 0.2, 0.2].map((w) => expect.closeTo(w, 12)));
  expect(leverage).toBe(2);
  expect(details(events)).toContain("method_warning: all alike");
});

test("a reason in place of an answer is an event, and the simpler methods are asked", () => {
  const without = weightingThat(() => fail("the moon is full"));
  const plan = planOf(policyWith(without));
  // A's mean is 0, B's is 0, C's is below 0: sharpe_proportional has no answer either
  expect(plan.method).toBe("equal_weight");
  expect(details(plan.events)[0]).toBe("method_failed: mine: the moon is full");
  expect(planOf(policyWith(without, {}, { tier: "critical" }))).toMatchObject({ method: "previous", weights: null });
});

test("what it does to its figures before it gives up is nothing to the method that is asked next", () => {
  const plan = (touch: (problem: WeightingProblem) => void) =>
    planAllocation(
      inputsOf(),
      policyWith(
        weightingThat((problem) => {
          touch(problem);
          return fail("given up");
        }),
        {},
        { lookbackBars: 5 },
      ),
    );
  const touched = plan(({ statistics, volatilities }) => {
    for (const figures of [statistics().sharpe, statistics().mean, volatilities()]) figures.fill(7);
  });
  expect(touched.record.methods).toContain("sharpe_proportional");
  expect(touched).toEqual(plan(() => {}));
});

test.each<[string, WeightingExtension["weigh"], RegExp]>([
  [
    "throws",
    () => {
      throw new TypeError("no such sleeve");
    },
    /^my\.ts weighting mine: weigh threw: no such sleeve/,
  ],
  [
    "returns nothing",
    (() => {}) as never,
    /must return \{ ok: true \} with its weights in `out`, or \{ ok: false, reason \}, got "undefined"/,
  ],
  ["is asynchronous", (async () => ({ ok: true })) as never, /weigh must not be async/],
  ["fails without a reason", () => ({ ok: false }) as never, /must return .*, got "\{ ok: false \}"/],
  ["returns what is no data", () => ({ ok: 1n }) as never, /must return .*, got "\{ ok: 1n \}"/],
  [
    "leaves a weight out",
    (_, __, out) => {
      out[0] = 1;
      return { ok: true };
    },
    /must write a finite weight for each of the 3 sleeves, out\[1\] is not, got "NaN"/,
  ],
  [
    "writes an infinite one",
    (_, __, out) => {
      out.fill(Infinity);
      return { ok: true };
    },
    /out\[0\] is not, got "Infinity"/,
  ],
  [
    "does not sum to one",
    (_, __, out) => {
      out.fill(0.3);
      return { ok: true };
    },
    /must write weights that sum to 1, got 0\.89/,
  ],
  [
    "has an odd leverage",
    (_, __, out) => {
      out.fill(1 / 3);
      return { ok: true, value: { leverage: Number.NaN } };
    },
    /a leverage that is a number >= 0/,
  ],
  [
    "has odd warnings",
    (_, __, out) => {
      out.fill(1 / 3);
      return { ok: true, value: { warnings: [3] as never } };
    },
    /warnings that are a list of sentences, got "\[ 3 \]"/,
  ],
])("a method that %s is an error that names its file, and nothing is asked instead", (_, weigh, message) => {
  const policy = policyWith(weightingThat(weigh, { file: "my.ts" }));
  expect(() => planOf(policy)).toThrow(message);
  expect(() => planOf(policy)).toThrow(/^my\.ts weighting mine: /);
});

test("nothing it is given reaches beyond its window, or back into the plan", () => {
  const seen: number[] = [];
  const vandal = weightingThat((problem, parameters, out) => {
    const { window, bounds, strength } = problem;
    // the buffer behind the view, where the future would be
    seen.push(new Float64Array((window.returns as Float64Array).buffer).length - window.bars * window.count);
    (window.returns as Float64Array).fill(99);
    problem.covariance().matrix.fill(99);
    problem.volatilities().fill(99);
    problem.statistics().mean.fill(99);
    bounds.lower.fill(1);
    (strength as Float64Array).fill(99);
    (parameters as { level?: number }).level = 99;
    out.fill(1 / window.count);
    return { ok: true };
  });
  const inputs = inputsOf();
  const parameters = { level: 1 };
  const plan = planAllocation(inputs, policyWith(vandal, parameters, { lookbackBars: 5 }));
  expect(plan).toEqual(planAllocation(inputsOf(), policyWith(alike, {}, { lookbackBars: 5 })));
  expect(inputs).toEqual(inputsOf());
  expect(parameters).toEqual({ level: 1 });
  expect(new Set(seen)).toEqual(new Set([0]));
});

const alike = weightingThat(({ window }, _, out) => {
  out.fill(1 / window.count);
  return { ok: true };
});

test("a method that uses no history decides from the first bar", () => {
  const first = (extension: WeightingExtension) =>
    planAllocation(inputsOf(), policyWith(extension, {}, { lookbackBars: 5 })).record.bars[0];
  expect(first(alike)).toBe(5);
  expect(first({ ...alike, usesHistory: false })).toBe(0);
});

test("convictions are seen by a method that says it uses them, and then their size counts once", () => {
  const seen: number[][] = [];
  const byStrength = weightingThat(({ strength }, _, out) => {
    seen.push([...strength]);
    const total = strength.reduce((sum, s) => sum + s, 0);
    for (let k = 0; k < out.length; k++) out[k] = strength[k]! / total;
    return { ok: true };
  });
  const targets = (extension: WeightingExtension) => {
    const plan = planAllocation(inputsOf(-1), policyWith(extension, {}, { lookbackBars: 5 }));
    return [...plan.targets.values.subarray(15, 18)];
  };
  // strengths are -1, -2, -3: unseen, thirds are multiplied by them; seen, sixths only get their sign
  expect(targets(byStrength)).toEqual([-1 / 3, -2 / 3, -1].map((w) => expect.closeTo(w, 12)));
  expect(seen.at(-1)).toEqual([1, 1, 1]);
  expect(targets({ ...byStrength, usesStrength: true })).toEqual(
    [-1 / 6, -1 / 3, -1 / 2].map((w) => expect.closeTo(w, 12)),
  );
  expect(seen.at(-1)).toEqual([1, 2, 3]);
});

test("aims are shared between runs of one method, and never between two of one name or other parameters", () => {
  const inputs = inputsOf();
  const memo = createPlanMemo(inputs.returns);
  const policy = (power: number, hash = "one") =>
    allocationPolicyOf({
      method: boundWeighting(inverseDrawdown, { power }, hash),
      lookbackBars: 5,
      records: "nothing",
    });
  const known = (of: AllocationPolicy) => {
    openPlanMemo(memo, of, 5);
    return knownAim(memo, questionAt(memo, 5, [0, 1, 2])) !== null;
  };
  const plan = planAllocation({ ...inputs, memo }, policy(1));
  // bars 5 to 39, one decision each
  expect(memo.questions.size).toBe(35);
  expect(planAllocation({ ...inputs, memo }, policy(1))).toEqual(plan);
  expect(known(policy(1))).toBe(true);
  expect(known(policy(2))).toBe(false);
  planAllocation({ ...inputs, memo }, policy(1));
  expect(known(policy(1))).toBe(true);
  expect(known(policy(1, "two"))).toBe(false);
  const seeing = boundWeighting({ ...inverseDrawdown, usesStrength: true }, { power: 1 }, "one");
  planAllocation({ ...inputs, memo }, { ...policy(1), method: seeing });
  expect(known({ ...policy(1), method: seeing })).toBe(false);
});

function inputsOf(strength = 1): AllocationInputs {
  const bars = 40;
  const rng = createRng(3);
  const returns = Float64Array.from({ length: bars * 3 }, () => 0.01 * rng.normal());
  const axes = { time: Float64Array.from({ length: bars }, (_, t) => t), assets: ["A", "B", "C"] };
  const listed = new Float64Array(bars * 3).fill(1);
  return { axes, listed, returns, strength: Float64Array.from(listed, (_, i) => strength * (1 + (i % 3))) };
}
