/** The selector's multipliers on planned weights: x_i = m_i s_i w_i, the weights over the assets with m > 0. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decisionPlanes } from "../../src/allocation/multipliers.ts";
import { covarianceAt, planAllocation } from "../../src/allocation/plan.ts";
import {
  type AllocationInputs,
  type AllocationPolicy,
  firstDecisionBar,
  initAllocation,
  stepAllocation,
} from "../../src/allocation/plan-step.ts";
import { createAxes } from "../../src/core/panel.ts";
import { DAY, marketOf, marketOn } from "../support/market.ts";
import { allocationInputs, allocationPolicyOf, constraintsOf } from "../support/weighting.ts";

const NO = Number.NaN;

/** Two assets at constant prices, equal weights, one calendar decision at the start. */
function planned(multiplier: readonly (readonly number[])[], changes: Partial<AllocationPolicy> = {}) {
  const rows = multiplier.map((row) => row.map(() => 1));
  const inputs = { ...allocationInputs(marketOf(rows, rows)), multiplier: Float64Array.from(multiplier.flat()) };
  const { targets, immediate } = planAllocation(inputs, allocationPolicyOf({ rebalanceBars: 100, ...changes }));
  const width = rows[0]!.length;
  const rowsOf = (values: ArrayLike<number>) =>
    rows.map((_, t) => Array.from(values).slice(t * width, (t + 1) * width));
  return { targets: rowsOf(targets.values), immediate: rowsOf(immediate!) };
}

describe("multipliers", () => {
  test("a ramp down is a decision of that asset each bar; when it is out the others are weighed anew", () => {
    const { targets, immediate } = planned([
      [1, 1],
      [2 / 3, 1],
      [1 / 3, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(targets[0]).toEqual([0.5, 0.5]);
    expect(targets[1]![0]).toBeCloseTo(1 / 3, 15);
    expect(targets[2]![0]).toBeCloseTo(1 / 6, 15);
    expect([targets[1]![1], targets[2]![1]]).toEqual([NO, NO]);
    expect(targets[3]).toEqual([0, 1]);
    expect(targets[4]).toEqual([NO, NO]);
    expect(immediate).toEqual([
      [0, 0],
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 0],
    ]);
  });

  test("an asset that comes back has weights computed with it again", () => {
    const { targets, immediate } = planned([
      [0, 1],
      [1 / 3, 1],
      [2 / 3, 1],
      [1, 1],
    ]);
    expect(targets[0]).toEqual([0, 1]);
    expect(targets[1]).toEqual([0.5 / 3, 0.5]);
    expect(targets[2]).toEqual([0.5 * (2 / 3), NO]);
    expect(targets[3]).toEqual([0.5, NO]);
    // more of an asset is a decision like any other: only less of it waits for nothing
    expect(immediate.flat().includes(1)).toBe(false);
  });

  test("an asset the signal does not want changes nobody's weights by leaving", () => {
    const rows = [
      [1, 1, 1],
      [1, 1, 1],
    ];
    const inputs = {
      ...allocationInputs(marketOf(rows, rows), Float64Array.of(1, 1, 0, 1, 1, 0)),
      multiplier: Float64Array.of(1, 1, 1, 1, 1, 0),
    };
    const { targets } = planAllocation(inputs, allocationPolicyOf({ rebalanceBars: 100 }));
    expect([...targets.values]).toEqual([0.5, 0.5, 0, NO, NO, 0]);
  });

  test("a listing after the start waits for the calendar like without a selector", () => {
    const rows = [
      [1, null],
      [1, 1],
      [1, 1],
    ];
    const inputs = { ...allocationInputs(marketOf(rows, rows)), multiplier: Float64Array.of(1, 0, 1, 1, 1, 1) };
    const { targets } = planAllocation(inputs, allocationPolicyOf({ rebalanceBars: 2 }));
    expect([...targets.values]).toEqual([1, NO, NO, NO, 0.5, 0.5]);
  });

  test("nothing is decided before the calendar's first bar", () => {
    const { targets } = planned(
      [
        [1, 1],
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      { method: "inverse_volatility", lookbackBars: 3 },
    );
    expect(targets.slice(0, 3).flat()).toEqual([NO, NO, NO, NO, NO, NO]);
  });

  test("redistribute: x_i = max m * m_i w_i / sum m w, so that gross stays what the largest multiplier makes of it", () => {
    const { targets, immediate } = planned(
      [
        [1, 1],
        [1 / 3, 1],
        [1 / 2, 1 / 2],
      ],
      { redistribute: true },
    );
    // m w = 1/6, 1/2; sum 2/3
    expect(targets[1]![0]).toBeCloseTo(0.25, 15);
    expect(targets[1]![1]).toBeCloseTo(0.75, 15);
    expect(targets[2]).toEqual([0.25, 0.25]);
    expect(immediate[1]).toEqual([1, 0]);
  });

  test("redistribute keeps a sum below 1 where max_weight asks for one", () => {
    // two assets of at most 30%: the plan sums to 60%, and with both multipliers 1 nothing may change that
    const { targets } = planned(
      [
        [1, 1],
        [1 / 3, 1],
      ],
      { redistribute: true, constraints: constraintsOf({ maxWeight: 0.3 }) },
    );
    expect(targets[0]).toEqual([0.3, 0.3]);
    expect(targets[1]![0]! + targets[1]![1]!).toBeCloseTo(0.6, 15);
  });
});

const runs = fc.record({
  N: fc.integer({ min: 1, max: 4 }),
  T: fc.integer({ min: 2, max: 50 }),
  method: fc.constantFrom("equal_weight", "inverse_volatility", "hrp", "sharpe_proportional", "risk_parity" as const),
  lookbackBars: fc.integer({ min: 2, max: 12 }),
  rebalanceBars: fc.integer({ min: 1, max: 6 }),
  redistribute: fc.boolean(),
  maxTurnover: fc.constantFrom(null, 0.2),
  smoothingHalfLifeBars: fc.constantFrom(null, 3),
  minActive: fc.constantFrom(1, 1, 2),
  cut: fc.nat(),
  gaps: fc.array(fc.nat(), { maxLength: 4 }),
  stream: fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })),
});
type Run = typeof runs extends fc.Arbitrary<infer R> ? R : never;

