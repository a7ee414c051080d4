/** The `portfolio` block as the policy the engine runs, once the symbols and the calendar are known. */
import { type Fault, InputError, nearestName } from "../core/errors.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import type { CostModel, ExecutionPolicy, GuardRules, MarginRules, StopRules } from "../execution/policy.ts";
import { COST_DEFAULTS, COST_PRESETS, type CostSettings } from "./cost-presets.ts";
import { ATR_BARS, defaultKillSwitch } from "./portfolio-schema.ts";
import type { ExperimentConfig } from "./schema.ts";

type PortfolioBlock = ExperimentConfig["portfolio"];
type CostBlock = PortfolioBlock["cost_model"];

/** Symbols a fault names before it only counts. */
const SYMBOLS_NAMED = 5;

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
    stops: stopRules(block.stops),
    margin: marginRules(block.margin),
    guards: guardRules(block),
  };
}

/** The same costs and sizing for what the strategy is measured against: nothing takes it out of the market. */
export function benchmarkPolicy(policy: ExecutionPolicy): ExecutionPolicy {
  return { ...policy, stops: null, margin: null, guards: null };
}

/**
 * What the portfolio block needs of the data beyond opens and closes.
 *
 * @throws InputError where stops or margin meet an asset without any high or low, or liquidity data without volume
 */
export function checkPanels(block: PortfolioBlock, market: Ohlcv): void {
  const { stops, margin, cost_model } = block;
  const blind = stops === undefined && margin === undefined ? [] : withoutRange(market);
  const faults: Fault[] = [];
  for (const key of ["stops", "margin"] as const)
    if (block[key] !== undefined && blind.length > 0)
      faults.push({
        where: `portfolio.${key}`,
        rule: `needs high and low, of which there are none for ${named(blind)}`,
      });
  if (cost_model.liquidity !== undefined && market.volume.every((units) => units !== units))
    faults.push({ where: "portfolio.cost_model.liquidity", rule: "needs volume, of which there is none in the data" });
  if (faults.length > 0) throw new InputError(faults);
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

/** Symbols that have a close somewhere, but nowhere a high, or nowhere a low. */
function withoutRange({ axes, high, low, close }: Ohlcv): string[] {
  const assets = axes.assets.length;
  const has = [high, low, close].map((plane) => {
    const seen = new Uint8Array(assets);
    for (let i = 0; i < plane.length; i++) if (plane[i] === plane[i]) seen[i % assets] = 1;
    return seen;
  });
  return axes.assets.filter((_, n) => has[2]![n] === 1 && (has[0]![n] === 0 || has[1]![n] === 0));
}

function named(symbols: readonly string[]): string {
  const rest = symbols.length - SYMBOLS_NAMED;
  return symbols.slice(0, SYMBOLS_NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

function stopRules(block: PortfolioBlock["stops"]): StopRules | null {
  if (block === undefined) return null;
  return {
    stopLoss: block.stop_loss ?? Number.POSITIVE_INFINITY,
    takeProfit: block.take_profit ?? Number.POSITIVE_INFINITY,
    trailing: block.trailing ?? Number.POSITIVE_INFINITY,
    atrMultiple: block.atr_multiple ?? Number.POSITIVE_INFINITY,
    atrBars: block.atr_bars ?? ATR_BARS,
  };
}

function marginRules(block: PortfolioBlock["margin"]): MarginRules | null {
  return block === undefined ? null : { initialRate: block.initial, maintenanceRate: block.maintenance };
}

function guardRules({ system_stop_loss, kill_switch = defaultKillSwitch() }: PortfolioBlock): GuardRules | null {
  const { drawdown, flat_bars } = kill_switch;
  if (system_stop_loss === null && drawdown === undefined) return null;
  return {
    lossLimit: system_stop_loss ?? Number.POSITIVE_INFINITY,
    drawdownLimit: drawdown ?? Number.POSITIVE_INFINITY,
    flatBars: flat_bars === "forever" ? Number.POSITIVE_INFINITY : flat_bars,
  };
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
