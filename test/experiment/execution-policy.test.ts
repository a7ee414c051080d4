import { describe, expect, test } from "vitest";
import { benchmarkPolicy, checkPanels, executionPolicy, fundingPanel } from "../../src/experiment/execution-policy.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { PORTFOLIO_PRESET_NAMES, PORTFOLIO_PRESETS } from "../../src/experiment/portfolio-presets.ts";
import { marketOf } from "../support/market.ts";

const facts = { assets: ["BTC", "ETH"], periodsPerYear: 365 };
const portfolio = (yaml: string) => parseConfig(`name: x\ndata: {}\nportfolio: ${yaml}\n`, "x.yaml").portfolio;
const costs = (yaml: string) => executionPolicy(portfolio(`{cost_model: ${yaml}}`), facts).costs;

describe("cost models", () => {
  test("a preset gives all rates, and a key beside it outranks it", () => {
    expect(costs("{preset: us_equity, slippage_bps: 7}")).toMatchObject({
      feeBps: 0.5,
      slippageBps: 7,
      minFee: 1,
      borrowPerBar: 0.003 / 365,
    });
    expect(costs("{preset: frictionless}")).toMatchObject({
      feeBps: 0,
      slippageBps: 0,
      minFee: 0,
      borrowPerBar: 0,
      liquidity: null,
    });
  });

  test("single assets differ where they are named and follow the rest where they are not", () => {
    expect(costs("{fee_bps: 10, per_asset: {ETH: {fee_bps: 20}}}")).toMatchObject({ feeBps: [10, 20], slippageBps: 5 });
  });

  test("an unknown preset, an unknown symbol and a missing funding column are named", () => {
    expect(() => costs("{preset: binance_spto}")).toThrow(
      'x.yaml:3 portfolio.cost_model.preset: must be one of frictionless, binance_spot, binance_futures, us_equity, got "binance_spto", did you mean "binance_spot"?',
    );
    expect(() => costs("{per_asset: {ETHH: {fee_bps: 1}}}")).toThrow(
      'portfolio.cost_model.per_asset.ETHH: is not in the data, did you mean "ETH"?',
    );
    const market = marketOf([[1]], [[1]]);
    expect(() => fundingPanel(portfolio("{funding_column: funding_rate}"), market)).toThrow(
      'portfolio.funding_column: the data have no further columns, got "funding_rate"',
    );
    const withFunding = { ...market, extras: new Map([["funding", Float64Array.of(0.1)]]) };
    expect(fundingPanel(portfolio("{funding_column: funding}"), withFunding)).toEqual(Float64Array.of(0.1));
    expect(fundingPanel(portfolio("{}"), withFunding)).toBeNull();
  });

  test("liquidity without a cap has no limit", () => {
    expect(costs("{liquidity: {impact_coefficient: 0.5}}").liquidity).toEqual({
      impactCoefficient: 0.5,
      participationCap: Number.POSITIVE_INFINITY,
      volatilityBars: 20,
      advBars: 20,
      volumeUnit: "units",
    });
  });
});

describe("portfolio presets", () => {
  const policy = (yaml: string) => executionPolicy(portfolio(yaml), facts);

  test.each(PORTFOLIO_PRESET_NAMES)("%s sets its keys, the rest keeps its default", (name) => {
    expect(portfolio(`{preset: ${name}}`)).toEqual({ ...portfolio("{}"), preset: name, ...PORTFOLIO_PRESETS[name] });
  });

  test("null switches the preset's system stop off", () => {
    expect(policy("{preset: conservative, system_stop_loss: null}").guards).toBeNull();
  });

  test("a key beside the preset outranks it", () => {
    expect(policy("{preset: aggressive, max_leverage_cap: 2}")).toMatchObject({
      rebalanceThreshold: 0.01,
      maxLeverage: 2,
      guards: { lossLimit: 0.25 },
      costs: { feeBps: 5, slippageBps: 2 },
    });
  });

  test("a cost model beside the preset replaces the preset's as a whole", () => {
    // 7 bps are written; slippage is that of no preset, 5 bps, and not the 2 bps of binance_futures
    expect(policy("{preset: aggressive, cost_model: {fee_bps: 7}}").costs).toMatchObject({ feeBps: 7, slippageBps: 5 });
  });
});

