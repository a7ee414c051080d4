/** The fold over bars for two configs, or for the two-lane halves of one: sizes at the open, marks at the close.
 *  Every exported function runs a range of configs with one set of features; what it cannot settle it says. */
import { Bar } from "./bar";
import { EXIT_TERMS_BYTES, ExitTerms, watch } from "./exit-terms";
import { adoptOrRefuse, exitAtOpen, exitInBar, EXITS_BYTES, tradeAndExit } from "./exits";
import { both, COLD, fold, HOT, Off, On, RATES, Sums, SUMS_BYTES, TIE } from "./lanes";
import { AT_ONCE, Batch, Config, CONFIG_BYTES, EXACT, Exits, GENERAL, Market, POST_COST } from "./layout";
import { adopt, decisionAt, delist, drift, exposure, isDecided, measureCarry } from "./other-passes";
import { gatePlans } from "./plan-gate";
import { charge, costOf, nearTie, rebalance, slackOf, tradeFreely } from "./rebalance";
import { startRates, startTerms, Terms, TERMS_BYTES } from "./terms";
import { tradeAtOnce } from "./trade-passes";

const BAR_BYTES: usize = 192;
/** What is left of a book that a bar takes down to this share of itself is mostly rounding: the exact path decides. */
const RUINOUS: f64 = 1e-3;
/** A limit that binds mostly binds on the next bars as well. */
const REST: i32 = 8;

/** Configs first..last of the batch, two by two; `scratch` holds the lanes' state. */
export function runPairs(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<Off, Off, Off, Off>(batch, scratch, first, last);
}
export function runPairsWithRates(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<Off, On, Off, Off>(batch, scratch, first, last);
}
export function runPairsWithMoves(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<Off, Off, On, Off>(batch, scratch, first, last);
}
export function runPairsWithRatesAndMoves(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<Off, On, On, Off>(batch, scratch, first, last);
}
export function runPairsWithExits(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<Off, Off, Off, On>(batch, scratch, first, last);
}
export function runPairsWithRatesAndExits(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<Off, On, Off, On>(batch, scratch, first, last);
}
/** Configs first..last of the batch one by one, two assets at a time. */
export function runLone(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<On, Off, Off, Off>(batch, scratch, first, last);
}
export function runLoneWithRates(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<On, On, Off, Off>(batch, scratch, first, last);
}
export function runLoneWithMoves(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<On, Off, On, Off>(batch, scratch, first, last);
}
export function runLoneWithRatesAndMoves(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<On, On, On, Off>(batch, scratch, first, last);
}
export function runLoneWithExits(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<On, Off, Off, On>(batch, scratch, first, last);
}
export function runLoneWithRatesAndExits(batch: Batch, scratch: usize, first: i32, last: i32): void {
  runAll<On, On, Off, On>(batch, scratch, first, last);
}

@inline
function runAll<LONE, COSTS, MOVES, EXITS>(batch: Batch, scratch: usize, first: i32, last: i32): void {
  const width = isInteger<LONE>() ? 1 : 2;
  for (let p = first; p < last; p += width) {
    // the last of an odd number keeps itself company: both lanes write the same bits
    const partner = isInteger<LONE>() || p + 1 >= last ? p : p + 1;
    const a = changetype<Config>(batch.configs + <usize>p * CONFIG_BYTES);
    const b = changetype<Config>(batch.configs + <usize>partner * CONFIG_BYTES);
    let mode = max(a.mode, b.mode);
    let failed = runLanes<LONE, COSTS, MOVES, EXITS>(batch, scratch, p, partner, a, b, mode, true);
    if (failed < 0) failed = runLanes<LONE, COSTS, MOVES, EXITS>(batch, scratch, p, partner, a, b, GENERAL, false);
    if ((failed & 1) != 0) store<u8>(batch.status + p, EXACT);
    if ((failed & 2) != 0) store<u8>(batch.status + partner, EXACT);
  }
}

