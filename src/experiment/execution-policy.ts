/** The `portfolio` block as the policy the engine runs, once the symbols and the calendar are known. */
import { InputError, nearestName } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import type { CostModel, ExecutionPolicy } from "../execution/policy.ts";
import { COST_DEFAULTS, COST_PRESETS, type CostSettings } from "./cost-presets.ts";
import type { ExperimentConfig } from "./schema.ts";

type PortfolioBlock = ExperimentConfig["portfolio"];
type CostBlock = PortfolioBlock["cost_model"];

/** What a policy needs to know of the data. */
export interface PolicyFacts {
  readonly assets: readonly string[];
  readonly periodsPerYear: number;
}

/** @throws InputError for a per-asset cost of a symbol that is not in the data */
export function executionPolicy(block: PortfolioBlock, facts: PolicyFacts): ExecutionPolicy {
  return {
    executionMode: block.execution_mode,
    uponOppositeEntry: block.upon_opposite_entry,
    priceType: block.price_type,
    sizing: block.sizing,
    cashShortfall: block.cash_shortfall,
    costs: costModel(block.cost_model, facts),
    initialCash: block.initial_cash,
    rebalanceThreshold: block.rebalance_threshold,
    maxLeverage: block.max_leverage_cap,
    delistAfterBars: block.delist_after_bars,
    delistHaircut: block.delist_haircut,
    stops: null,
    margin: null,
    guards: null,
  };
}

/** Keys of the block over its preset over the defaults. */
export function costSettings(block: CostBlock): CostSettings {
  const base = block.preset === undefined ? COST_DEFAULTS : COST_PRESETS[block.preset];
  return {
    fee_bps: block.fee_bps ?? base.fee_bps,
    slippage_bps: block.slippage_bps ?? base.slippage_bps,
    min_fee: block.min_fee ?? base.min_fee,
    borrow_rate: block.borrow_rate ?? base.borrow_rate,
  };
}

/**
 * The funding panel the block names; null when it names none.
 *
 * @throws InputError when the data have no such column
 */
export function fundingPanel(block: PortfolioBlock, market: Ohlcv): Floats | null {
  const { funding_column: column } = block;
  if (column === undefined) return null;
  const panel = market.extras.get(column);
  if (panel !== undefined) return panel;
  const names = [...market.extras.keys()];
  throw InputError.of({
    where: "portfolio.funding_column",
    rule:
      names.length === 0
        ? "the data have no further columns"
        : `the data have no such column, only ${names.join(", ")}`,
    got: column,
    suggestion: nearestName(column, names),
  });
}

function costModel(block: CostBlock, { assets, periodsPerYear }: PolicyFacts): CostModel {
  const { fee_bps, slippage_bps, min_fee, borrow_rate } = costSettings(block);
  const single = block.per_asset ?? {};
  for (const symbol of Object.keys(single))
    if (!assets.includes(symbol))
      throw InputError.of({
        where: `portfolio.cost_model.per_asset.${symbol}`,
        rule: "is not in the data",
        suggestion: nearestName(symbol, assets),
      });
  const perSide = (key: "fee_bps" | "slippage_bps", common: number) =>
    Object.values(single).some((costs) => costs[key] !== undefined)
      ? assets.map((symbol) => (Object.hasOwn(single, symbol) ? single[symbol]![key] : undefined) ?? common)
      : common;
  const { liquidity } = block;
  return {
    feeBps: perSide("fee_bps", fee_bps),
    slippageBps: perSide("slippage_bps", slippage_bps),
    minFee: min_fee,
    borrowPerBar: borrow_rate / periodsPerYear,
    liquidity:
      liquidity === undefined
        ? null
        : {
            impactCoefficient: liquidity.impact_coefficient,
            participationCap: liquidity.participation_cap ?? Number.POSITIVE_INFINITY,
            volatilityBars: liquidity.volatility_bars,
            advBars: liquidity.adv_bars,
            volumeUnit: liquidity.volume_unit,
          },
  };
}
