/** What a bar can need beside its trades: decisions that wait, drift, delistings, carry, exposure. */
import { Bar } from "./bar";
import {
  both, COLD, DECISION, fold, FRACTION, HOT, lanesAt, Off, PENDING, PENDING_FRACTION, pick, planeAt, RATES, stride, TIE,
} from "./lanes";

/** Targets of the next lanes: the rows' own, or where they were taken over before, what came of that. */
@inline
export function decisionAt<LONE, ADOPTED>(a: usize, b: usize, tail: usize, q: usize): v128 {
  if (isInteger<ADOPTED>()) return v128.load(q, DECISION);
  if (isInteger<LONE>()) return v128.or(v128.load(a), v128.load(tail));
  return lanesAt(a, b);
}

/** True where any asset of the row has a target. */
export function isDecided<LONE>(bar: Bar): bool {
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    const w = decisionAt<LONE, Off>(a, b, tail, 0);
    if (v128.any_true(f64x2.eq(w, w))) return true;
    a += stride<LONE>();
    b += stride<LONE>();
    tail += 16;
  }
  return false;
}

/**
 * Takes decisions over, lets those wait whose asset has no open, and drops those that move nothing.
 *
 * @returns a mask of the configs with an infinite target
 */
export function adopt<LONE, MOVES>(bar: Bar): v128 {
  const zero = both(0);
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, gap = bar.gap, f = bar.fraction, q = bar.cold;
  let infinite = zero;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    let w = decisionAt<LONE, Off>(a, b, tail, 0);
    infinite = v128.or(infinite, f64x2.eq(f64x2.abs(w), both(Infinity)));
    const decided = f64x2.eq(w, w);
    w = pick(decided, w, v128.load(q, PENDING));
    if (isInteger<MOVES>()) {
      const move = planeAt<LONE>(f);
      const fraction = pick(decided, move, v128.load(q, PENDING_FRACTION));
      w = v128.or(w, v128.and(decided, f64x2.eq(move, zero)));
      v128.store(q, fraction, PENDING_FRACTION);
      v128.store(q, fraction, FRACTION);
      f += stride<LONE>();
    }
    let quoted = i64x2.splat(-1);
    if (gap != 0) {
      quoted = f64x2.eq(planeAt<LONE>(gap), zero);
      gap += stride<LONE>();
    }
    v128.store(q, v128.or(w, quoted), PENDING);
    v128.store(q, v128.or(w, v128.not(quoted)), DECISION);
    a += stride<LONE>();
    b += stride<LONE>();
    tail += 16;
    q += COLD;
  }
  return infinite;
}

/** Nothing is decided: holdings only drift. */
export function drift<LONE>(bar: Bar): void {
  const zero = both(0);
  let close = zero, next = zero;
  let g = bar.growth, m = bar.mark, x = bar.nextOpen;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    const amount = v128.load(p);
    if (isInteger<LONE>()) {
      close = f64x2.add(close, f64x2.mul(amount, v128.load(m)));
      next = f64x2.add(next, f64x2.mul(amount, v128.load(x)));
      m += 16;
      x += 16;
    } else {
      close = f64x2.add(close, f64x2.mul(amount, v128.load64_splat(g)));
      const ahead = f64x2.mul(amount, v128.load64_splat(g, 8));
      next = f64x2.add(next, ahead);
      v128.store(p, ahead);
      g += 16;
    }
  }
  const sums = bar.sums;
  sums.traded = zero;
  sums.net = zero;
  sums.close = fold<LONE>(close);
  sums.next = fold<LONE>(next);
  sums.near = zero;
  sums.fees = zero;
  sums.slippage = zero;
  sums.notional = zero;
}

/** Worth of a vector at the close, once the passes have left it at the next open. */
@inline
function atClose<LONE>(p: usize, g: usize, m: usize): v128 {
  const amount = v128.load(p);
  if (isInteger<LONE>()) return f64x2.mul(amount, v128.load(m));
  return f64x2.div(f64x2.mul(amount, v128.load64_splat(g)), v128.load64_splat(g, 8));
}

/** Sum of |worth| at the close. */
export function exposure<LONE>(bar: Bar): v128 {
  let gross = both(0);
  let g = bar.growth, m = bar.mark;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    gross = f64x2.add(gross, f64x2.abs(atClose<LONE>(p, g, m)));
    if (isInteger<LONE>()) m += 16;
    else g += 16;
  }
  return fold<LONE>(gross);
}

