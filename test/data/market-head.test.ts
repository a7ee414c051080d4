import { expect, test } from "vitest";
import { marketHead } from "../../src/data/market-head.ts";
import { marketOf } from "../support/market.ts";

test("has the first rows of every plane and the labels that go with them", () => {
  const rows = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  const market = { ...marketOf(rows, rows), extras: new Map([["cap", Float64Array.of(9, 8, 7, 6, 5, 4)]]) };
  const head = marketHead(market, 2);
  expect([...head.axes.time]).toEqual([...market.axes.time].slice(0, 2));
  expect(head.axes.assets).toBe(market.axes.assets);
  for (const plane of [head.open, head.high, head.low, head.close]) expect([...plane]).toEqual([1, 2, 3, 4]);
  expect([...head.volume]).toHaveLength(4);
  expect([...head.extras.get("cap")!]).toEqual([9, 8, 7, 6]);
  expect(marketHead(market, 0).close).toHaveLength(0);
});
