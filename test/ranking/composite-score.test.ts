import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { type RankingPolicy, rankingScores, rankTotals } from "../../src/ranking/composite-score.ts";
import type { RankingLeg } from "../../src/ranking/feature-weighted-rank.ts";
import { DAY, flatten } from "../support/market.ts";

const axes = createAxes([0, DAY], ["A", "B", "C", "D"]);
const leg = (featureWeights: RankingLeg["featureWeights"]): RankingLeg => ({
  featureWeights,
  normaliser: { kind: "rank", winsorTail: 0.05 },
  minCoverage: 0.5,
});
// Percentile ranks of 4, the second date with C missing from `slow` (ranks of 3) and D not listed.
const features = new Map([
  [
    "fast",
    flatten([
      [1, 2, 3, 4],
      [1, 3, 2, 9],
    ]),
  ],
  [
    "slow",
    flatten([
      [4, 3, 2, 1],
      [5, 6, null, 9],
    ]),
  ],
]);
const listed = flatten([
  [1, 1, 1, 1],
  [1, 1, 1, null],
]);
const scores = (policy: Partial<RankingPolicy>) =>
  rankingScores(features, axes, listed, { short: null, long: null, alpha: 0.5, ...policy });
const fast = leg({ fast: 1 });
const slow = leg({ slow: 1 });
const rows = (panel: Float64Array | null) => [[...panel!.subarray(0, 4)], [...panel!.subarray(4)]];
const NONE = Number.NaN;

test("the score mixes the legs by alpha, and rank 1 is the best", () => {
  // 0.25 * (1 2 3 4)/4 + 0.75 * (4 3 2 1)/4 = (13 11 9 7)/16
  const { short, long, score, rank } = scores({ short: fast, long: slow, alpha: 0.25 });
  expect(rows(short)[0]).toEqual([0.25, 0.5, 0.75, 1]);
  expect(rows(long)[0]).toEqual([1, 0.75, 0.5, 0.25]);
  expect(rows(score)[0]).toEqual([13 / 16, 11 / 16, 9 / 16, 7 / 16]);
  expect(rows(rank)[0]).toEqual([1, 2, 3, 4]);
});

test("without a score of both legs there is none, nor a rank", () => {
  const { long, score, rank } = scores({ short: fast, long: slow });
  expect(rows(long)[1]).toEqual([0.5, 1, NONE, NONE]);
  expect(rows(score)[1]!.map(Number.isNaN)).toEqual([false, false, true, true]);
  expect(rows(rank)[1]).toEqual([2, 1, NONE, NONE]);
});

test("a leg without weight is not looked at", () => {
  const { short, score } = scores({ short: fast, long: slow, alpha: 1 });
  expect(score).toEqual(short);
  expect(rows(score)[1]![2]).toBe(2 / 3);
  const turned = scores({ short: slow, long: fast, alpha: 0 });
  expect(turned.score).toEqual(turned.long);
});

test("one leg alone is the score whatever alpha says", () => {
  for (const alpha of [0, 0.5, 1]) {
    const onlyShort = scores({ short: fast, alpha });
    expect(onlyShort).toEqual({ ...onlyShort, long: null, score: onlyShort.short });
    const onlyLong = scores({ long: fast, alpha });
    expect(onlyLong).toEqual({ ...onlyLong, short: null, score: onlyShort.score, rank: onlyShort.rank });
  }
  expect(() => scores({})).toThrow("needs a short or a long leg");
});

test("an unknown feature is reported at the leg that names it", () => {
  expect(() => scores({ short: fast, long: leg({ slwo: 1 }) })).toThrow(
    'ranking.long.feature_weights.slwo: is not among the features, did you mean "slow"?',
  );
});

test("equal scores share their average rank, best first", () => {
  expect([...rankTotals(Float64Array.of(5, 7, 5, NONE, NONE, NONE), 3)]).toEqual([2.5, 1, 2.5, NONE, NONE, NONE]);
  expect([...rankTotals(new Float64Array(), 3)]).toEqual([]);
});