describe("stops, margin and guards", () => {
  const policy = (yaml: string) => executionPolicy(portfolio(yaml), facts);
  const off = Number.POSITIVE_INFINITY;

  test("there are none where nothing is said", () => {
    expect(policy("{}")).toMatchObject({ stops: null, margin: null, guards: null });
  });

  test("a stop that is not given is off", () => {
    expect(policy("{stops: {stop_loss: 0.1}}").stops).toEqual({
      stopLoss: 0.1,
      takeProfit: off,
      trailing: off,
      atrMultiple: off,
      atrBars: 14,
    });
    expect(policy("{stops: {take_profit: 2, trailing: 0.2, atr_multiple: 3, atr_bars: 20}}").stops).toEqual({
      stopLoss: off,
      takeProfit: 2,
      trailing: 0.2,
      atrMultiple: 3,
      atrBars: 20,
    });
  });

  test("margin carries over", () => {
    expect(policy("{max_leverage_cap: 5, margin: {initial: 0.2, maintenance: 0.05}}").margin).toEqual({
      initialRate: 0.2,
      maintenanceRate: 0.05,
    });
  });

  test("the time out of the market is for good unless said otherwise, and holds for the system stop too", () => {
    const guards = (yaml: string) => policy(yaml).guards;
    expect(guards("{system_stop_loss: 0.1}")).toEqual({ lossLimit: 0.1, drawdownLimit: off, flatBars: off });
    expect(guards("{kill_switch: {drawdown: 0.3}}")).toEqual({ lossLimit: off, drawdownLimit: 0.3, flatBars: off });
    expect(guards("{system_stop_loss: 0.1, kill_switch: {flat_bars: 20}}")).toEqual({
      lossLimit: 0.1,
      drawdownLimit: off,
      flatBars: 20,
    });
  });

  test("the benchmark has the costs and none of them", () => {
    const own = policy(
      "{preset: conservative, stops: {stop_loss: 0.1}, margin: {initial: 1, maintenance: 0}, kill_switch: {drawdown: 0.3}}",
    );
    expect(benchmarkPolicy(own)).toEqual({ ...own, stops: null, margin: null, guards: null });
  });
});

describe("what the data must have", () => {
  const NONE = Number.NaN;
  const market = marketOf(
    [
      [1, 2],
      [1, 2],
    ],
    [
      [1, 2],
      [1, 2],
    ],
    ["BTC", "ETH"],
  );
  const check = (yaml: string, planes: Partial<typeof market>) =>
    checkPanels(portfolio(yaml), { ...market, ...planes });
  const stopped = "{stops: {stop_loss: 0.1}}";

  test("stops and margin need a high and a low of every asset with a close", () => {
    expect(() => check(stopped, {})).not.toThrow();
    // a single pair is enough: what is missing on some bars falls back on open and close
    expect(() => check(stopped, { high: Float64Array.of(NONE, 2, 1, NONE) })).not.toThrow();
    expect(() => check(stopped, { high: Float64Array.of(1, NONE, 1, NONE) })).toThrow(
      "portfolio.stops: needs high and low, of which there are none for ETH",
    );
    expect(() => check("{margin: {initial: 0.5, maintenance: 0.1}}", { low: new Float64Array(4).fill(NONE) })).toThrow(
      "portfolio.margin: needs high and low, of which there are none for BTC, ETH",
    );
    expect(() => check("{}", { low: new Float64Array(4).fill(NONE) })).not.toThrow();
  });

  test("an asset that never had a price is no obstacle", () => {
    const gone = (plane: typeof market.close) => Float64Array.from(plane as Float64Array, (x, i) => (i % 2 ? NONE : x));
    const { open, high, low, close } = market;
    expect(() =>
      check(stopped, { open: gone(open), high: gone(high), low: gone(low), close: gone(close) }),
    ).not.toThrow();
  });

  test("liquidity needs volume", () => {
    const volume = new Float64Array(4).fill(NONE);
    expect(() => check("{cost_model: {liquidity: {}}}", { volume })).toThrow(
      "portfolio.cost_model.liquidity: needs volume, of which there is none in the data",
    );
    expect(() => check("{}", { volume })).not.toThrow();
  });
});
