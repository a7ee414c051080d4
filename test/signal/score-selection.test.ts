import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rankSpace } from "../../src/math/rank.ts";
import { type ScoreSelection, selectByScore } from "../../src/signal/score-selection.ts";
import type { Side } from "../../src/signal/side.ts";

const NONE = Number.NaN;
function selected(scores: readonly number[], selection: ScoreSelection, side: Side): number[] {
  const out = new Float64Array(scores.length).fill(-9);
  const present = selectByScore(Float64Array.from(scores), selection, side, rankSpace(scores.length), out);
  expect(present).toBe(scores.filter((x) => !Number.isNaN(x)).length);
  return [...out];
}
const top = (count: number): ScoreSelection => ({ kind: "top_k", count });
const quantile = (fraction: number): ScoreSelection => ({ kind: "quantile", fraction });
const centred: ScoreSelection = { kind: "proportional", of: "centred" };
const raw: ScoreSelection = { kind: "proportional", of: "raw" };

describe("top_k", () => {
  test("holds the best at strength 1, and shorts the worst at -1 where it may", () => {
    const scores = [0.1, 0.5, NONE, 0.3, -0.2];
    expect(selected(scores, top(2), "long_only")).toEqual([0, 1, NONE, 1, 0]);
    expect(selected(scores, top(1), "long_short")).toEqual([0, 1, NONE, 0, -1]);
  });

  test("a tie at the edge shares the places that are left, the mean strength staying 1", () => {
    // best two of 3, 2, 2, 1: places 1, 1/2, 1/2 over three held, times 3/2
    expect(selected([3, 2, 2, 1], top(2), "long_only")).toEqual([1.5, 0.75, 0.75, 0]);
    // one place long, one short, both in the tie of two below and above: 1, and -1/2 twice, times 3/2
    expect(selected([3, 1, 1], top(1), "long_short")).toEqual([1.5, -0.75, -0.75]);
  });

  test("with fewer scores than places all are held long only, and the middle one is out long-short", () => {
    expect(selected([2, NONE, 1], top(5), "long_only")).toEqual([1, NONE, 1]);
    expect(selected([1, 3, 2], top(5), "long_short")).toEqual([-1, 1, 0]);
    expect(selected([7], top(1), "long_only")).toEqual([1]);
    expect(selected([7], top(1), "long_short")).toEqual([0]);
  });

  test("where all agree, all are held long only and none long-short", () => {
    expect(selected([4, 4, 4], top(1), "long_only")).toEqual([1, 1, 1]);
    expect(selected([4, 4, 4], top(1), "long_short")).toEqual([0, 0, 0]);
  });
});

describe("quantile", () => {
  const ten = Array.from({ length: 10 }, (_, n) => n);

  test("holds its share of the scored assets, rounded, one at least", () => {
    expect(selected(ten, quantile(0.2), "long_only")).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect(selected(ten, quantile(0.3), "long_short")).toEqual([-1, -1, -1, 0, 0, 0, 0, 1, 1, 1]);
    // 0.2 * 4 = 0.8 -> 1, 0.1 * 4 = 0.4 -> at least 1, 0.4 * 4 = 1.6 -> 2
    for (const [fraction, want] of [
      [0.2, 1],
      [0.1, 1],
      [0.4, 2],
    ] as const)
      expect(selected([1, 2, 3, 4], quantile(fraction), "long_only").filter((s) => s === 1).length).toBe(want);
  });

  test("counts the scored assets only", () => {
    expect(selected([...ten, ...ten.map(() => NONE)], quantile(0.2), "long_only").slice(0, 10)).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
    ]);
  });
});

