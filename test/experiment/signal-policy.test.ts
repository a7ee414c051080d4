import { describe, expect, test } from "vitest";
import { planAllocation } from "../../src/allocation/plan.ts";
import { allocationPolicy } from "../../src/experiment/allocation-policy.ts";
import { NO_EXTENSIONS } from "../../src/experiment/extensions.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { defaultAllocation } from "../../src/experiment/schema.ts";
import { momentumPolicy, type SignalFacts, scorePolicy, signalStrength } from "../../src/experiment/signal-policy.ts";
import { type SignalBlock, signal } from "../../src/experiment/signal-schema.ts";
import { flatten, marketOf } from "../support/market.ts";

type BlockOf<K extends SignalBlock["kind"]> = Extract<SignalBlock, { kind: K }>;
const momentum = (keys: object = {}) => signal().parse({ kind: "tsmom", ...keys }) as BlockOf<"tsmom">;
const scores = (keys: object) => signal().parse({ kind: "scores", ...keys }) as BlockOf<"scores">;

describe("policies", () => {
  test("an annual volatility target becomes one per bar", () => {
    expect(momentumPolicy(momentum({ vol_target: 0.4, lookback_bars: 252, skip_bars: 21 }), 256)).toEqual({
      lookbackBars: 252,
      skipBars: 21,
      volatilityBars: 20,
      volatilityTarget: 0.4 / 16,
      maxStrength: 1,
      side: "long_short",
    });
  });

  test("a selection holds for good where no age is given", () => {
    expect(scorePolicy(scores({ select: { top_k: 5 } }))).toEqual({
      select: { kind: "top_k", count: 5 },
      side: "long_only",
      maxAgeBars: Number.POSITIVE_INFINITY,
    });
    expect(scorePolicy(scores({ select: { quantile: 0.1 }, side: "long_short", max_age_bars: 3 }))).toEqual({
      select: { kind: "quantile", fraction: 0.1 },
      side: "long_short",
      maxAgeBars: 3,
    });
    expect(scorePolicy(scores({ select: { proportional: "raw" } })).select).toEqual({
      kind: "proportional",
      of: "raw",
    });
  });
});

describe("strengths", () => {
  const closes = [
    [10, 10, null],
    [11, 9, 5],
    [12, 8, 5],
    [13, 8.5, 6],
  ];
  const market = marketOf(closes, closes);
  const facts: SignalFacts = {
    periodsPerYear: 252,
    scores: null,
    fundingRate: null,
    features: new Map(),
    extensions: new Map(),
  };

  test("long_only wants every asset with a close", () => {
    expect([...signalStrength({ kind: "long_only" }, market, facts)]).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test("scores count for assets with a close only", () => {
    const panel = flatten([
      [1, 2, 3],
      [null, null, null],
      [3, 2, 1],
      [null, null, null],
    ]);
    const got = signalStrength(scores({ select: { top_k: 1 } }), market, { ...facts, scores: panel });
    expect([...got]).toEqual([0, 1, Number.NaN, 0, 1, Number.NaN, 1, 0, 0, 1, 0, 0]);
    expect(() => signalStrength(scores({ select: { top_k: 1 } }), market, facts)).toThrow("there are no scores");
  });

  test("funding counts only where the block asks for it", () => {
    const dear = { ...facts, fundingRate: new Float64Array(12).fill(0.5) };
    const windows = { lookback_bars: 1, vol_window_bars: 2 };
    const signs = (keys: object, given: SignalFacts) =>
      [...signalStrength(momentum({ ...windows, ...keys }), market, given)].slice(9).map(Math.sign);
    expect(signs({}, dear)).toEqual([1, 1, 1]);
    expect(signs({ funding_adjusted: true }, dear)).toEqual([-1, -1, -1]);
    expect(() => signs({ funding_adjusted: true }, facts)).toThrow("there is no funding rate");
  });
});

test("times equal weights, a selection by scores has a gross exposure of 1 and longs as large as shorts, ties included", () => {
  const prices = [[10, 10, 10, 10, 10]];
  const market = marketOf(prices, prices);
  const rows = { top_k: [3, 2, 2, 1, 0], quantile: [5, 4, 3, 2, 1], proportional: [0.9, 0.4, 0.2, 0, -3] };
  const selects = { top_k: { top_k: 2 }, quantile: { quantile: 0.4 }, proportional: { proportional: "centred" } };
  const config = parseConfig("name: x\ndata: {}\n", "x.yaml");
  const policy = allocationPolicy(defaultAllocation(), config, {
    market,
    periodsPerYear: 252,
    extensions: NO_EXTENSIONS,
  });
  for (const kind of ["top_k", "quantile", "proportional"] as const) {
    const strength = signalStrength(scores({ select: selects[kind], side: "long_short" }), market, {
      periodsPerYear: 252,
      scores: flatten([rows[kind]]),
      fundingRate: null,
      features: new Map(),
      extensions: new Map(),
    });
    const inputs = { axes: market.axes, listed: market.close, returns: new Float64Array(5), strength };
    const targets = [...planAllocation(inputs, policy).targets.values];
    expect(targets.reduce((sum, x) => sum + Math.abs(x), 0)).toBeCloseTo(1, 12);
    expect(targets.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
  }
});
