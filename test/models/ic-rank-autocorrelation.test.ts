import { expect, test } from "vitest";
import { rankAutocorrelation } from "../../src/models/ic-rank-autocorrelation.ts";

const none = Number.NaN;
function run(scores: readonly number[], assets: number, lag: number): number[] {
  const out = new Float64Array(scores.length / assets).fill(-9);
  rankAutocorrelation(Float64Array.from(scores), assets, lag, out);
  return [...out];
}

test("an order kept is 1, turned round -1, and the first rows have none to look back to", () => {
  expect(run([1, 2, 3, 10, 20, 99, 3, 2, 1], 3, 1)).toEqual([none, 1, -1]);
  expect(run([1, 2, 3, 10, 20, 99, 3, 2, 1], 3, 2)).toEqual([none, none, -1]);
});

test("ranks are those of the whole row: 1 2 4 after 1 2 3 for the assets both rows have", () => {
  // row 1 ranks a 1, b 2, c 3 (of four: d 4); row 2 has a 1, b 2, d 3, c 4. Pairs without b: ranks (1 3 4), (1 4 3)
  // row 1 of b missing: ranks among its own row a 1, c 2, d 3 against a 1, c 4, d 3: offsets -1 0 1, -5/3 4/3 1/3
  const products = 5 / 3 + 1 / 3;
  const squares = 2 * (25 / 9 + 16 / 9 + 1 / 9);
  expect(run([1, none, 3, 4, 1, 2, 4, 3], 4, 1)[1]).toBeCloseTo(products / Math.sqrt(squares), 12);
});

test("a flat ranking and fewer than three shared assets have none", () => {
  expect(run([1, 2, 3, 5, 5, 5, 1, 2, none], 3, 1)).toEqual([none, none, none]);
  expect(run([], 3, 1)).toEqual([]);
});
