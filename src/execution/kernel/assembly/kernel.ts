/** The fold over bars for two configs, or for the two-lane halves of one: sizes at the open, marks at the close.
 *  Every exported function runs a range of configs with one set of features; what it cannot settle it says. */
import { Bar } from "./bar";
import { addExits, aim, aimExits, carryOf, finish, openExits, put, startExits, tradeIn } from "./bar-steps";
import { EXIT_TERMS_BYTES, ExitTerms, watch } from "./exit-terms";
import { exitInBar } from "./exits";
import { both, COLD, fold, HOT, Off, On, Sums, SUMS_BYTES } from "./lanes";
import { AT_ONCE, Batch, Config, CONFIG_BYTES, EXACT, Exits, GENERAL, Market, POST_COST } from "./layout";
import { adopt, delist, drift, exposure, isDecided } from "./other-passes";
import { gatePlans } from "./plan-gate";
import { quiet, RUINOUS } from "./quiet-bars";
import { startRates, startTerms, Terms, TERMS_BYTES } from "./terms";
import { charge, costOf } from "./trade-costs";
import { runWatched } from "./watched-bars";

const BAR_BYTES: usize = 192;

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
  bar.sign = both(-0.0);
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
  startTerms(terms, a, b, market.funding != 0);
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
  const tame = isInteger<EXITS>() && changetype<Exits>(a.exits).tame != 0;
  const fuse = fresh && !v128.any_true(terms.postCost);
  const thresholds = v128.any_true(f64x2.gt(terms.threshold, both(0)));
  const carries = market.funding != 0 || v128.any_true(terms.borrowPerBar);
  const gated = isInteger<MOVES>() && market.opening != 0;
  // at-once bars come to the same bits in the loop below, which measures exposure too
  const bare = !isInteger<EXITS>() && !gated && (mode != AT_ONCE || batch.grossExposure == 0);
  for (let t: usize = 1; t < <usize>bars; t++) {
    if (bare) {
      if (mode == AT_ONCE) t = quiet<LONE, COSTS, MOVES, Off, Off>(batch, market, bar, terms, p, partner, t, thresholds);
      else if (mode == POST_COST) t = quiet<LONE, COSTS, MOVES, On, Off>(batch, market, bar, terms, p, partner, t, thresholds);
      else t = quiet<LONE, COSTS, MOVES, On, On>(batch, market, bar, terms, p, partner, t, thresholds);
      if (v128.any_true(v128.andnot(terms.retry, terms.lost))) return -1;
      if (i64x2.all_true(terms.lost)) return 3;
      if (t == <usize>bars) break;
    }
    if (isInteger<EXITS>() && tame && !exits.isDue()) {
      t = thresholds
        ? runWatched<LONE, COSTS, On>(batch, market, bar, exits, terms, a, b, p, partner, t, fuse)
        : runWatched<LONE, COSTS, Off>(batch, market, bar, exits, terms, a, b, p, partner, t, fuse);
      if (v128.any_true(v128.andnot(terms.retry, terms.lost))) return -1;
      if (i64x2.all_true(terms.lost)) return 3;
      if (t == <usize>bars) break;
    }
    const at = t * row;
    aim<LONE>(bar, market, weightsA, weightsB, t);
    const waiting = market.waiting != 0 && load<u8>(market.waiting + t) != 0;
    bar.gap = waiting ? market.gap + at : 0;
    let decided = waiting;
    if (isInteger<EXITS>()) {
      aimExits<LONE>(bar, market, a, b, t);
      exits.clear();
      decided = openExits<LONE, COSTS>(bar, exits, terms, waiting);
    }
    terms.lost = v128.or(terms.lost, v128.not(f64x2.gt(terms.value, both(0))));

    if (isInteger<EXITS>()) {
      if (decided) tradeIn<LONE, COSTS, MOVES, On, On>(bar, terms, mode);
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
    if (mode != GENERAL) {
      const floor = f64x2.mul(f64x2.add(terms.borrowable, both(1e-14)), value);
      const short = f64x2.lt(f64x2.add(f64x2.sub(terms.cash, spent), floor), both(0));
      terms.retry = v128.or(terms.retry, v128.andnot(short, terms.postCost));
      if (v128.any_true(v128.andnot(terms.retry, terms.lost))) return -1;
    }
    if (isInteger<EXITS>()) {
      if (decided) exitInBar<LONE, COSTS, On>(bar, exits, waiting || !tame);
      else exitInBar<LONE, COSTS, Off>(bar, exits, waiting || !tame);
      terms.lost = v128.or(terms.lost, exits.unsure);
    }
    if (waiting) {
      delist<LONE, COSTS>(bar, terms.delistAfter, terms.delistKeeps, terms.fee, terms.slippage);
      spent = f64x2.add(sums.net, costOf<COSTS>(bar, terms));
    }
    let cash = f64x2.sub(terms.cash, spent);
    if (isInteger<EXITS>()) {
      cash = f64x2.sub(cash, fold<LONE>(exits.spent));
      addExits<LONE>(bar, exits);
    }
    if (carries) {
      cash = f64x2.sub(cash, carryOf<LONE>(batch, market, bar, terms, at, outA + (t << 3), outB + (t << 3)));
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
    put<LONE>(batch.turnover, outA + (t << 3), outB + (t << 3), f64x2.div(sums.notional, value));
    put<LONE>(batch.fees, outA + (t << 3), outB + (t << 3), sums.fees);
    put<LONE>(batch.slippage, outA + (t << 3), outB + (t << 3), sums.slippage);
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
