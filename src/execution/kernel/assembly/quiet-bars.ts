/** Bars on which configs only trade, in a loop of their own. */
import { Bar } from "./bar";
import { aim, carryOf, put, trade } from "./bar-steps";
import { keepGuessed, rescale, tradeAtGuess } from "./guessed-trade";
import { both, Off, On, TIE } from "./lanes";
import { Batch, Market } from "./layout";
import { decisionAt, drift, exposure, isDecided } from "./other-passes";
import { nearTie } from "./rebalance";
import { Terms } from "./terms";
import { charge, costOf } from "./trade-costs";
import { tradeAtOnce } from "./trade-passes";

/** What is left of a book that a bar takes down to this share of itself is mostly rounding: the exact path decides. */
export const RUINOUS: f64 = 1e-3;

@inline
export function quiet<LONE, COSTS, MOVES, POST, CAPPED>(
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
  const detailed = (batch.turnover | batch.fees | batch.slippage | batch.grossExposure) != 0;
  const threshold = terms.threshold;
  const slack = v128.and(both(TIE), f64x2.gt(threshold, both(0)));
  const low = f64x2.sub(threshold, slack), high = f64x2.add(threshold, slack);
  const floor = f64x2.add(terms.borrowable, both(1e-14));
  let cash = terms.cash, value = terms.value, lost = terms.lost, retry = terms.retry;
  const sums = bar.sums;
  const guesses = isInteger<POST>() && !isInteger<COSTS>() && !isInteger<MOVES>() && v128.any_true(terms.guessing);
  let scaled = false;
  let outA = (<usize>p * bars + t) << 3, outB = (<usize>partner * bars + t) << 3;
  for (; t < bars; t++) {
    if (waiting != 0 && load<u8>(waiting + t) != 0) break;
    aim<LONE>(bar, market, weightsA, weightsB, t);
    const first = decisionAt<LONE, Off>(bar.weightsA, bar.weightsB, bar.tail, 0);
    if (v128.any_true(f64x2.eq(first, first)) || isDecided<LONE>(bar)) {
      const from = f64x2.mul(low, value), to = f64x2.mul(high, value);
      if (!isInteger<POST>()) tradeAtOnce<LONE, COSTS, MOVES, Off, THRESHOLD>(bar, value, from, to);
      else {
        let good = both(0);
        scaled = false;
        if (guesses) {
          if (i64x2.all_true(f64x2.gt(terms.restLeft, both(0)))) terms.restLeft = f64x2.sub(terms.restLeft, both(1));
          else {
            good = tradeAtGuess<LONE>(bar, terms, value, cash);
            scaled = i64x2.all_true(good);
          }
        }
        if (!scaled) {
          if (isInteger<CAPPED>()) {
            terms.cash = cash;
            terms.value = value;
          }
          trade<LONE, COSTS, MOVES, Off, THRESHOLD, CAPPED>(bar, terms, value, from, to);
          lost = v128.or(lost, v128.andnot(terms.lost, good));
          terms.lost = lost;
          if (guesses) keepGuessed<COSTS>(bar, terms, good);
        }
      }
      if (isInteger<THRESHOLD>() && !isInteger<CAPPED>()) retry = v128.or(retry, nearTie<LONE>(bar));
    } else {
      if (isInteger<POST>() && scaled) {
        rescale(bar, terms);
        scaled = false;
      }
      drift<LONE>(bar);
    }
    cash = f64x2.sub(cash, f64x2.add(sums.net, costOf<COSTS>(bar, terms)));
    if (!isInteger<CAPPED>()) {
      const short = f64x2.lt(f64x2.add(cash, f64x2.mul(floor, value)), both(0));
      retry = v128.or(retry, v128.andnot(short, terms.postCost));
    }
    if (isInteger<POST>() && carries && scaled) {
      rescale(bar, terms);
      scaled = false;
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
      if (isInteger<POST>() && batch.grossExposure != 0)
        put<LONE>(batch.grossExposure, outA, outB, f64x2.div(f64x2.mul(exposure<LONE>(bar), terms.scale), equity));
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
  if (isInteger<POST>() && scaled) rescale(bar, terms);
  terms.cash = cash;
  terms.value = value;
  terms.lost = lost;
  terms.retry = retry;
  return t;
}