describe("proportional", () => {
  test("raw holds by the score itself, centred by its distance from the mean", () => {
    // raw 1, 3, -2: mean size 2
    expect(selected([1, 3, NONE, -2, 0], raw, "long_short")).toEqual([0.5, 1.5, NONE, -1, 0]);
    expect(selected([1, 3, NONE, -2, 0], raw, "long_only")).toEqual([0.5, 1.5, NONE, 0, 0]);
    // mean 3: -2, 0, 5, -3; mean size of the three 10/3
    const got = selected([NONE, 1, 3, 8, 0], centred, "long_short");
    for (const [n, want] of [-0.6, 0, 1.5, -0.9].entries()) expect(got[n + 1]).toBeCloseTo(want, 14);
    expect(selected([NONE, 1, 3, 8, 0], centred, "long_only")).toEqual([NONE, 0, 0, 1, 0]);
  });

  test("scores that agree have no distance, whatever rounding would make of their mean", () => {
    expect(selected([0.1, 0.1, 0.1], centred, "long_short")).toEqual([0, 0, 0]);
    expect(selected([0.1, 0.1, 0.1], raw, "long_only")).toEqual([1, 1, 1]);
    // the middle one is at the mean but for the last bit
    expect(selected([0.1, 0.3, 0.2], centred, "long_short")[2]).toBe(0);
  });

  test("where there is nothing to hold all are out", () => {
    expect(selected([-1, -2], raw, "long_only")).toEqual([0, 0]);
    expect(selected([0, 0], raw, "long_short")).toEqual([0, 0]);
    expect(selected([5], centred, "long_only")).toEqual([0]);
    expect(selected([NONE, NONE], centred, "long_only")).toEqual([NONE, NONE]);
    expect(selected([], raw, "long_only")).toEqual([]);
  });
});

describe("every selection", () => {
  const score = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
    { weight: 3, arbitrary: fc.double({ min: -5, max: 5, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(NONE) },
  );
  const selection = fc.oneof(
    fc.integer({ min: 1, max: 6 }).map(top),
    fc.double({ min: 0.05, max: 0.5, noNaN: true }).map(quantile),
    fc.constantFrom(centred, raw),
  );
  const side = fc.constantFrom<Side>("long_only", "long_short");
  const drawn = [fc.array(score, { maxLength: 30 }), selection, side] as const;

  test("has a mean size of 1 over those held, and no shorts long only", () => {
    fc.assert(
      fc.property(...drawn, (scores, rule, way) => {
        const held = selected(scores, rule, way).filter((s) => s !== 0 && !Number.isNaN(s));
        if (held.length > 0) expect(held.reduce((sum, s) => sum + Math.abs(s), 0) / held.length).toBeCloseTo(1, 12);
        if (way === "long_only") expect(held.every((s) => s > 0)).toBe(true);
      }),
    );
  });

  test("is as long as it is short, but for raw proportions", () => {
    fc.assert(
      fc.property(drawn[0], selection, (scores, rule) => {
        fc.pre(rule !== raw);
        const strength = selected(scores, rule, "long_short").filter((s) => !Number.isNaN(s));
        expect(Math.abs(strength.reduce((sum, s) => sum + s, 0))).toBeLessThan(1e-9);
      }),
    );
  });

  test("never holds a better score less, and treats equal ones alike", () => {
    fc.assert(
      fc.property(...drawn, (scores, rule, way) => {
        const strength = selected(scores, rule, way);
        for (const [a, x] of scores.entries())
          for (const [b, y] of scores.entries()) {
            if (x > y) expect(strength[a]).toBeGreaterThanOrEqual(strength[b]! - 1e-12);
            if (x === y) expect(strength[a]).toBe(strength[b]);
          }
      }),
    );
  });

  test("goes with the assets when they change places, to the bit", () => {
    fc.assert(
      fc.property(...drawn, fc.integer(), (scores, rule, way, seed) => {
        const order = scores.map((_, n) => n).sort((a, b) => ((a * 7919 + seed) % 31) - ((b * 7919 + seed) % 31));
        const stayed = selected(scores, rule, way);
        const moved = selected(
          order.map((n) => scores[n]!),
          rule,
          way,
        );
        expect(moved).toEqual(order.map((n) => stayed[n]!));
      }),
    );
  });
});
