/** Trades and exits of a bar in one pass, where every decision is the bar's own. */
import { Bar } from "./bar";
import { BASIS, EXITS_BYTES, PEAK, RANGE, STOPPED } from "./exit-lanes";
import { NONE } from "./exit-levels";
import { ExitTerms } from "./exit-terms";
import { armed, basisAfter, distanceAt, meet } from "./exits";
import { both, fold, HOT, Off, pick, planeAt, RATES, stride } from "./lanes";
import { decisionAt } from "./other-passes";

/** `tradeAtOnce` and `exitInBar` in one pass over the bar's own decisions; sums what a leverage cap is measured on. */
export function tradeAndExit<LONE, COSTS, TRAILS>(
  bar: Bar, exits: ExitTerms, value: v128, from: v128, to: v128, slippage: v128,
): void {
  const zero = both(0);
  const near = exits.near, take = exits.takeAt, trail = exits.trailAt;
  let traded = zero, net = zero, close = zero, next = zero, tie = zero, gross = zero;
  let fees = zero, slipped = zero, notional = zero;
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, e = bar.exits, r = bar.rates, n: usize = 0;
  let g = bar.growth, gapped = exits.gapped;
  const ranges = bar.atrA + bar.atrB + bar.nextAtrA + bar.nextAtrB != 0;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    let w = decisionAt<LONE, Off>(a, b, tail, 0);
    const stopped = v128.load(e, STOPPED);
    if (v128.any_true(stopped)) {
      const same = f64x2.gt(f64x2.mul(w, stopped), zero);
      v128.store(e, v128.andnot(stopped, v128.andnot(f64x2.eq(w, w), same)), STOPPED);
      w = v128.or(w, same);
    }
    const amount = v128.load(p);
    const open = isInteger<LONE>() ? planeAt<LONE>(bar.open + n) : zero;
    const held = isInteger<LONE>() ? f64x2.mul(amount, open) : amount;
    const goal = f64x2.mul(w, value);
    let d = f64x2.sub(goal, held);
    let size = f64x2.abs(d);
    gross = f64x2.add(gross, pick(f64x2.eq(w, w), f64x2.abs(goal), f64x2.abs(held)));
    let mask = f64x2.ge(size, from);
    tie = v128.or(tie, v128.xor(mask, f64x2.ge(size, to)));
    mask = v128.or(mask, f64x2.eq(w, zero));
    d = v128.and(d, mask);
    size = v128.and(size, mask);
    traded = f64x2.add(traded, size);
    net = f64x2.add(net, d);
    const slip = isInteger<COSTS>() ? v128.load(r, 16) : slippage;
    if (isInteger<COSTS>()) {
      const filled = f64x2.add(size, f64x2.mul(slip, d));
      slipped = f64x2.add(slipped, f64x2.mul(slip, size));
      notional = f64x2.add(notional, filled);
      fees = f64x2.add(fees, f64x2.mul(v128.load(r), filled));
    }
    const after = f64x2.add(held, d);
    const ratio = f64x2.div(after, held);
    const basis = basisAfter(v128.load(e, BASIS), held, d, size, after, ratio, slip);
    v128.store(e, basis, BASIS);
    let left = after, atClose: v128, ahead: v128, low: v128, high: v128;
    if (isInteger<LONE>()) {
      left = v128.andnot(f64x2.add(amount, f64x2.div(d, open)), f64x2.eq(after, zero));
      atClose = f64x2.mul(left, planeAt<LONE>(bar.mark + n));
      ahead = f64x2.mul(left, planeAt<LONE>(bar.nextOpen + n));
      low = f64x2.mul(left, planeAt<LONE>(bar.low + n));
      high = f64x2.mul(left, planeAt<LONE>(bar.high + n));
      v128.store(p, left);
    } else {
      atClose = f64x2.mul(after, v128.load64_splat(g));
      ahead = f64x2.mul(after, v128.load64_splat(g, 8));
      low = f64x2.mul(after, v128.load64_splat(bar.spread + (n << 1)));
      high = f64x2.mul(after, v128.load64_splat(bar.spread + (n << 1), 8));
      v128.store(p, ahead);
    }
    close = f64x2.add(close, atClose);
    next = f64x2.add(next, ahead);
    let peak = zero, range = zero;
    if (isInteger<TRAILS>()) {
      const opened = f64x2.le(f64x2.mul(held, after), zero);
      peak = pick(opened, basis, f64x2.mul(v128.load(e, PEAK), ratio));
      range = both(NONE);
      if (ranges) {
        range = f64x2.mul(v128.load(e, RANGE), ratio);
        const due = v128.andnot(v128.or(opened, v128.not(f64x2.gt(range, zero))), f64x2.eq(after, zero));
        if (v128.any_true(due)) {
          const units = isInteger<LONE>() ? left : f64x2.div(after, planeAt<LONE>(bar.open + n));
          const fresh = f64x2.mul(f64x2.abs(units), distanceAt<LONE>(bar.atrA, bar.atrB, exits, n));
          range = armed<LONE>(bar, exits, e, n, units, pick(opened, fresh, range));
        } else v128.store(e, range, RANGE);
      }
    }
    const past = meet<LONE, COSTS, TRAILS>(
      bar, exits, p, e, r, n, basis, peak, range, f64x2.pmin(low, high), f64x2.pmax(low, high), ahead, near, take, trail,
    );
    gapped = v128.or(gapped, v128.and(past, f64x2.ne(after, zero)));
    e += EXITS_BYTES;
    n += stride<LONE>();
    a += stride<LONE>();
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
  if (isInteger<COSTS>()) {
    sums.fees = fold<LONE>(fees);
    sums.slippage = fold<LONE>(slipped);
    sums.notional = fold<LONE>(notional);
    sums.cost = f64x2.add(sums.fees, sums.slippage);
  }
  exits.gapped = v128.or(gapped, exits.arming);
}
