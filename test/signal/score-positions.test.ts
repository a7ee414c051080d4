import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import {
  initPositions,
  positionSpace,
  positionsFromScores,
  type ScoreInputs,
  type ScorePolicy,
  stepPositions,
} from "../../src/signal/score-positions.ts";
import { DAY, flatten } from "../support/market.ts";

const NONE = Number.NaN;
const axesOf = (bars: number, assets: number) =>
  createAxes(
    Array.from({ length: bars }, (_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
const policyOf = (changes: Partial<ScorePolicy> = {}): ScorePolicy => ({
  select: { kind: "top_k", count: 1 },
  side: "long_only",
  maxAgeBars: Number.POSITIVE_INFINITY,
  ...changes,
});
type Rows = readonly (readonly (number | null)[])[];
function positions(scores: Rows, changes: Partial<ScorePolicy> = {}, listed?: Rows): number[][] {
  const assets = scores[0]!.length;
  const inputs: ScoreInputs = {
    axes: axesOf(scores.length, assets),
    scores: flatten(scores),
    listed: flatten(listed ?? scores.map((row) => row.map(() => 1))),
  };
  const values = positionsFromScores(inputs, policyOf(changes));
  return scores.map((_, t) => [...values.subarray(t * assets, (t + 1) * assets)]);
}

describe("between scores", () => {
  const monthly: Rows = [
    [null, null],
    [2, 1],
    [null, null],
    [null, null],
    [1, 2],
    [null, null],
  ];

  test("the last selection is held until a newer one; there is no opinion before the first", () => {
    expect(positions(monthly)).toEqual([
      [NONE, NONE],
      [1, 0],
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
  });

  test("a selection is held no longer than its greatest age", () => {
    expect(positions(monthly, { maxAgeBars: 1 })).toEqual([
      [NONE, NONE],
      [1, 0],
      [1, 0],
      [NONE, NONE],
      [0, 1],
      [0, 1],
    ]);
    expect(positions(monthly, { maxAgeBars: 0 })[2]).toEqual([NONE, NONE]);
  });

  test("a newer bar replaces all of the last one: who has no score then is without an opinion", () => {
    expect(
      positions([
        [2, 1, 0],
        [null, 1, 3],
        [null, null, null],
      ]),
    ).toEqual([
      [1, 0, 0],
      [NONE, 0, 1],
      [NONE, 0, 1],
    ]);
  });
});

describe("listings", () => {
  test("an asset that is not listed is not compared, whatever its score", () => {
    expect(positions([[9, 1, 2]], {}, [[null, 1, 1]])).toEqual([[NONE, 0, 1]]);
  });

  test("one that goes and comes back while a selection is held is out of it in between", () => {
    expect(
      positions(
        [
          [2, 1],
          [null, null],
          [null, null],
        ],
        {},
        [
          [1, 1],
          [null, 1],
          [1, 1],
        ],
      ),
    ).toEqual([
      [1, 0],
      [NONE, 0],
      [1, 0],
    ]);
  });

  test("a bar whose scores are all of assets that are not listed changes nothing", () => {
    expect(
      positions(
        [
          [2, 1],
          [5, null],
        ],
        {},
        [
          [1, 1],
          [null, 1],
        ],
      ),
    ).toEqual([
      [1, 0],
      [NONE, 0],
    ]);
  });
});

test("no bars give no positions", () => {
  const inputs = { axes: axesOf(0, 2), scores: new Float64Array(), listed: new Float64Array() };
  expect(positionsFromScores(inputs, policyOf())).toEqual(new Float64Array());
});

describe("over time", () => {
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: -2, max: 2 }) },
    { weight: 4, arbitrary: fc.constant(NONE) },
  );
  const mark = fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(NONE) });
  const drawn = fc
    .record({ bars: fc.integer({ min: 1, max: 12 }), assets: fc.integer({ min: 1, max: 4 }) })
    .chain(({ bars, assets }) => {
      const size = { minLength: bars * assets, maxLength: bars * assets };
      return fc.record({
        axes: fc.constant(axesOf(bars, assets)),
        scores: fc.array(value, size).map((x) => Float64Array.from(x)),
        listed: fc.array(mark, size).map((x) => Float64Array.from(x)),
      });
    });
  const policy = fc.record({
    select: fc.constantFrom<ScorePolicy["select"]>(
      { kind: "top_k", count: 1 },
      { kind: "quantile", fraction: 0.3 },
      { kind: "proportional", of: "centred" },
    ),
    side: fc.constantFrom<ScorePolicy["side"]>("long_only", "long_short"),
    maxAgeBars: fc.constantFrom(0, 2, Number.POSITIVE_INFINITY),
  });

  test("stopped at any bar, saved, and gone on with, it is the run without a stop, to the bit", () => {
    fc.assert(
      fc.property(drawn, policy, fc.nat(), (inputs, rules, k) => {
        const whole = positionsFromScores(inputs, rules);
        const { time, assets } = inputs.axes;
        const stepped = new Float64Array(whole.length);
        let state = initPositions(assets.length);
        for (let t = 0; t < time.length; t++) {
          if (t === k % time.length) state = structuredClone(state);
          stepPositions(state, t, inputs, rules, positionSpace(assets.length), stepped);
        }
        expect(stepped).toEqual(whole);
      }),
    );
  });

  test("what comes later changes no bit of what was", () => {
    fc.assert(
      fc.property(drawn, policy, fc.nat(), (inputs, rules, k) => {
        const cut = (k % inputs.axes.time.length) * inputs.axes.assets.length;
        const scores = inputs.scores.map((x, i) => (i < cut ? x : i % 5));
        const listed = inputs.listed.map((x, i) => (i < cut ? x : 1));
        const changed = positionsFromScores({ ...inputs, scores, listed }, rules);
        expect(changed.subarray(0, cut)).toEqual(positionsFromScores(inputs, rules).subarray(0, cut));
      }),
    );
  });
});
