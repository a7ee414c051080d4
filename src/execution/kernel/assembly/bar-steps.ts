/** Addresses, trades and results of one bar, whatever loop it is part of. */
import { Bar } from "./bar";
import { ExitTerms } from "./exit-terms";
import { EXITS_BYTES, exitAtOpen } from "./exit-lanes";
import { adoptOrRefuse } from "./exits";
import { both, fold, HOT, Off, On, RATES } from "./lanes";
import { AT_ONCE, Batch, Config, Exits, GENERAL, Market } from "./layout";
import { isDecided, measureCarry } from "./other-passes";
import { nearTie, rebalance, slackOf, tradeFreely } from "./rebalance";
import { Terms } from "./terms";
import { tradeAtOnce } from "./trade-passes";

/** A limit that binds mostly binds on the next bars as well. */
const REST: i32 = 8;

/** Addresses of bar t. */
@inline
export function aim<LONE>(bar: Bar, market: Market, weightsA: usize, weightsB: usize, t: usize): void {
  const row = <usize>market.assets << 3;
  const at = t * row;
  bar.weightsA = weightsA + at - row;
  bar.weightsB = weightsB + at - row;
  bar.fraction = market.fraction + at - row;
  if (isInteger<LONE>()) {
    bar.open = market.open + at;
    bar.mark = market.mark + at;
    bar.nextOpen = t + 1 < <usize>market.bars ? bar.open + row : bar.open;
  } else bar.growth = market.growth + (at << 1);
}

/** Room for the exits' lanes, all of them empty. */
@inline
export function startExits(bar: Bar, exits: ExitTerms, terms: Terms, a: Config, b: Config, vectors: usize): void {
  bar.exits = bar.rates + vectors * RATES;
  memory.fill(bar.exits, 0, vectors * EXITS_BYTES);
  exits.start(terms, a, b);
}

/** Addresses of bar t that exits look at. */
@inline
export function aimExits<LONE>(bar: Bar, market: Market, a: Config, b: Config, t: usize): void {
  const row = <usize>market.assets << 3;
  const at = t * row;
  const last = t + 1 == <usize>market.bars;
  const x = changetype<Exits>(a.exits), y = changetype<Exits>(b.exits);
  bar.open = market.open + at;
  bar.mark = market.mark + at;
  bar.nextOpen = last ? bar.mark : bar.open + row;
  bar.reach = x.reach + (at << 1);
  bar.high = x.high + at;
  bar.low = x.low + at;
  bar.atrA = x.atr == 0 ? 0 : x.atr + at - row;
  bar.atrB = y.atr == 0 ? 0 : y.atr + at - row;
  bar.nextAtrA = x.atr == 0 ? 0 : x.atr + at;
  bar.nextAtrB = y.atr == 0 ? 0 : y.atr + at;
  bar.nextGap = market.gap == 0 || last ? 0 : market.gap + at + row;
}

/** Decisions of the bar and the exits its open is past. @returns false where nothing can be traded */
@inline
export function openExits<LONE, COSTS>(bar: Bar, exits: ExitTerms, terms: Terms, waiting: bool): bool {
  const gapped = v128.any_true(exits.gapped);
  if (!waiting && !exits.isDue() && !isDecided<LONE>(bar)) return false;
  terms.lost = v128.or(terms.lost, adoptOrRefuse<LONE>(bar, exits));
  if (gapped) {
    exitAtOpen<LONE, COSTS>(bar, exits);
    terms.cash = f64x2.sub(terms.cash, fold<LONE>(exits.spent));
    terms.value = f64x2.sub(terms.value, fold<LONE>(exits.shrunk));
    exits.spent = both(0);
    exits.gapped = both(0);
  }
  return true;
}

