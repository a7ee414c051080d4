/** Bars on which configs trade and watch their exits, in a loop of their own. */
import { Bar } from "./bar";
import { addExits, aim, aimExits, carryOf, put } from "./bar-steps";
import { ExitTerms, watch } from "./exit-terms";
import { both, fold, Off, On } from "./lanes";
import { Batch, Config, Market } from "./layout";
import { decisionAt, exposure, isDecided } from "./other-passes";
import { RUINOUS } from "./quiet-bars";
import { nearTie, slackOf } from "./rebalance";
import { Terms } from "./terms";
import { charge, costOf } from "./trade-costs";
import { tradeAndExit } from "./trade-and-exit";

/**
 * The bars from `t` on whose trades and exits take one pass.
 *
 * @param fuse false where trades take passes of their own: only bars without a decision are run then
 * @returns the first bar that needs more; the number of bars where none does
 */
export function runWatched<LONE, COSTS, THRESHOLD>(
  batch: Batch, market: Market, bar: Bar, exits: ExitTerms, terms: Terms, a: Config, b: Config, p: i32, partner: i32,
  t: usize, fuse: bool,
): usize {
  const bars = <usize>market.bars, waiting = market.waiting;
  const row = <usize>market.assets << 3;
  const weightsA = batch.weights + <usize>(p - batch.firstWeights) * bars * row;
  const weightsB = batch.weights + <usize>(partner - batch.firstWeights) * bars * row;
  const carries = market.funding != 0 || v128.any_true(terms.borrowPerBar);
  const equities = batch.equity;
  const detailed = (batch.turnover | batch.fees | batch.slippage) != 0;
  const capped = v128.any_true(terms.capped), guarded = exits.guarded != 0;
  const floor = f64x2.add(terms.borrowable, both(1e-14));
  const sums = bar.sums;
  let cash = terms.cash, value = terms.value, lost = terms.lost, retry = terms.retry;
  let outA = (<usize>p * bars + t) << 3, outB = (<usize>partner * bars + t) << 3;
  bar.gap = 0;
  exits.clear();
  for (; t < bars; t++) {
    if (waiting != 0 && load<u8>(waiting + t) != 0) break;
    aim<LONE>(bar, market, weightsA, weightsB, t);
    const first = decisionAt<LONE, Off>(bar.weightsA, bar.weightsB, bar.tail, 0);
    const decided = v128.any_true(f64x2.eq(first, first)) || isDecided<LONE>(bar);
    if (decided && !fuse) break;
    aimExits<LONE>(bar, market, a, b, t);
    if (decided) {
      let from = value, to = value;
      if (isInteger<THRESHOLD>()) {
        terms.value = value;
        const limit = f64x2.mul(terms.threshold, value), slack = slackOf(terms);
        from = f64x2.sub(limit, slack);
        to = f64x2.add(limit, slack);
      }
      tradeAndExit<LONE, COSTS, On, THRESHOLD>(bar, exits, value, from, to, terms.slippage);
      if (isInteger<THRESHOLD>())
        retry = v128.or(retry, v128.and(nearTie<LONE>(bar), f64x2.gt(terms.threshold, both(0))));
      if (capped) {
        const most = f64x2.mul(terms.maxLeverage, f64x2.mul(value, both(1 - 1e-12)));
        retry = v128.or(retry, v128.and(f64x2.gt(sums.whole, most), terms.capped));
      }
      cash = f64x2.sub(cash, f64x2.add(sums.net, costOf<COSTS>(bar, terms)));
      const short = f64x2.lt(f64x2.add(cash, f64x2.mul(floor, value)), both(0));
      retry = v128.or(retry, v128.andnot(short, terms.postCost));
    } else tradeAndExit<LONE, COSTS, Off, THRESHOLD>(bar, exits, value, value, value, terms.slippage);
    if (detailed) charge<COSTS>(bar, terms);
    if (exits.settled != 0) {
      cash = f64x2.sub(cash, fold<LONE>(exits.spent));
      addExits<LONE>(bar, exits);
      lost = v128.or(lost, exits.unsure);
    }
    if (carries) cash = f64x2.sub(cash, carryOf<LONE>(batch, market, bar, terms, t * row, outA, outB));
    const equity = f64x2.add(cash, sums.close);
    if (guarded) {
      watch(exits, equity);
      lost = v128.or(lost, exits.unsure);
    }
    lost = v128.or(lost, v128.not(v128.and(
      f64x2.gt(value, both(0)),
      v128.and(f64x2.gt(equity, f64x2.mul(value, both(RUINOUS))), f64x2.lt(equity, both(Infinity))),
    )));
    put<LONE>(equities, outA, outB, equity);
    if (detailed) {
      put<LONE>(batch.turnover, outA, outB, f64x2.div(sums.notional, value));
      put<LONE>(batch.fees, outA, outB, sums.fees);
      put<LONE>(batch.slippage, outA, outB, sums.slippage);
    }
    if (batch.grossExposure != 0)
      put<LONE>(batch.grossExposure, outA, outB, f64x2.div(exposure<LONE>(bar), equity));
    value = f64x2.add(cash, sums.next);
    lost = v128.or(lost, f64x2.lt(value, f64x2.mul(equity, both(RUINOUS))));
    outA += 8;
    outB += 8;
    if (v128.any_true(v128.or(retry, lost))) {
      terms.lost = lost;
      if (v128.any_true(v128.andnot(retry, lost)) || i64x2.all_true(lost)) break;
    }
    if (exits.settled != 0 || guarded) {
      exits.clear();
      if (exits.isDue()) {
        t++;
        break;
      }
    }
  }
  terms.cash = cash;
  terms.value = value;
  terms.lost = lost;
  terms.retry = retry;
  return t;
}