/** Notes the sum of worth * rate at the close, and of what is held short there, >= 0. */
export function measureCarry<LONE>(bar: Bar, rates: usize): void {
  const zero = both(0);
  let funding = zero, short = zero;
  let g = bar.growth, m = bar.mark;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    const worth = atClose<LONE>(p, g, m);
    if (rates != 0) {
      funding = f64x2.add(funding, f64x2.mul(worth, planeAt<LONE>(rates)));
      rates += stride<LONE>();
    }
    short = f64x2.sub(short, f64x2.pmin(zero, worth));
    if (isInteger<LONE>()) m += 16;
    else g += 16;
  }
  bar.sums.funding = fold<LONE>(funding);
  bar.sums.short = fold<LONE>(short);
}

/**
 * Sells what has been without a price for `after` bars, at `keeps` of its mark, and adds that to the bar's sums.
 *
 * @param fee, slippage per config, where costs are common; else the rates of the bar
 */
export function delist<LONE, COSTS>(bar: Bar, after: v128, keeps: v128, fee: v128, slippage: v128): void {
  const zero = both(0);
  let traded = zero, net = zero, close = zero, next = zero;
  let fees = zero, slips = zero, notional = zero;
  let g = bar.growth, m = bar.mark, x = bar.nextOpen, gap = bar.gap, q = bar.cold;
  let r = bar.rates;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    const gone = f64x2.eq(planeAt<LONE>(gap), after);
    if (v128.any_true(gone)) {
      const worth = v128.and(atClose<LONE>(p, g, m), gone);
      const d = f64x2.neg(f64x2.mul(worth, keeps));
      const size = f64x2.abs(d);
      const slip = isInteger<COSTS>() ? v128.load(r, 16) : slippage;
      const rate = isInteger<COSTS>() ? v128.load(r) : fee;
      const filled = f64x2.add(size, f64x2.mul(slip, d));
      traded = f64x2.add(traded, size);
      net = f64x2.add(net, d);
      slips = f64x2.add(slips, f64x2.mul(slip, size));
      notional = f64x2.add(notional, filled);
      fees = f64x2.add(fees, f64x2.mul(rate, filled));
      close = f64x2.add(close, worth);
      const amount = v128.load(p);
      next = f64x2.add(next, v128.and(isInteger<LONE>() ? f64x2.mul(amount, v128.load(x)) : amount, gone));
      v128.store(p, v128.andnot(amount, gone));
      v128.store(q, v128.or(v128.load(q, PENDING), gone), PENDING);
    }
    gap += stride<LONE>();
    r += RATES;
    q += COLD;
    if (isInteger<LONE>()) {
      m += 16;
      x += 16;
    } else g += 16;
  }
  const sums = bar.sums;
  sums.traded = f64x2.add(sums.traded, fold<LONE>(traded));
  sums.net = f64x2.add(sums.net, fold<LONE>(net));
  sums.close = f64x2.sub(sums.close, fold<LONE>(close));
  sums.next = f64x2.sub(sums.next, fold<LONE>(next));
  sums.fees = f64x2.add(sums.fees, fold<LONE>(fees));
  sums.slippage = f64x2.add(sums.slippage, fold<LONE>(slips));
  sums.notional = f64x2.add(sums.notional, fold<LONE>(notional));
}

/**
 * Mask of the configs with a drift within rounding of the threshold. A first purchase of exactly the threshold is none:
 * both of its sides are the same product.
 */
export function ambiguous<LONE, ADOPTED>(bar: Bar, value: v128, threshold: v128): v128 {
  const zero = both(0);
  const limit = f64x2.mul(threshold, value);
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, o = bar.open, q = bar.cold;
  let found = zero;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    const w = decisionAt<LONE, ADOPTED>(a, b, tail, q);
    const held = isInteger<LONE>() ? f64x2.mul(v128.load(p), v128.load(o)) : v128.load(p);
    const past = f64x2.sub(f64x2.abs(f64x2.sub(f64x2.mul(w, value), held)), limit);
    const near = f64x2.lt(f64x2.abs(past), f64x2.mul(value, both(TIE)));
    const exact = v128.and(f64x2.eq(held, zero), f64x2.eq(f64x2.abs(w), threshold));
    found = v128.or(found, v128.andnot(near, exact));
    a += stride<LONE>();
    b += stride<LONE>();
    tail += 16;
    o += 16;
    q += COLD;
  }
  return isInteger<LONE>() ? v128.or(found, v128.shuffle<f64>(found, found, 1, 0)) : found;
}