/** @returns bit 0 and 1: the exact path has to run the first, the second config; -1: run both in the general mode */
function runLanes<LONE, COSTS, MOVES, EXITS>(
  batch: Batch, scratch: usize, p: i32, partner: i32, a: Config, b: Config, mode: i32, fresh: bool,
): i32 {
  const market = changetype<Market>(batch.market);
  const bars = market.bars, assets = <usize>market.assets;
  const row = assets << 3;
  const bar = changetype<Bar>(scratch);
  const terms = changetype<Terms>(scratch + BAR_BYTES + SUMS_BYTES);
  const vectors = isInteger<LONE>() ? (assets + 1) >> 1 : assets;
  bar.sums = changetype<Sums>(scratch + BAR_BYTES);
  bar.one = both(1);
  bar.unsigned = v128.not(both(-0.0));
  bar.hot = scratch + BAR_BYTES + SUMS_BYTES + TERMS_BYTES + EXIT_TERMS_BYTES;
  bar.end = bar.hot + vectors * HOT;
  bar.cold = bar.end;
  bar.tail = market.tail;
  bar.rates = bar.cold + vectors * COLD;
  if (isInteger<COSTS>()) startRates<LONE>(bar.rates, vectors, assets, a, b);
  memory.fill(bar.hot, 0, vectors * HOT);
  if (market.gap != 0 || isInteger<MOVES>()) {
    memory.fill(bar.cold, 0, vectors * COLD);
    for (let q = bar.cold, k: usize = 0; k < vectors; k++, q += COLD) v128.store(q, i64x2.splat(-1));
  }
  startTerms(terms, a, b);
  const exits = changetype<ExitTerms>(scratch + BAR_BYTES + SUMS_BYTES + TERMS_BYTES);
  if (isInteger<EXITS>()) startExits(bar, exits, terms, a, b, vectors);
  const outA = <usize>p * <usize>bars << 3, outB = <usize>partner * <usize>bars << 3;
  let weightsA = batch.weights + <usize>(p - batch.firstWeights) * <usize>bars * row;
  let weightsB = batch.weights + <usize>(partner - batch.firstWeights) * <usize>bars * row;
  if (bars > 0) {
    put<LONE>(batch.equity, outA, outB, terms.cash);
    put<LONE>(batch.turnover, outA, outB, both(0));
    put<LONE>(batch.fees, outA, outB, both(0));
    put<LONE>(batch.slippage, outA, outB, both(0));
    put<LONE>(batch.grossExposure, outA, outB, both(0));
    put<LONE>(batch.funding, outA, outB, both(0));
    put<LONE>(batch.borrow, outA, outB, both(0));
  }
  const fuse = fresh && !v128.any_true(terms.postCost);
  const thresholds = v128.any_true(f64x2.gt(terms.threshold, both(0)));
  const carries = market.funding != 0 || v128.any_true(terms.borrowPerBar);
  const gated = isInteger<MOVES>() && market.opening != 0;
  const bare = !isInteger<EXITS>() && !gated && batch.grossExposure == 0;
  for (let t: usize = 1; t < <usize>bars; t++) {
    if (bare) {
      if (mode == AT_ONCE) t = quiet<LONE, COSTS, MOVES, Off, Off>(batch, market, bar, terms, p, partner, t, thresholds);
      else if (mode == POST_COST) t = quiet<LONE, COSTS, MOVES, On, Off>(batch, market, bar, terms, p, partner, t, thresholds);
      else t = quiet<LONE, COSTS, MOVES, On, On>(batch, market, bar, terms, p, partner, t, thresholds);
      if (v128.any_true(v128.andnot(terms.retry, terms.lost))) return -1;
      if (i64x2.all_true(terms.lost)) return 3;
      if (t == <usize>bars) break;
    }
    const at = t * row;
    aim<LONE>(bar, market, weightsA, weightsB, t);
    const waiting = market.waiting != 0 && load<u8>(market.waiting + t) != 0;
    bar.gap = waiting ? market.gap + at : 0;
    let decided = waiting, fused = false;
    if (isInteger<EXITS>()) {
      aimExits<LONE>(bar, market, a, b, t);
      exits.clear();
      fused = fuse && !waiting && !exits.isDue();
      decided = fused ? isDecided<LONE>(bar) : openExits<LONE, COSTS>(bar, exits, terms, waiting);
      fused = fused && decided;
    }
    terms.lost = v128.or(terms.lost, v128.not(f64x2.gt(terms.value, both(0))));

    if (isInteger<EXITS>()) {
      if (fused) tradeFused<LONE, COSTS>(bar, exits, terms);
      else if (decided) tradeIn<LONE, COSTS, MOVES, On, On>(bar, terms, mode);
      else drift<LONE>(bar);
    } else if (waiting || gated) {
      terms.lost = v128.or(terms.lost, adopt<LONE, MOVES>(bar));
      if (gated) {
        bar.opening = market.opening + at - row;
        const plans = <i32>load<u8>(market.plans + t - 1);
        const unsure = gatePlans<LONE>(bar, plans, market.summed != 0, market.gateThreshold, terms.value);
        terms.lost = v128.or(terms.lost, unsure);
      }
      tradeIn<LONE, COSTS, MOVES, On, On>(bar, terms, mode);
    } else if (!isDecided<LONE>(bar)) drift<LONE>(bar);
    else if (thresholds) tradeIn<LONE, COSTS, MOVES, Off, On>(bar, terms, mode);
    else tradeIn<LONE, COSTS, MOVES, Off, Off>(bar, terms, mode);

    const sums = bar.sums;
    const value = terms.value;
    charge<COSTS>(bar, terms);
    let spent = f64x2.add(sums.net, costOf<COSTS>(bar, terms));
    if (mode != GENERAL || fused) {
      const floor = f64x2.mul(f64x2.add(terms.borrowable, both(1e-14)), value);
      const short = f64x2.lt(f64x2.add(f64x2.sub(terms.cash, spent), floor), both(0));
      terms.retry = v128.or(terms.retry, v128.andnot(short, terms.postCost));
      if (v128.any_true(v128.andnot(terms.retry, terms.lost))) return -1;
    }
    if (isInteger<EXITS>()) {
      if (fused) {
        // the exits of the bar are made
      } else if (exits.trails != 0) {
        if (decided) exitInBar<LONE, COSTS, On, On>(bar, exits, terms.slippage);
        else exitInBar<LONE, COSTS, Off, On>(bar, exits, terms.slippage);
      } else if (decided) exitInBar<LONE, COSTS, On, Off>(bar, exits, terms.slippage);
      else exitInBar<LONE, COSTS, Off, Off>(bar, exits, terms.slippage);
      sums.close = f64x2.sub(sums.close, fold<LONE>(exits.close));
      sums.next = f64x2.sub(sums.next, fold<LONE>(exits.next));
      terms.lost = v128.or(terms.lost, exits.unsure);
    }
    if (waiting) {
      delist<LONE, COSTS>(bar, terms.delistAfter, terms.delistKeeps, terms.fee, terms.slippage);
      spent = f64x2.add(sums.net, costOf<COSTS>(bar, terms));
    }
    let cash = f64x2.sub(terms.cash, spent);
    if (isInteger<EXITS>()) cash = f64x2.sub(cash, fold<LONE>(exits.spent));
    if (carries) {
      cash = f64x2.sub(cash, carryOf<LONE>(batch, market, bar, terms, at, outA + (t << 3), outB + (t << 3)));
    }
    let fees = sums.fees, slippage = sums.slippage, notional = sums.notional;
    if (isInteger<EXITS>()) {
      fees = f64x2.add(fees, fold<LONE>(exits.fees));
      slippage = f64x2.add(slippage, fold<LONE>(exits.lost));
      notional = f64x2.add(notional, fold<LONE>(exits.notional));
    }
    const equity = f64x2.add(cash, sums.close);
    if (isInteger<EXITS>() && exits.guarded != 0) watch(exits, equity);
    const sound = v128.and(f64x2.gt(equity, f64x2.mul(value, both(RUINOUS))), f64x2.lt(equity, both(Infinity)));
    terms.lost = v128.or(terms.lost, v128.not(sound));
    if (i64x2.all_true(terms.lost)) return 3;
    terms.cash = cash;
    terms.value = f64x2.add(cash, sums.next);
    terms.lost = v128.or(terms.lost, f64x2.lt(terms.value, f64x2.mul(equity, both(RUINOUS))));
    put<LONE>(batch.equity, outA + (t << 3), outB + (t << 3), equity);
    put<LONE>(batch.turnover, outA + (t << 3), outB + (t << 3), f64x2.div(notional, value));
    put<LONE>(batch.fees, outA + (t << 3), outB + (t << 3), fees);
    put<LONE>(batch.slippage, outA + (t << 3), outB + (t << 3), slippage);
    if (batch.grossExposure != 0)
      put<LONE>(batch.grossExposure, outA + (t << 3), outB + (t << 3), f64x2.div(exposure<LONE>(bar), equity));
  }
  let failed = i64x2.bitmask(terms.lost);
  if (bars > 0) {
    const lastRow = (<usize>bars - 1) * row;
    for (let n: usize = 0; n < row; n += 8) {
      if (abs(load<f64>(weightsA + lastRow + n)) == Infinity) failed |= 1;
      if (abs(load<f64>(weightsB + lastRow + n)) == Infinity) failed |= 2;
    }
  }
  finish<LONE>(batch, market, bar, p, partner);
  return isInteger<LONE>() || p == partner ? (failed != 0 ? 3 : 0) : failed;
}

