import { describe, expect, test } from "vitest";
import { normalQuantile } from "../../../src/math/normal.ts";
import { blendHorizons } from "../../../src/models/ensemble/blend-horizons.ts";
import { combineScores } from "../../../src/models/ensemble/catalogue.ts";
import { POLICY, panelsOf } from "./panels.ts";

const none = Number.NaN;
/** PHI^-1(5/6), of the first of three; the last has its negative, the middle 0. */
const HIGH = normalQuantile(5 / 6);

describe("weighted", () => {
  test("by hand: of three, ranks high middle low give z 0.967 0 -0.967; 0.6 of the ranking's and 0.4 of the model's", () => {
    const { scores, events } = combineScores("weighted", panelsOf([[9, 5, -100]], [[2, 1, 3]], [[0, 0, 0]]), POLICY);
    expect(HIGH).toBeCloseTo(0.967421566, 9);
    const want = [0.6 * HIGH, -0.4 * HIGH, -0.6 * HIGH + 0.4 * HIGH];
    for (const [n, value] of want.entries()) expect(scores[n]).toBeCloseTo(value, 14);
    expect(events).toEqual([]);
  });

  test("an asset that lacks one score has none, and is not counted among the ranks it does not have", () => {
    const { scores } = combineScores(
      "weighted",
      panelsOf([[3, none, 2, 1]], [[1, 2, none, 3]], [[0, 0, 0, 0]]),
      POLICY,
    );
    // ranking: 3 assets, first high, last low; model: 3 assets, first low, last high
    expect(scores[0]).toBeCloseTo(0.6 * HIGH - 0.4 * HIGH, 14);
    expect([scores[1], scores[2]]).toEqual([none, none]);
    expect(scores[3]).toBeCloseTo(-0.6 * HIGH + 0.4 * HIGH, 14);
  });

  test("a side without weight may be missing", () => {
    const panels = panelsOf([[3, none, 1]], [[1, 2, none]], [[0, 0, 0]]);
    const { scores } = combineScores("weighted", panels, { ...POLICY, wRanking: 1, wModel: 0 });
    expect([...scores].map((x) => Number.isNaN(x))).toEqual([false, true, false]);
  });

  test("where a bar has no model score the ranking's z stands alone, and the events name the bars", () => {
    const empty = [none, none, none];
    const rows = [1, 2, 3, 4, 5].map(() => [3, 2, 1]);
    const model = [empty, empty, [1, 2, 3], empty, [1, 2, 3]];
    const { scores, events } = combineScores("weighted", panelsOf(rows, model, rows), POLICY);
    expect([...scores.subarray(0, 3)]).toEqual([HIGH, 0, -HIGH]);
    const fallback = {
      kind: "ensemble_fallback",
      combiner: "weighted",
      reason: "no_model_scores",
      maturedBars: 0,
      neededBars: 0,
    };
    expect(events).toEqual([
      { ...fallback, fromBar: 0, toBar: 1 },
      { ...fallback, fromBar: 3, toBar: 3 },
    ]);
  });

  test("where a bar has no ranking the model's z stands alone; where it has neither there is nothing to say", () => {
    const panels = panelsOf(
      [
        [none, none],
        [none, none],
      ],
      [
        [1, 2],
        [none, none],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    );
    const { scores, events } = combineScores("weighted", panels, POLICY);
    expect([...scores]).toEqual([normalQuantile(1 / 4), -normalQuantile(1 / 4), none, none]);
    expect(events).toMatchObject([{ reason: "no_ranking_scores", fromBar: 0, toBar: 0 }]);
  });
});

describe("blendHorizons", () => {
  const blend = (alpha: number) => {
    const out = new Float64Array(3);
    blendHorizons(Float64Array.of(1, 2, none), Float64Array.of(3, none, 5), alpha, out);
    return [...out];
  };
  test("alpha of the short horizon and the rest of the long one", () => {
    expect(blend(0.25)).toEqual([2.5, none, none]);
    expect(blend(1)).toEqual([1, 2, none]);
    expect(blend(0)).toEqual([3, none, 5]);
  });
  test("refuses other alphas and shapes", () => {
    expect(() => blend(1.5)).toThrow("alpha must be in [0, 1], got 1.5");
    expect(() => blendHorizons(new Float64Array(1), new Float64Array(2), 0.5, new Float64Array(1))).toThrow("long 2");
  });
});
