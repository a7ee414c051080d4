/** The cost model laid out for one run: rates per asset, and how liquid each asset is at each bar. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Floats } from "../core/panel.ts";
import { simpleReturns } from "../math/returns.ts";
import type { CostModel, LiquidityModel } from "./policy.ts";
import { trailingMean } from "./trailing-mean.ts";

export interface CostSchedule {
  /** [N] fraction of the fill notional. */
  readonly fee: Float64Array;
  /** [N] fraction of the raw notional. */
  readonly slippage: Float64Array;
  readonly minFee: number;
  readonly borrowPerBar: number;
  readonly liquidity: LiquidityPanels | null;
}

/** [T*N] planes; row t is known at the close of t and governs the trades of t + 1. */
export interface LiquidityPanels {
  /** k * sigma / sqrt(ADV); NaN while either is unknown, when an order has to wait. */
  readonly impactScale: Float64Array;
  /** Currency that may be traded in a bar; NaN while ADV is unknown. */
  readonly limit: Float64Array;
}

export function costSchedule(market: Ohlcv, costs: CostModel): CostSchedule {
  const assets = market.axes.assets.length;
  const rates = (bps: number | readonly number[]) =>
    Float64Array.from({ length: assets }, (_, n) => (typeof bps === "number" ? bps : bps[n]!) / 1e4);
  return {
    fee: rates(costs.feeBps),
    slippage: rates(costs.slippageBps),
    minFee: costs.minFee,
    borrowPerBar: costs.borrowPerBar,
    liquidity: costs.liquidity === null ? null : liquidityPanels(market, costs.liquidity),
  };
}

/**
 * Trailing ADV and impact scale. Means and deviations run over the bars of the window that have a value, so that a halt
 * does not make an asset untradable for a whole window after it; a window without any makes it wait.
 */
export function liquidityPanels(market: Ohlcv, model: LiquidityModel): LiquidityPanels {
  const { close, volume } = market;
  const assets = market.axes.assets.length;
  const traded = model.volumeUnit === "currency" ? volume : volume.map((v, i) => v * close[i]!);
  const returns = new Float64Array(close.length);
  simpleReturns(close, assets, returns);
  const impactScale = new Float64Array(close.length);
  const limit = new Float64Array(close.length);
  for (let i = 0; i < close.length; i++) {
    const adv = trailingMean(traded, i, assets, model.advBars);
    limit[i] =
      model.participationCap === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : adv * model.participationCap;
    impactScale[i] =
      model.impactCoefficient === 0
        ? 0
        : adv > 0
          ? (model.impactCoefficient * trailingDeviation(returns, i, assets, model.volatilityBars)) / Math.sqrt(adv)
          : Number.NaN;
  }
  return { impactScale, limit };
}

/** Sample deviation (ddof 1) of the values present, NaN for fewer than two. */
function trailingDeviation(x: Floats, cell: number, assets: number, window: number): number {
  const mean = trailingMean(x, cell, assets, window);
  let squares = 0;
  let present = 0;
  for (let i = cell, row = 0; row < window && i >= 0; row++, i -= assets) {
    const value = x[i]!;
    if (value !== value) continue;
    squares += (value - mean) ** 2;
    present++;
  }
  return present < 2 ? Number.NaN : Math.sqrt(squares / (present - 1));
}