/** Addresses of bar t. */
@inline
function aim<LONE>(bar: Bar, market: Market, weightsA: usize, weightsB: usize, t: usize): void {
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
function startExits(bar: Bar, exits: ExitTerms, terms: Terms, a: Config, b: Config, vectors: usize): void {
  bar.exits = bar.rates + vectors * RATES;
  memory.fill(bar.exits, 0, vectors * EXITS_BYTES);
  exits.start(terms, a, b);
}

/** Addresses of bar t that exits look at. */
@inline
function aimExits<LONE>(bar: Bar, market: Market, a: Config, b: Config, t: usize): void {
  const row = <usize>market.assets << 3;
  const at = t * row;
  const last = t + 1 == <usize>market.bars;
  const x = changetype<Exits>(a.exits), y = changetype<Exits>(b.exits);
  bar.open = market.open + at;
  bar.mark = market.mark + at;
  bar.nextOpen = last ? bar.mark : bar.open + row;
  bar.spread = x.spread + (at << 1);
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
function openExits<LONE, COSTS>(bar: Bar, exits: ExitTerms, terms: Terms, waiting: bool): bool {
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

/** Trades and exits in one pass; what that cannot settle is marked to be retried. */
@inline
function tradeFused<LONE, COSTS>(bar: Bar, exits: ExitTerms, terms: Terms): void {
  const value = terms.value;
  const limit = f64x2.mul(terms.threshold, value), slack = slackOf(terms);
  const low = f64x2.sub(limit, slack), high = f64x2.add(limit, slack);
  if (exits.trails != 0) tradeAndExit<LONE, COSTS, On>(bar, exits, value, low, high, terms.slippage);
  else tradeAndExit<LONE, COSTS, Off>(bar, exits, value, low, high, terms.slippage);
  const most = f64x2.mul(terms.maxLeverage, f64x2.mul(value, both(1 - 1e-12)));
  const tooMuch = v128.and(f64x2.gt(bar.sums.whole, most), terms.capped);
  const tie = v128.and(nearTie<LONE>(bar), f64x2.gt(terms.threshold, both(0)));
  terms.retry = v128.or(terms.retry, v128.or(tie, tooMuch));
}

@inline
function quiet<LONE, COSTS, MOVES, POST, CAPPED>(
  batch: Batch, market: Market, bar: Bar, terms: Terms, p: i32, partner: i32, t: usize, thresholds: bool,
): usize {
  return thresholds
    ? runQuiet<LONE, COSTS, MOVES, On, POST, CAPPED>(batch, market, bar, terms, p, partner, t)
    : runQuiet<LONE, COSTS, MOVES, Off, POST, CAPPED>(batch, market, bar, terms, p, partner, t);
}

/** The bars from `t` on which only trade: the same fold as above with nothing beside it.
 *  @returns the first bar that needs more; the number of bars where none does */
function runQuiet<LONE, COSTS, MOVES, THRESHOLD, POST, CAPPED>(
  batch: Batch, market: Market, bar: Bar, terms: Terms, p: i32, partner: i32, t: usize,
): usize {
  const bars = <usize>market.bars, waiting = market.waiting;
  const row = <usize>market.assets << 3;
  const weightsA = batch.weights + <usize>(p - batch.firstWeights) * bars * row;
  const weightsB = batch.weights + <usize>(partner - batch.firstWeights) * bars * row;
  const carries = market.funding != 0 || v128.any_true(terms.borrowPerBar);
  const equities = batch.equity;
  const detailed = (batch.turnover | batch.fees | batch.slippage) != 0;
  const threshold = terms.threshold;
  const slack = v128.and(both(TIE), f64x2.gt(threshold, both(0)));
  const low = f64x2.sub(threshold, slack), high = f64x2.add(threshold, slack);
  const floor = f64x2.add(terms.borrowable, both(1e-14));
  let cash = terms.cash, value = terms.value, lost = terms.lost, retry = terms.retry;
  const sums = bar.sums;
  let outA = (<usize>p * bars + t) << 3, outB = (<usize>partner * bars + t) << 3;
  for (; t < bars; t++) {
    if (waiting != 0 && load<u8>(waiting + t) != 0) break;
    aim<LONE>(bar, market, weightsA, weightsB, t);
    const first = decisionAt<LONE, Off>(bar.weightsA, bar.weightsB, bar.tail, 0);
    if (v128.any_true(f64x2.eq(first, first)) || isDecided<LONE>(bar)) {
      const from = f64x2.mul(low, value), to = f64x2.mul(high, value);
      if (!isInteger<POST>()) tradeAtOnce<LONE, COSTS, MOVES, Off, THRESHOLD>(bar, value, from, to);
      else {
        if (isInteger<CAPPED>()) {
          terms.cash = cash;
          terms.value = value;
        }
        trade<LONE, COSTS, MOVES, Off, THRESHOLD, CAPPED>(bar, terms, value, from, to);
        lost = v128.or(lost, terms.lost);
      }
      if (isInteger<THRESHOLD>() && !isInteger<CAPPED>()) retry = v128.or(retry, nearTie<LONE>(bar));
    } else drift<LONE>(bar);
    cash = f64x2.sub(cash, f64x2.add(sums.net, costOf<COSTS>(bar, terms)));
    if (!isInteger<CAPPED>()) {
      const short = f64x2.lt(f64x2.add(cash, f64x2.mul(floor, value)), both(0));
      retry = v128.or(retry, v128.andnot(short, terms.postCost));
    }
    if (carries) cash = f64x2.sub(cash, carryOf<LONE>(batch, market, bar, terms, t * row, outA, outB));
    const equity = f64x2.add(cash, sums.close);
    lost = v128.or(lost, v128.not(v128.and(
      f64x2.gt(value, both(0)),
      v128.and(f64x2.gt(equity, f64x2.mul(value, both(RUINOUS))), f64x2.lt(equity, both(Infinity))),
    )));
    put<LONE>(equities, outA, outB, equity);
    if (detailed) {
      charge<COSTS>(bar, terms);
      put<LONE>(batch.turnover, outA, outB, f64x2.div(sums.notional, value));
      put<LONE>(batch.fees, outA, outB, sums.fees);
      put<LONE>(batch.slippage, outA, outB, sums.slippage);
    }
    value = f64x2.add(cash, sums.next);
    lost = v128.or(lost, f64x2.lt(value, f64x2.mul(equity, both(RUINOUS))));
    outA += 8;
    outB += 8;
    if (v128.any_true(v128.or(retry, lost))) {
      terms.lost = lost;
      if (v128.any_true(v128.andnot(retry, lost)) || i64x2.all_true(lost)) break;
    }
  }
  terms.cash = cash;
  terms.value = value;
  terms.lost = lost;
  terms.retry = retry;
  return t;
}

/** Trades in as many passes as it takes. */
@inline
function trade<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, CAPPED>(
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
function tradeIn<LONE, COSTS, MOVES, ADOPTED, THRESHOLD>(bar: Bar, terms: Terms, mode: i32): void {
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
function carryOf<LONE>(
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
function put<LONE>(plane: usize, outA: usize, outB: usize, x: v128): void {
  if (plane == 0) return;
  store<f64>(plane + outA, f64x2.extract_lane(x, 0));
  if (!isInteger<LONE>()) store<f64>(plane + outB, f64x2.extract_lane(x, 1));
}

/** Units after the last bar. */
@inline
function finish<LONE>(batch: Batch, market: Market, bar: Bar, p: i32, partner: i32): void {
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
