import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { type PlacedLeg, type RankingInputs, scoreTotals } from "../../src/ranking/feature-weighted-rank.ts";
import { NORMALISERS } from "../../src/ranking/normalise.ts";
import { DAY, flatten } from "../support/market.ts";

type Rows = readonly (readonly (number | null)[])[];
const axesOf = (bars: number, assets: number) =>
  createAxes(
    Array.from({ length: bars }, (_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
function inputsOf(features: Readonly<Record<string, Rows>>, listed?: Rows): RankingInputs {
  const rows = Object.values(features)[0]!;
  return {
    axes: axesOf(rows.length, rows[0]!.length),
    features: new Map(Object.entries(features).map(([name, values]) => [name, flatten(values)])),
    listed: flatten(listed ?? rows.map((row) => row.map(() => 1))),
  };
}
const legOf = (featureWeights: PlacedLeg["featureWeights"], changes: Partial<PlacedLeg> = {}): PlacedLeg => ({
  featureWeights,
  normaliser: { kind: "rank", winsorTail: 0.05 },
  minCoverage: 0.5,
  where: "ranking.short.feature_weights",
  ...changes,
});
const total = (inputs: RankingInputs, leg: PlacedLeg) => [...scoreTotals(inputs, [leg])[0]!];

describe("score_total", () => {
  test("is the weighted sum of the normalised features, a negative weight preferring small values", () => {
    // momentum ranks 3 1 2, volatility ranks 1 3 2, of 3; 1 * p(momentum) - 0.5 * p(volatility)
    const inputs = inputsOf({ momentum: [[0.3, 0.1, 0.2]], volatility: [[1, 3, 2]] });
    const got = total(inputs, legOf({ momentum: 1, volatility: -0.5 }));
    for (const [n, want] of [1 - 0.5 / 3, 1 / 3 - 0.5, 2 / 3 - 1 / 3].entries()) expect(got[n]).toBeCloseTo(want, 14);
  });

  test("an asset that is not listed has none and nobody is ranked against it", () => {
    const listed: Rows = [[1, null, 1]];
    expect(total(inputsOf({ f: [[5, 9, 7]] }, listed), legOf({ f: 1 }))).toEqual([0.5, Number.NaN, 1]);
  });

  test("a missing feature counts as the mean of those present", () => {
    // a: ranks 1 2 3 of 3; b: only the outer two, ranks 1/2 and 1, mean 3/4
    const inputs = inputsOf({ a: [[1, 2, 3]], b: [[1, null, 2]] });
    const got = total(inputs, legOf({ a: 1, b: 1 }));
    for (const [n, want] of [1 / 3 + 1 / 2, 2 / 3 + 3 / 4, 2].entries()) expect(got[n]).toBeCloseTo(want, 14);
    // of a z-score the mean is 0: ranks away, a alone is -1 0 1
    const zscore = legOf({ a: 1, b: 1 }, { normaliser: { kind: "zscore", winsorTail: 0.05 } });
    expect(total(inputs, zscore)[1]).toBe(0);
  });

  test("with less than the least coverage of weights there is none, and half of 0.6 is half", () => {
    const inputs = inputsOf({ a: [[1, null]], b: [[1, null]], c: [[1, 2]] });
    const second = (weights: PlacedLeg["featureWeights"], minCoverage = 0.5) =>
      total(inputs, legOf(weights, { minCoverage }))[1];
    expect(second({ a: 0.1, b: 0.2, c: 0.3 })).not.toBeNaN();
    expect(second({ a: 0.1, b: -0.2, c: -0.3 })).not.toBeNaN();
    expect(second({ a: 0.1, b: 0.21, c: 0.3 })).toBeNaN();
    expect(second({ a: 0.1, b: 0.2, c: 0.3 }, 0.51)).toBeNaN();
    expect(second({ a: 0.9, b: 0, c: 0.1 }, 0)).not.toBeNaN();
    // nothing at all is no score even where nothing is asked for
    expect(second({ a: 1, b: 1 }, 0)).toBeNaN();
  });

  test("a date on which nobody has any feature has no scores, and there may be no dates", () => {
    const inputs = inputsOf({
      a: [
        [null, null],
        [1, 2],
      ],
    });
    expect(total(inputs, legOf({ a: 1 }))).toEqual([Number.NaN, Number.NaN, 0.5, 1]);
    const empty = { axes: axesOf(0, 2), features: new Map([["a", new Float64Array()]]), listed: new Float64Array() };
    expect(total(empty, legOf({ a: 1 }))).toEqual([]);
  });

  test("legs that normalise the same feature in different ways each have their own", () => {
    const inputs = inputsOf({ f: [[0, 1, 2, 3, 100]] });
    const normalisers = [
      { kind: "rank", winsorTail: 0.05 },
      { kind: "zscore", winsorTail: 0.05 },
      { kind: "winsor", winsorTail: 0.05 },
      { kind: "winsor", winsorTail: 0.25 },
    ] as const;
    const legs = normalisers.map((normaliser) => legOf({ f: 1 }, { normaliser }));
    expect(scoreTotals(inputs, legs)).toEqual(legs.map((leg) => scoreTotals(inputs, [leg])[0]));
    // by hand: the percentiles, and 1 1 2 3 3 with a quarter of each tail pulled in, mean 2 and deviation 1
    expect(total(inputs, legs[0]!)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    expect(total(inputs, legs[3]!)).toEqual([-1, -1, 0, 1, 1]);
  });

  test("a feature that is not there is named with the nearest that is", () => {
    const inputs = inputsOf({ momentum_60: [[1]], volatility_20: [[1]] });
    expect(() => total(inputs, legOf({ momentun_60: 1 }))).toThrow(
      'ranking.short.feature_weights.momentun_60: is not among the features, did you mean "momentum_60"?',
    );
    expect(() => total({ ...inputs, features: new Map() }, legOf({ toString: 1 }))).toThrow("there are no features");
  });
});

describe.each(NORMALISERS)("normalised by %s", (kind) => {
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: -10, max: 10, noNaN: true }) },
    { weight: 2, arbitrary: fc.constantFrom(0, 1) },
    { weight: 2, arbitrary: fc.constant(Number.NaN) },
  );
  const panels = fc
    .record({ bars: fc.integer({ min: 1, max: 5 }), assets: fc.integer({ min: 1, max: 6 }) })
    .chain(({ bars, assets }) => {
      const panel = fc.array(value, { minLength: bars * assets, maxLength: bars * assets });
      return fc.record({
        bars: fc.constant(bars),
        assets: fc.constant(assets),
        a: panel,
        b: panel,
        c: panel,
        listed: panel,
      });
    });
  const normaliser = { kind, winsorTail: 0.1 };
  const short = legOf({ a: 1, b: -0.3, c: 0.2 }, { normaliser });
  const long = legOf({ c: 2, a: 0.7 }, { normaliser: { kind: "rank", winsorTail: 0.05 } });
  type Drawn = typeof panels extends fc.Arbitrary<infer D> ? D : never;
  const inputs = ({ bars, assets, a, b, c, listed }: Drawn): RankingInputs => ({
    axes: axesOf(bars, assets),
    features: new Map(Object.entries({ c, b, a }).map(([name, x]) => [name, Float64Array.from(x)])),
    listed: Float64Array.from(listed),
  });

  test("permuting the assets permutes the scores, to the bit", () => {
    fc.assert(
      fc.property(panels, (drawn) => {
        const { bars, assets } = drawn;
        const reversed = (x: readonly number[] | Float64Array) =>
          Array.from(x, (_, i) => x[Math.floor(i / assets) * assets + assets - 1 - (i % assets)]!);
        const { a, b, c, listed } = drawn;
        const moved = { bars, assets, a: reversed(a), b: reversed(b), c: reversed(c), listed: reversed(listed) };
        const stayed = scoreTotals(inputs(drawn), [short, long]);
        expect(scoreTotals(inputs(moved), [short, long]).map(reversed)).toEqual(stayed.map((x) => [...x]));
      }),
    );
  });

  test("a date's scores hang on that date alone", () => {
    fc.assert(
      fc.property(panels, (drawn) => {
        const { assets, a, b, c, listed } = drawn;
        const whole = scoreTotals(inputs(drawn), [short])[0]!;
        for (let t = 0; t < drawn.bars; t++) {
          const row = (x: number[]) => x.slice(t * assets, (t + 1) * assets);
          const alone = inputs({ bars: 1, assets, a: row(a), b: row(b), c: row(c), listed: row(listed) });
          expect(scoreTotals(alone, [short])[0]).toEqual(whole.slice(t * assets, (t + 1) * assets));
        }
      }),
    );
  });

  test("two legs at once are what each is alone, and the order in which features are named is of no consequence", () => {
    fc.assert(
      fc.property(panels, (drawn) => {
        const both = scoreTotals(inputs(drawn), [short, long]);
        const turned = legOf({ c: 0.2, b: -0.3, a: 1 }, { normaliser });
        expect(both[0]).toEqual(scoreTotals(inputs(drawn), [turned])[0]);
        expect(both[1]).toEqual(scoreTotals(inputs(drawn), [long])[0]);
      }),
    );
  });
});
