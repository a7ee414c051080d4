import { expect, test } from "vitest";
import { equityReturns, presentReturns, wealth } from "../../src/metrics/returns.ts";

const NaN_ = Number.NaN;

test("an equity of T bars has T - 1 returns", () => {
  expect(equityReturns(Float64Array.of(100, 110, 99))).toEqual(Float64Array.of(110 / 100 - 1, 99 / 110 - 1));
  expect(equityReturns(Float64Array.of(100))).toEqual(new Float64Array());
  expect(equityReturns(new Float64Array())).toEqual(new Float64Array());
});

test("a gap in the equity loses nothing of the total", () => {
  expect(equityReturns(Float64Array.of(NaN_, 100, NaN_, NaN_, 120, 60))).toEqual(
    Float64Array.of(NaN_, NaN_, NaN_, 120 / 100 - 1, -0.5),
  );
});

test("after ruin there is no return", () => {
  expect(equityReturns(Float64Array.of(100, 0, 0, 0))).toEqual(Float64Array.of(-1, NaN_, NaN_));
});

test("present returns are the finite ones", () => {
  const returns = Float64Array.of(NaN_, 0.1, Number.POSITIVE_INFINITY, 0, -0.2);
  expect(presentReturns(returns)).toEqual(Float64Array.of(0.1, 0, -0.2));
});

test("wealth starts at 1 and never rises from 0", () => {
  expect(wealth(Float64Array.of(1, -0.5, -1.2, 3))).toEqual(Float64Array.of(1, 2, 1, 0, 0));
});
