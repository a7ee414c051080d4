import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/core/contracts.ts";
import { createAxes } from "../../src/core/panel.ts";
import { METRICS } from "../../src/metrics/catalogue.ts";
import { equityReturns } from "../../src/metrics/returns.ts";
import { accountMetrics, type SeriesMetrics, summarise, summariseMany } from "../../src/metrics/summary.ts";

const yearly = { periodsPerYear: 252, riskFreeAnnual: 0 };
const of = (returns: readonly number[], options = yearly): SeriesMetrics =>
  summarise(Float64Array.from(returns), options);
// Hundredths of a basis point: doubles near 1e-300 would turn the properties into tests of underflow.
const change = fc.integer({ min: -200_000, max: 200_000 }).map((k) => k / 1e6);
const series = fc.array(change, { minLength: 3, maxLength: 60 });
const seeded = { seed: 7, numRuns: 200 };

function near(a: number, b: number, label: string, tolerance = 1e-9): void {
  const same = Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
  expect(same, `${label}: ${a} and ${b}`).toBe(true);
}

describe("by hand", () => {
  // Returns 10%, -50%, 20%: wealth 1.1, 0.55, 0.66; mean -1/15; deviations 1/6, -13/30, 4/15.
  const got = of([0.1, -0.5, 0.2], { periodsPerYear: 3, riskFreeAnnual: 0 });
  const spread = Math.sqrt((1 / 36 + 169 / 900 + 16 / 225) / 2);
  test.each([
    ["total_return", -0.34],
    ["cagr", -0.34],
    ["volatility", spread * Math.sqrt(3)],
    ["sharpe", (-1 / 15 / spread) * Math.sqrt(3)],
    // Downside sqrt(0.25 / 3) over all three, times sqrt(3); mean per year -0.2.
    ["sortino", -0.2 / 0.5],
    ["max_drawdown", -0.5],
    ["max_drawdown_duration", 2],
    ["calmar", -0.68],
    ["omega", 0.3 / 0.5],
    ["hit_rate", 2 / 3],
    // Worst ceil(0.15) = 1 drawdown.
    ["cdar_95", -0.5],
    // Drawdowns 0, -0.5, -0.4.
    ["ulcer_index", Math.sqrt((0.25 + 0.16) / 3)],
    // Position 0.05 * 2 = 0.1 from -0.5 to 0.1.
    ["var_95", -0.44],
    ["cvar_95", -0.5],
    // 95%: position 1.9 from 0.1 to 0.2.
    ["tail_ratio", 0.19 / 0.44],
    ["periods", 3],
    ["periods_per_year", 3],
    ["missing", 0],
  ] as const)("%s", (key, want) => {
    near(got[key], want, key, 1e-12);
  });
});

describe("properties", () => {
  test("scaling the equity changes nothing", () => {
    fc.assert(
      fc.property(series, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (returns, factor) => {
        let level = 100;
        const equity = Float64Array.from([100, ...returns.map((r) => (level *= 1 + r))]);
        const plain = summarise(equityReturns(equity), yearly);
        const scaled = summarise(equityReturns(equity.map((value) => value * factor)), yearly);
        // Left out: figures that jump when a value crosses 0 or a quantile by rounding.
        for (const key of ["total_return", "cagr", "volatility", "max_drawdown", "cdar_95", "var_95"] as const)
          near(plain[key], scaled[key], key);
      }),
      seeded,
    );
  });

  test("leverage leaves Sharpe, PSR, Sortino, omega, hit rate and shape unchanged when the risk-free rate is 0", () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 8 }), (returns, power) => {
        const leverage = 2 ** (power - 4);
        const [plain, geared] = [of(returns), of(returns.map((r) => r * leverage))];
        fc.pre(plain.volatility > 1e-6);
        for (const key of [
          "sharpe",
          "psr",
          "sortino",
          "omega",
          "hit_rate",
          "skewness",
          "kurtosis",
          "tail_ratio",
        ] as const)
          near(plain[key], geared[key], key);
      }),
      seeded,
    );
  });

  test("missing returns are dropped and counted, wherever they are", () => {
    fc.assert(
      fc.property(series, fc.array(fc.nat(60), { maxLength: 6 }), (returns, places) => {
        const holed = [...returns];
        for (const place of places) holed.splice(place % (holed.length + 1), 0, Number.NaN);
        expect(of(holed)).toEqual({ ...of(returns), missing: places.length });
      }),
      seeded,
    );
  });

  test("the order of returns matters to drawdowns alone", () => {
    fc.assert(
      fc.property(series, (returns) => {
        const [plain, reversed] = [of(returns), of(returns.toReversed())];
        for (const key of ["total_return", "volatility", "sharpe", "sortino", "var_95", "cvar_95", "hit_rate"] as const)
          near(plain[key], reversed[key], key);
      }),
      seeded,
    );
  });

  test("tails and drawdowns are ordered and nothing is infinite", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(change, fc.constant(0), fc.constant(-1)), { maxLength: 40 }), (returns) => {
        const got = of(returns);
        for (const [key, value] of Object.entries(got))
          expect(Math.abs(value) === Number.POSITIVE_INFINITY, key).toBe(false);
        if (returns.length === 0) return;
        expect(got.max_drawdown <= got.cdar_95 + 1e-15 && got.cdar_95 <= 0).toBe(true);
        expect(got.ulcer_index >= 0 && got.ulcer_index <= -got.max_drawdown + 1e-15).toBe(true);
        expect(got.cvar_95 <= got.var_95 + 1e-15).toBe(true);
      }),
      seeded,
    );
  });

  test("against itself a series has beta 1, alpha 0, no tracking error and no information ratio", () => {
    fc.assert(
      fc.property(series, (returns) => {
        fc.pre(of(returns).volatility > 1e-6);
        const own = Float64Array.from(returns);
        const got = summarise(own, { ...yearly, riskFreeAnnual: 0.03, benchmark: own });
        near(got.beta!, 1, "beta");
        near(got.alpha!, 0, "alpha");
        expect(got.tracking_error).toBe(0);
        expect(got.information_ratio).toBeNaN();
      }),
      seeded,
    );
  });
});