function problem({ N, T, gaps, stream, maxTurnover, smoothingHalfLifeBars, minActive, ...policy }: Run) {
  const noise = [...stream.take(T * N)];
  const close = new Float64Array(T * N);
  for (let i = 0; i < close.length; i++) close[i] = (i < N ? 100 : close[i - N]!) * (1 + noise[i]! / 2e4);
  for (const gap of gaps) close[gap % close.length] = Number.NaN;
  const axes = createAxes(
    Array.from({ length: T }, (_, t) => t * DAY),
    Array.from({ length: N }, (_, n) => `A${n}`),
  );
  const inputs: AllocationInputs = {
    ...allocationInputs(marketOn(axes, close, close)),
    multiplier: Float64Array.from(noise, (x) => (x < -800 ? 0 : x < -600 ? 1 / 3 : x < -400 ? 2 / 3 : 1)),
  };
  const { cut: _, ...rest } = policy;
  const constraints = constraintsOf({ maxTurnover, smoothingHalfLifeBars, minActive });
  return { inputs, policy: allocationPolicyOf({ ...rest, constraints }) };
}

describe("any allocation with multipliers", () => {
  test("is the same to the bit stepped bar by bar, saved and loaded on the way, from the rows known by then", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { inputs, policy } = problem(run);
        const { N, T } = run;
        const whole = planAllocation(inputs, policy);
        const out = decisionPlanes(T * N, inputs.multiplier!);
        const start = firstDecisionBar(policy);
        let state = initAllocation(N);
        const cut = run.cut % T;
        const step = (from: number, past: number, known: AllocationInputs) => {
          for (let t = from; t < past; t++)
            stepAllocation(state, t, known, policy, start, () => covarianceAt(known, policy, t), out);
        };
        const head = (plane: ArrayLike<number>) => Float64Array.from(plane).slice(0, (cut + 1) * N);
        const axes = createAxes(
          Array.from(inputs.axes.time as ArrayLike<number>).slice(0, cut + 1),
          inputs.axes.assets,
        );
        step(0, cut + 1, {
          axes,
          listed: head(inputs.listed),
          returns: head(inputs.returns),
          strength: head(inputs.strength),
          multiplier: head(inputs.multiplier!),
        });
        state = structuredClone(state);
        step(cut + 1, T, inputs);
        expect(out.targets).toEqual(whole.targets.values);
        expect(out.immediate).toEqual(whole.immediate);
      }),
      { numRuns: 400 },
    );
  });

  test("has the same targets whatever is recorded of it, and the same first decision", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { inputs, policy } = problem(run);
        const recorded = planAllocation(inputs, { ...policy, records: "risk_shares" });
        const { bars, decided } = recorded.record;
        expect(recorded.firstBar).toBe(bars[decided.indexOf(1)] ?? null);
        for (const records of ["plans", "nothing"] as const) {
          const plain = planAllocation(inputs, { ...policy, records });
          expect(plain.targets).toEqual(recorded.targets);
          expect(plain.immediate).toEqual(recorded.immediate);
          expect(plain.firstBar).toBe(recorded.firstBar);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("without any multiplier below 1 is what it is without a selector", () => {
    fc.assert(
      fc.property(runs, (run) => {
        const { inputs, policy } = problem(run);
        const ones = new Float64Array(inputs.multiplier!.length).fill(1);
        const on = planAllocation({ ...inputs, multiplier: ones }, policy);
        const off = planAllocation({ ...inputs, multiplier: null }, policy);
        expect(on.targets.values).toEqual(off.targets.values);
        expect(on.immediate!.includes(1)).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
