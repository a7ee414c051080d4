/** Trades and exits of a bar in one pass, where every decision is the bar's own. */
import { Bar } from "./bar";
import { entryAfter, fillOf } from "./entry-price";
import { ENTRY, EXITS_BYTES, STOPPED } from "./exit-lanes";
import { ExitTerms } from "./exit-terms";
import { leavesWindow, settle } from "./exit-window";
import { both, fold, HOT, Off, planeAt, RATES, stride } from "./lanes";
import { decisionAt } from "./other-passes";

/**
 * Trades as `tradeAtOnce` and exits as `exitInBar` in one pass over the bar's own decisions; sums what a leverage cap is
 * measured on.
 *
 * TRADES: some asset is decided.
 */
@inline
export function tradeAndExit<LONE, COSTS, TRADES, THRESHOLD>(
  bar: Bar, exits: ExitTerms, value: v128, from: v128, to: v128, slippage: v128,
): void {
  const zero = both(0);
  let traded = zero, net = zero, close = zero, next = zero, tie = zero, gross = zero;
  let fees = zero, slipped = zero, notional = zero;
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, e = bar.exits, r = bar.rates, n: usize = 0;
  let g = bar.growth;
  const opens = bar.open, marks = bar.mark, nexts = bar.nextOpen, highs = bar.high, lows = bar.low;
  const ahead = isInteger<LONE>() ? nexts : bar.reach;
  const end = bar.end, one = bar.one, unsigned = bar.unsigned;
  for (let p = bar.hot; p < end; p += HOT) {
    const amount = v128.load(p);
    let open = zero, held = amount;
    if (isInteger<LONE>() || isInteger<TRADES>()) open = planeAt<LONE>(opens + n);
    if (isInteger<LONE>()) held = f64x2.mul(amount, open);
    let after = held, left = amount, fill = zero, doubtful = zero;
    if (isInteger<TRADES>()) {
      let w = decisionAt<LONE, Off>(a, b, tail, 0);
      const stopped = v128.load(e, STOPPED);
      if (v128.any_true(stopped)) {
        const same = f64x2.gt(f64x2.mul(w, stopped), zero);
        v128.store(e, v128.andnot(stopped, v128.andnot(f64x2.eq(w, w), same)), STOPPED);
        w = v128.or(w, same);
      }
      let d = f64x2.sub(f64x2.mul(w, value), held);
      let mask = f64x2.eq(w, w);
      if (isInteger<THRESHOLD>()) {
        gross = f64x2.add(gross, v128.and(f64x2.add(held, v128.and(d, mask)), unsigned));
        const drift = v128.and(d, unsigned);
        mask = f64x2.ge(drift, from);
        tie = v128.or(tie, v128.xor(mask, f64x2.ge(drift, to)));
        mask = v128.or(mask, f64x2.eq(w, zero));
      }
      d = v128.and(d, mask);
      const size = v128.and(d, unsigned);
      traded = f64x2.add(traded, size);
      net = f64x2.add(net, d);
      const slip = isInteger<COSTS>() ? v128.load(r, 16) : slippage;
      if (isInteger<COSTS>()) {
        const filled = f64x2.add(size, f64x2.mul(slip, d));
        slipped = f64x2.add(slipped, f64x2.mul(slip, size));
        notional = f64x2.add(notional, filled);
        fees = f64x2.add(fees, f64x2.mul(v128.load(r), filled));
      }
      after = f64x2.add(held, d);
      if (!isInteger<THRESHOLD>()) gross = f64x2.add(gross, v128.and(after, unsigned));
      const bought = f64x2.div(d, after);
      fill = fillOf(bar, open, after, slip);
      v128.store(e, entryAfter(v128.load(e, ENTRY), bought, fill), ENTRY);
      doubtful = f64x2.ge(bought, one);
      if (isInteger<LONE>()) left = v128.andnot(f64x2.add(amount, f64x2.div(d, open)), f64x2.eq(after, zero));
    }
    if (isInteger<LONE>()) {
      close = f64x2.add(close, f64x2.mul(left, v128.load(marks + n)));
      next = f64x2.add(next, f64x2.mul(left, v128.load(nexts + n)));
      if (isInteger<TRADES>()) v128.store(p, left);
    } else {
      close = f64x2.add(close, f64x2.mul(after, v128.load64_splat(g)));
      const later = f64x2.mul(after, v128.load64_splat(g, 8));
      next = f64x2.add(next, later);
      v128.store(p, later);
    }
    if (leavesWindow<LONE>(e, n, highs, lows, ahead, doubtful))
      settle<LONE, COSTS>(bar, exits, p, e, r, n, held, after, fill);
    e += EXITS_BYTES;
    n += stride<LONE>();
    if (isInteger<TRADES>()) a += stride<LONE>();
    if (isInteger<COSTS>()) r += RATES;
    if (isInteger<LONE>()) tail += 16;
    else {
      b += 8;
      g += 16;
    }
  }
  const sums = bar.sums;
  sums.traded = fold<LONE>(traded);
  sums.net = fold<LONE>(net);
  sums.close = fold<LONE>(close);
  sums.next = fold<LONE>(next);
  sums.near = tie;
  sums.whole = fold<LONE>(gross);
  sums.fees = fold<LONE>(fees);
  sums.slippage = fold<LONE>(slipped);
  sums.notional = fold<LONE>(notional);
}