/** Adds what exits of the bar cost to its sums, and takes what they closed out of them. */
@inline
export function addExits<LONE>(bar: Bar, exits: ExitTerms): void {
  const sums = bar.sums;
  sums.close = f64x2.sub(sums.close, fold<LONE>(exits.close));
  sums.next = f64x2.sub(sums.next, fold<LONE>(exits.next));
  sums.fees = f64x2.add(sums.fees, fold<LONE>(exits.fees));
  sums.slippage = f64x2.add(sums.slippage, fold<LONE>(exits.lost));
  sums.notional = f64x2.add(sums.notional, fold<LONE>(exits.notional));
}

/** Trades in as many passes as it takes. */
@inline
export function trade<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, CAPPED>(
  bar: Bar, terms: Terms, value: v128, low: v128, high: v128,
): void {
  if (!isInteger<CAPPED>()) tradeFreely<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, Off>(bar, terms, value, low, high);
  else if (isInteger<MOVES>() && isInteger<THRESHOLD>()) {
    // an attempt that is taken back would leave its slices behind, which the threshold asks for
    rebalance<LONE, COSTS, MOVES, ADOPTED, THRESHOLD>(bar, terms);
  } else {
    if (terms.rest > 0) terms.rest--;
    else if (tradeFreely<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, On>(bar, terms, value, low, high)) return;
    else terms.rest = REST;
    rebalance<LONE, COSTS, MOVES, ADOPTED, THRESHOLD>(bar, terms);
  }
}

/** Trades as the mode says. */
@inline
export function tradeIn<LONE, COSTS, MOVES, ADOPTED, THRESHOLD>(bar: Bar, terms: Terms, mode: i32): void {
  const limit = f64x2.mul(terms.threshold, terms.value);
  const slack = isInteger<THRESHOLD>() ? slackOf(terms) : both(0);
  const low = f64x2.sub(limit, slack), high = f64x2.add(limit, slack);
  if (mode == GENERAL) {
    trade<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, On>(bar, terms, terms.value, low, high);
    return;
  }
  if (mode == AT_ONCE) tradeAtOnce<LONE, COSTS, MOVES, ADOPTED, THRESHOLD>(bar, terms.value, low, high);
  else trade<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, Off>(bar, terms, terms.value, low, high);
  terms.retry = v128.or(terms.retry, nearTie<LONE>(bar));
}

/** What positions cost or earn over the close. */
@inline
export function carryOf<LONE>(
  batch: Batch, market: Market, bar: Bar, terms: Terms, at: usize, outA: usize, outB: usize,
): v128 {
  measureCarry<LONE>(bar, market.funding == 0 ? 0 : market.funding + at);
  const funding = bar.sums.funding;
  const borrow = f64x2.mul(bar.sums.short, terms.borrowPerBar);
  put<LONE>(batch.funding, outA, outB, funding);
  put<LONE>(batch.borrow, outA, outB, borrow);
  return f64x2.add(funding, borrow);
}

/** One value per config into a plane, where that plane is wanted. */
@inline
export function put<LONE>(plane: usize, outA: usize, outB: usize, x: v128): void {
  if (plane == 0) return;
  store<f64>(plane + outA, f64x2.extract_lane(x, 0));
  if (!isInteger<LONE>()) store<f64>(plane + outB, f64x2.extract_lane(x, 1));
}

/** Units after the last bar. */
@inline
export function finish<LONE>(batch: Batch, market: Market, bar: Bar, p: i32, partner: i32): void {
  const assets = <usize>market.assets;
  const unitsA = batch.units + ((<usize>p * assets) << 3), unitsB = batch.units + ((<usize>partner * assets) << 3);
  for (let n: usize = 0; n < assets; n++) {
    if (isInteger<LONE>()) store<f64>(unitsA + (n << 3), load<f64>(bar.hot + (n >> 1) * HOT + ((n & 1) << 3)));
    else {
      const mark = load<f64>(market.lastMark + (n << 3));
      const held = bar.hot + n * HOT;
      store<f64>(unitsA + (n << 3), load<f64>(held) / mark);
      store<f64>(unitsB + (n << 3), load<f64>(held, 8) / mark);
    }
  }
}
