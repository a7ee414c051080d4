import { describe, expect, test } from "vitest";
import { executionPolicy, fundingPanel } from "../../src/experiment/execution-policy.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";
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
