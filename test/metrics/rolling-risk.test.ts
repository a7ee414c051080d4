import { expect, test } from "vitest";
import { rollingSharpe, rollingVolatility } from "../../src/metrics/rolling-risk.ts";
import { summarise } from "../../src/metrics/summary.ts";

const returns = Float64Array.from({ length: 80 }, (_, t) => 0.01 * Math.sin(t * t) + 0.001);

test("each window has the volatility and the Sharpe ratio of its own summary", () => {
  const options = { windowBars: 20, periodsPerYear: 252, riskFreeAnnual: 0.03 };
  const [volatility, sharpe] = [rollingVolatility(returns, options), rollingSharpe(returns, options)];
  for (let t = 0; t < returns.length; t++) {
    const want = summarise(returns.subarray(Math.max(0, t - 19), t + 1), options);
    if (t < 19) expect([volatility[t], sharpe[t]]).toEqual([Number.NaN, Number.NaN]);
    else {
      expect(volatility[t]).toBeCloseTo(want.volatility, 12);
      expect(sharpe[t]).toBeCloseTo(want.sharpe, 9);
    }
  }
});

test("is undefined while a return of the window is missing or the window is constant", () => {
  const holed = returns.slice();
  holed[30] = Number.NaN;
  holed.fill(0.001, 50, 70);
  const options = { windowBars: 10, periodsPerYear: 252, riskFreeAnnual: 0 };
  const sharpe = rollingSharpe(holed, options);
  for (let t = 30; t < 40; t++) expect(sharpe[t], `bar ${t}`).toBeNaN();
  expect(sharpe[40]).not.toBeNaN();
  for (let t = 59; t < 70; t++) expect(sharpe[t], `bar ${t}`).toBeNaN();
  expect(rollingVolatility(holed, options)[59]).toBe(0);
});
