import { expect, test } from "vitest";
import { icDecay } from "../../src/models/ic-decay.ts";

test("a score that knows the next open's bar and nothing more tells short horizons only", () => {
  // three assets; from bar 1 to bar 2 a rises most, from 2 to 3 it gives all of it back and c goes on
  const prices = Float64Array.of(1, 1, 1, 1, 1, 1, 3, 2, 1, 1, 2, 3, 1, 2, 3);
  const scores = Float64Array.of(3, 2, 1, ...new Array(12).fill(Number.NaN));
  const [one, two, long] = icDecay(scores, prices, 3, [1, 2, 9], 1);
  expect([one!.pearson.dates, one!.pearson.mean, one!.spearman.mean]).toEqual([1, 1, 1]);
  // from 1 to 3: a 0, b 1, c 2 against scores 3 2 1
  expect([two!.horizonBars, two!.pearson.mean, two!.spearman.mean]).toEqual([2, -1, -1]);
  expect(long!.pearson).toMatchObject({ dates: 0, mean: Number.NaN });
});