describe("where a metric is undefined it is NaN", () => {
  test("everything but the counts without returns", () => {
    for (const returns of [[], [Number.NaN, Number.NaN]]) {
      const { periods, periods_per_year, missing, ...rest } = of(returns);
      expect([periods, periods_per_year, missing]).toEqual([0, 252, returns.length]);
      expect(Object.values(rest).every(Number.isNaN)).toBe(true);
    }
  });
  test("spread and its ratios with one return", () => {
    const got = of([-0.01]);
    for (const key of ["volatility", "sharpe", "sortino", "psr", "skewness", "kurtosis"] as const)
      expect(got[key], key).toBeNaN();
    expect(got.total_return).toBeCloseTo(-0.01, 12);
    expect(got.max_drawdown).toBeCloseTo(-0.01, 12);
  });
  test("Sharpe of steady growth whose spread is only rounding", () => {
    const equity = Float64Array.from({ length: 500 }, (_, t) => 12_345.678 * 1.0007 ** t);
    const got = summarise(equityReturns(equity), yearly);
    expect(got.volatility).toBe(0);
    for (const key of ["sharpe", "psr", "skewness", "kurtosis", "sortino", "calmar", "omega"] as const)
      expect(got[key], key).toBeNaN();
  });
  test("ratios over losses without a loss", () => {
    const got = of([0.01, 0, 0.02]);
    for (const key of ["sortino", "omega", "calmar"] as const) expect(got[key], key).toBeNaN();
    expect(got.max_drawdown).toBe(0);
    expect(got.max_drawdown_duration).toBe(0);
  });
  test("a growth rate too large to say", () => {
    expect(of([9, 9], { periodsPerYear: 525_600, riskFreeAnnual: 0 }).cagr).toBeNaN();
  });
});

test("a total loss is a return and a growth rate of -1, for good", () => {
  const got = of([0.1, -1, 0.2]);
  expect([got.total_return, got.cagr, got.max_drawdown, got.calmar]).toEqual([-1, -1, -1, -1]);
  expect(of([0.1, -1.5, 0.2]).total_return).toBe(-1);
});

test("relative metrics use the bars that both sides have", () => {
  const [own, benchmark] = [
    [0.01, Number.NaN, 0.03, -0.02, 0.01],
    [0.02, 0.5, 0.01, Number.NaN, -0.01],
  ];
  const got = summarise(Float64Array.from(own), { ...yearly, benchmark: Float64Array.from(benchmark) });
  const common = summarise(Float64Array.of(0.01, 0.03, 0.01), {
    ...yearly,
    benchmark: Float64Array.of(0.02, 0.01, -0.01),
  });
  for (const key of ["alpha", "beta", "information_ratio", "tracking_error"] as const)
    near(got[key]!, common[key]!, key);
  expect([got.periods, got.missing]).toEqual([4, 1]);
  expect(() => summarise(Float64Array.of(1), { ...yearly, benchmark: Float64Array.of(1, 2) })).toThrow(
    "1 returns against 2 of the benchmark",
  );
});

