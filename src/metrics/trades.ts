/** Trades (round trips) of an account: what was bought when, sold why, and how far prices went in between.
 *  Matching is in match-trades; here prices between entry and exit give the maximum adverse and favourable excursion
 *  (Sweeney 1996). */
import type { Account, Trade } from "../core/contracts.ts";
import type { Ohlcv } from "../core/ohlcv.ts";
import { rangeMaximum } from "../math/range-maximum.ts";
import { type MatchedTrade, type Matching, matchTrades } from "./match-trades.ts";
import { quotient } from "./ratios.ts";

export interface TradeOptions {
  readonly matching: Matching;
  /** When in a bar the account trades its decisions. */
  readonly fillAt: "open" | "close";
}

/**
 * Every trade of an account, in order of its exit, those still open last in order of asset.
 *
 * Excursions are fractions of the trade's entry price (of all its entries, under `average`), and see only prices at
 * which the position was held for certain:
 *  - the entry and the last price, always;
 *  - high and low of every bar between entry and exit, and of the last bar while the trade is open;
 *  - high and low of the entry bar when fills are at the open, nothing more of it when they are at the close;
 *  - of the exit bar the open alone, since what came before the exit within it is not known; all of it when the
 *    position was held to its close, which are decisions and kill switches filled at the close, and delistings.
 * A missing high or low falls back on the open and close of its bar.
 *
 * @param market prices on the account's axes
 * @throws RangeError when the market has other axes
 */
export function trades(account: Account, market: Ohlcv, { matching, fillAt }: TradeOptions): Trade[] {
  if (account.axes !== market.axes) throw new RangeError("trades: account and market must share one Axes object");
  const matched = matchTrades(account, matching);
  const found: Trade[] = new Array(matched.length);
  const byAsset = Map.groupBy(matched.keys(), (i) => matched[i]!.asset);
  for (const [asset, positions] of byAsset) {
    const prices = priceRange(market, asset);
    for (const i of positions) found[i] = withExcursion(matched[i]!, prices, fillAt);
  }
  return found;
}

/** Prices of one asset, ready to be asked for extremes. */
interface PriceRange {
  readonly bars: number;
  readonly open: (bar: number) => number;
  /** Over the bars from..end-1; NaN where they have no price. */
  readonly highest: (from: number, end: number) => number;
  readonly lowest: (from: number, end: number) => number;
}

function priceRange({ axes, open, high, low, close }: Ohlcv, asset: number): PriceRange {
  const assets = axes.assets.length;
  const bars = axes.time.length;
  const highs = new Float64Array(bars);
  const negatedLows = new Float64Array(bars);
  for (let t = 0, i = asset; t < bars; t++, i += assets) {
    highs[t] = orOutermost(high[i]!, open[i]!, close[i]!, Math.max);
    negatedLows[t] = -orOutermost(low[i]!, open[i]!, close[i]!, Math.min);
  }
  const highest = rangeMaximum(highs);
  const highestNegated = rangeMaximum(negatedLows);
  return {
    bars,
    open: (bar) => open[bar * assets + asset]!,
    highest,
    lowest: (from, end) => -highestNegated(from, end),
  };
}

function orOutermost(extreme: number, open: number, close: number, pick: (a: number, b: number) => number): number {
  if (extreme === extreme) return extreme;
  if (open !== open) return close;
  return close === close ? pick(open, close) : open;
}

function withExcursion(trade: MatchedTrade, prices: PriceRange, fillAt: TradeOptions["fillAt"]): Trade {
  const { lastPrice, ...rest } = trade;
  const { entryBar, exitBar, entryPrice, side } = trade;
  const open = exitBar < 0;
  const from = fillAt === "open" ? entryBar : entryBar + 1;
  const end = open ? prices.bars : heldToClose(trade, fillAt) ? exitBar + 1 : exitBar;
  const atOpen = !open && exitBar >= from ? prices.open(exitBar) : Number.NaN;
  const sure = [entryPrice, lastPrice, atOpen].filter((price) => price === price);
  const seen = (extreme: number) => (extreme === extreme ? [...sure, extreme] : sure);
  const highest = quotient(Math.max(...seen(prices.highest(from, end))), entryPrice) - 1;
  const lowest = quotient(Math.min(...seen(prices.lowest(from, end))), entryPrice) - 1;
  return side === "long"
    ? { ...rest, maxAdverse: lowest, maxFavourable: highest }
    : { ...rest, maxAdverse: 0 - highest, maxFavourable: 0 - lowest };
}

function heldToClose({ reason }: MatchedTrade, fillAt: TradeOptions["fillAt"]): boolean {
  return reason === "delisting" || (fillAt === "close" && (reason === "target" || reason === "kill_switch"));
}
