import { describe, expect, test } from "vitest";
import { icByFold } from "../../src/models/ic-folds.ts";
import { createIcSeries } from "../../src/models/information-coefficient.ts";
import { walkForwardSplits } from "../../src/models/walk-forward.ts";

const POLICY = { kind: "expanding", trainBars: 4, testBars: 3, stepBars: 3, embargoBars: 0, minTrainRows: 1 } as const;

/** IC of bar t is t / 100, its rank IC the negative of that. */
function series(bars: number) {
  const all = createIcSeries(bars);
  all.pearson.forEach((_, t) => {
    all.pearson[t] = t / 100;
    all.spearman[t] = -t / 100;
  });
  return all;
}

describe("icByFold", () => {
  // tests 4..6, 7..9, and 10..11 the holdout; labels over one bar from the next open
  const labels = { horizonBars: 1, lagBars: 1, holdoutBar: 10 };
  const splits = walkForwardSplits({ bars: 12, horizonBars: 1, holdoutBar: 10 }, POLICY);
  const result = icByFold(series(12), splits, labels);

  test("has each fold's own mean: 5, then of 7 alone, as labels of 8 and 9 end at 10 and 11, then 10.5", () => {
    expect(result.folds.map(({ fold, holdout, pearson }) => [fold, holdout, pearson.dates])).toEqual([
      [0, false, 3],
      [1, false, 1],
      [2, true, 2],
    ]);
    for (const [k, mean] of [0.05, 0.07, 0.105].entries()) {
      expect(result.folds[k]!.pearson.mean).toBeCloseTo(mean, 12);
      expect(result.folds[k]!.spearman.mean).toBeCloseTo(-mean, 12);
    }
  });

  test("keeps development, bars 4 to 7, and holdout apart", () => {
    expect(result.development.pearson).toMatchObject({ dates: 4, mean: expect.closeTo(0.055, 12) });
    expect(result.holdout!.pearson).toMatchObject({ dates: 2, mean: expect.closeTo(0.105, 12) });
  });

  test("counts a bar that two folds test once", () => {
    const twice = walkForwardSplits({ bars: 12, horizonBars: 1, holdoutBar: null }, { ...POLICY, stepBars: 2 });
    const { development, holdout } = icByFold(series(12), twice, { ...labels, holdoutBar: null });
    expect([development.pearson.dates, holdout]).toEqual([8, null]);
  });
});