describe("many series", () => {
  test("have to the bit what each has alone, whatever was summarised before them", () => {
    const value = fc.oneof({ weight: 12, arbitrary: change }, fc.constantFrom(0, -1, Number.NaN, Infinity));
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 60 }), { maxLength: 5 }), (many) => {
        const series = many.map((returns) => Float64Array.from(returns));
        const options = { periodsPerYear: 252, riskFreeAnnual: 0.03 };
        expect(summariseMany(series, options)).toEqual(series.map((returns) => summarise(returns, options)));
      }),
      seeded,
    );
  });

  test("may share a benchmark of their length, and are left as they were", () => {
    const series = [Float64Array.of(0.03, -0.02, 0.01), Float64Array.of(-0.01, 0.02, Number.NaN)];
    const kept = structuredClone(series);
    const options = { ...yearly, benchmark: Float64Array.of(0.01, -0.01, 0.02) };
    expect(summariseMany(series, options)).toEqual(series.map((returns) => summarise(returns, options)));
    expect(series).toEqual(kept);
    expect(() => summariseMany([Float64Array.of(1)], options)).toThrow("1 returns against 3 of the benchmark");
  });
});

describe("an account", () => {
  const time = [0, 1, 2, 3, 4].map((day) => day * 86_400_000);
  const plane = (...values: number[]): Float64Array => Float64Array.from(values);
  const account: Account = {
    axes: createAxes(time, ["A"]),
    equity: plane(100, 110, 99, 101, 90),
    cash: plane(100, 0, 0, 0, 0),
    // The first bar is before any trade; what stands there must not count.
    grossExposure: plane(8, 1, 0.5, 1, 0.5),
    turnover: plane(0, 1, 0.5, 0.5, 0),
    fees: plane(0, 1, 0.5, 0.25, 0.25),
    slippage: plane(0, 0.5, 0, 0, 0.5),
    impact: plane(0, 0.25, 0, 0.5, 0),
    // Paid 4, then received 1.
    funding: plane(0, 4, 0, -1, 0),
    borrow: plane(0, 0, 1, 0, 0.25),
    positionPnl: plane(0, 0, 0, 0, 0),
    writeOff: plane(0, 0, 0, 0, 0),
    liquidationLoss: plane(0, 0, 0, 0, 0),
    heldWeights: plane(0, 1, 0.5, 1, 0.5),
    finalUnits: plane(1),
    fills: {
      bar: Int32Array.of(1, 2, 3),
      asset: Int32Array.of(0, 0, 0),
      quantity: plane(1, -0.5, 0.5),
      price: plane(100, 100, 100),
      fee: plane(1, 0.5, 0.5),
      slippage: plane(0.5, 0, 0.5),
      impact: plane(0, 0, 0),
      reason: Uint8Array.of(0, 0, 0),
    },
    events: [],
    ruinBar: -1,
  };
  const got = accountMetrics(account, { periodsPerYear: 2, riskFreeAnnual: 0 });

  test("adds up what its trading cost, each kind for itself", () => {
    expect(got).toMatchObject({
      total_fees: 2,
      total_slippage: 1,
      total_impact: 0.75,
      total_funding: 3,
      total_borrow: 1.25,
      fills: 3,
    });
  });

  test("has a cost drag of every kind of cost, per year, over the mean equity after the first bar", () => {
    // Four periods at two a year: two years. Mean equity (110 + 99 + 101 + 90) / 4 = 100.
    // (2 + 1 + 0.75 + 3 + 1.25) / 2 / 100 = 8 / 200.
    expect(got.cost_drag).toBe(0.04);
  });

  test("has turnover per year and exposure per bar after the first", () => {
    // (1 + 0.5 + 0.5) / 2 years; (1 + 0.5 + 1 + 0.5) / 4 bars.
    expect([got.turnover, got.exposure]).toEqual([1, 0.75]);
    expect(got.total_return).toBeCloseTo(-0.1, 12);
  });

  test("has every metric that the catalogue names, and no other", () => {
    const relative = summarise(plane(0.1, 0.2), { ...yearly, benchmark: plane(0.1, 0) });
    expect(new Set(Object.keys({ ...got, ...relative }))).toEqual(new Set(METRICS.map(({ key }) => key)));
  });
});
