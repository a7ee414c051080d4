/** The loops over a bar's assets, two vectors of lanes at a time. A pass reads decisions and holdings, trades or only
 *  measures, and leaves its sums in memory. Holdings are values at the bar's open (pair) or units (lone config); a
 *  trade is fraction * (weight * value per weight - held), masked where the drift is below the threshold. */
import { Bar } from "./bar";
import {
  BACKUP, both, COLD, DECISION, fold, FRACTION, HOT, lanesAt, pick, planeAt, SLICING, stride, TRADED,
} from "./lanes";

const NEXT_HOT: usize = HOT;
const TWO_HOT: usize = 2 * HOT;
const TWO_COLD: usize = 2 * COLD;

/** Bytes of two vectors in a row of growth. */
const TWO_GROWTH: usize = 32;

@inline
function firstWeights<LONE>(a: usize, b: usize, tail: usize): v128 {
  if (isInteger<LONE>()) return v128.or(v128.load(a), v128.load(tail));
  return v128.shuffle<f64>(v128.load(a), v128.load(b), 0, 2);
}

@inline
function secondWeights<LONE>(a: usize, b: usize, tail: usize): v128 {
  if (isInteger<LONE>()) return v128.or(v128.load(a, 16), v128.load(tail, 16));
  return v128.or(v128.shuffle<f64>(v128.load(a), v128.load(b), 1, 3), v128.load(tail, 16));
}

@inline
function held<LONE>(p: usize, open: usize): v128 {
  if (isInteger<LONE>()) return f64x2.mul(v128.load(p), v128.load(open));
  return v128.load(p);
}

/** Rate of the k-th kind, per lane. */
@inline
function rate<LONE>(bar: Bar, offset: usize, kind: usize, vector: usize): v128 {
  const at = offset + kind * bar.ratesBytes + vector * stride<LONE>();
  if (isInteger<LONE>()) return v128.load(bar.ratesA + at);
  return lanesAt(bar.ratesA + at, bar.ratesB + at);
}

/** Units after a trade; none where it closes the position. */
@inline
function unitsAfter(p: usize, open: usize, d: v128, before: v128): v128 {
  const units = f64x2.add(v128.load(p), f64x2.div(d, v128.load(open)));
  return v128.andnot(units, f64x2.eq(f64x2.add(before, d), both(0)));
}

@inline
function markedAt<LONE>(bar: Bar, amount: v128, vector: usize, g: usize, m: usize): v128 {
  if (isInteger<LONE>()) return f64x2.mul(amount, v128.load(m + (vector << 4)));
  return f64x2.mul(amount, v128.load64_splat(g + (vector << 4)));
}

@inline
function aheadAt<LONE>(bar: Bar, amount: v128, vector: usize, g: usize, x: usize): v128 {
  if (isInteger<LONE>()) return f64x2.mul(amount, v128.load(x + (vector << 4)));
  return f64x2.mul(amount, v128.load64_splat(g + (vector << 4), 8));
}

/** Trades what passes the threshold at weight * value. */
export function tradeAtOnce<LONE, COSTS, ADOPTED>(bar: Bar, value: v128, limit: v128): void {
  const zero = both(0);
  let traded = zero, net = zero, close = zero, next = zero, closest = both(Infinity);
  let fees = zero, slippage = zero, notional = zero;
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, q = bar.cold;
  let g = bar.growth, o = bar.open, m = bar.mark, x = bar.nextOpen, r: usize = 0;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += TWO_HOT) {
    const w0 = isInteger<ADOPTED>() ? v128.load(q, DECISION) : firstWeights<LONE>(a, b, tail);
    const w1 = isInteger<ADOPTED>() ? v128.load(q, COLD + DECISION) : secondWeights<LONE>(a, b, tail);
    const h0 = held<LONE>(p, o);
    const wanted0 = f64x2.sub(f64x2.mul(w0, value), h0);
    const drift0 = f64x2.abs(wanted0);
    const past0 = f64x2.sub(drift0, limit);
    closest = f64x2.pmin(closest, f64x2.abs(past0));
    const mask0 = v128.or(f64x2.ge(past0, zero), f64x2.eq(w0, zero));
    const d0 = v128.and(wanted0, mask0);
    const size0 = v128.and(drift0, mask0);
    traded = f64x2.add(traded, size0);
    net = f64x2.add(net, d0);
    const after0 = isInteger<LONE>() ? unitsAfter(p, o, d0, h0) : f64x2.add(h0, d0);
    close = f64x2.add(close, markedAt<LONE>(bar, after0, 0, g, m));
    const ahead0 = aheadAt<LONE>(bar, after0, 0, g, x);
    next = f64x2.add(next, ahead0);
    v128.store(p, isInteger<LONE>() ? after0 : ahead0);

    const h1 = held<LONE>(p + NEXT_HOT, o + 16);
    const wanted1 = f64x2.sub(f64x2.mul(w1, value), h1);
    const drift1 = f64x2.abs(wanted1);
    const past1 = f64x2.sub(drift1, limit);
    closest = f64x2.pmin(closest, f64x2.abs(past1));
    const mask1 = v128.or(f64x2.ge(past1, zero), f64x2.eq(w1, zero));
    const d1 = v128.and(wanted1, mask1);
    const size1 = v128.and(drift1, mask1);
    traded = f64x2.add(traded, size1);
    net = f64x2.add(net, d1);
    const after1 = isInteger<LONE>() ? unitsAfter(p + NEXT_HOT, o + 16, d1, h1) : f64x2.add(h1, d1);
    close = f64x2.add(close, markedAt<LONE>(bar, after1, 1, g, m));
    const ahead1 = aheadAt<LONE>(bar, after1, 1, g, x);
    next = f64x2.add(next, ahead1);
    v128.store(p, isInteger<LONE>() ? after1 : ahead1, HOT);

    if (isInteger<COSTS>()) {
      const slip0 = rate<LONE>(bar, r, 1, 0), slip1 = rate<LONE>(bar, r, 1, 1);
      const filled0 = f64x2.add(size0, f64x2.mul(slip0, d0)), filled1 = f64x2.add(size1, f64x2.mul(slip1, d1));
      slippage = f64x2.add(f64x2.add(slippage, f64x2.mul(slip0, size0)), f64x2.mul(slip1, size1));
      notional = f64x2.add(f64x2.add(notional, filled0), filled1);
      fees = f64x2.add(fees, f64x2.mul(rate<LONE>(bar, r, 0, 0), filled0));
      fees = f64x2.add(fees, f64x2.mul(rate<LONE>(bar, r, 0, 1), filled1));
      r += 2 * stride<LONE>();
    }
    if (isInteger<LONE>()) {
      o += 32;
      m += 32;
      x += 32;
    } else g += TWO_GROWTH;
    if (isInteger<ADOPTED>()) q += TWO_COLD;
    else {
      a += 2 * stride<LONE>();
      if (!isInteger<LONE>()) b += 2 * stride<LONE>();
      tail += 32;
    }
  }
  const sums = bar.sums;
  sums.traded = fold<LONE>(traded);
  sums.net = fold<LONE>(net);
  sums.close = fold<LONE>(close);
  sums.next = fold<LONE>(next);
  sums.closest = closest;
  if (isInteger<COSTS>()) {
    sums.fees = fold<LONE>(fees);
    sums.slippage = fold<LONE>(slippage);
    sums.notional = fold<LONE>(notional);
  }
}

/**
 * Measures the trade towards weight * perWeight without making it, and notes which weights trade.
 *
 * CAPPED adds the sums that a leverage cap needs. AGAIN measures what an earlier call selected at another perWeight.
 */
export function measure<LONE, COSTS, MOVES, ADOPTED, CAPPED, AGAIN>(bar: Bar, perWeight: v128, limit: v128): void {
  const zero = both(0);
  const sign = both(-0.0);
  let traded = zero, net = zero, weight = zero, signed = zero, whole = zero, closest = both(Infinity);
  let cost = zero, slope = zero, purchases = zero;
  let grossWeight = zero, untouched = zero, candidateWeight = zero, candidateUntouched = zero;
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, q = bar.cold, o = bar.open, r: usize = 0;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    let w: v128;
    if (isInteger<AGAIN>()) w = v128.load(p, TRADED);
    else if (isInteger<ADOPTED>()) w = v128.load(q, DECISION);
    else if (isInteger<LONE>()) w = v128.or(v128.load(a), v128.load(tail));
    else w = v128.or(lanesAt(a, b), v128.load(tail));
    const h = held<LONE>(p, o);
    let wanted = f64x2.sub(f64x2.mul(w, perWeight), h);
    let mask: v128;
    if (isInteger<AGAIN>()) mask = f64x2.eq(w, w);
    else {
      const past = f64x2.sub(f64x2.abs(wanted), limit);
      mask = v128.or(f64x2.ge(past, zero), f64x2.eq(w, zero));
      if (isInteger<MOVES>()) {
        const slice = v128.or(f64x2.lt(v128.load(q, FRACTION), both(1)), v128.load(q, SLICING));
        closest = f64x2.pmin(closest, f64x2.abs(pick(slice, both(Infinity), past)));
        mask = v128.and(v128.or(mask, slice), f64x2.eq(w, w));
      } else closest = f64x2.pmin(closest, f64x2.abs(past));
    }
    let wt = v128.and(w, mask);
    if (isInteger<MOVES>()) {
      const fraction = v128.load(q, FRACTION);
      wanted = f64x2.mul(wanted, fraction);
      wt = f64x2.mul(wt, fraction);
    }
    const d = v128.and(wanted, mask);
    const size = f64x2.abs(d);
    const directed = v128.xor(wt, v128.and(d, sign));
    if (isInteger<COSTS>()) {
      const sum = rate<LONE>(bar, r, 2, 0), product = rate<LONE>(bar, r, 3, 0);
      const paid = f64x2.add(f64x2.mul(sum, size), f64x2.mul(product, d));
      cost = f64x2.add(cost, paid);
      slope = f64x2.add(slope, f64x2.add(f64x2.mul(sum, directed), f64x2.mul(product, wt)));
      net = f64x2.add(net, d);
      if (isInteger<CAPPED>())
        purchases = f64x2.add(purchases, v128.and(f64x2.add(d, paid), f64x2.gt(d, zero)));
      r += stride<LONE>();
    } else {
      weight = f64x2.add(weight, wt);
      signed = f64x2.add(signed, directed);
      net = f64x2.add(net, d);
    }
    traded = f64x2.add(traded, size);
    if (isInteger<CAPPED>()) {
      const absolute = f64x2.abs(h);
      if (isInteger<MOVES>()) {
        const fraction = v128.load(q, FRACTION);
        const stays = f64x2.sub(absolute, f64x2.mul(fraction, absolute));
        const candidate = f64x2.eq(w, w);
        grossWeight = f64x2.add(grossWeight, f64x2.abs(wt));
        untouched = f64x2.add(untouched, pick(mask, stays, absolute));
        candidateWeight = f64x2.add(candidateWeight, v128.and(f64x2.mul(f64x2.abs(w), fraction), candidate));
        candidateUntouched = f64x2.add(candidateUntouched, pick(candidate, stays, absolute));
      } else {
        grossWeight = f64x2.add(grossWeight, f64x2.abs(wt));
        untouched = f64x2.add(untouched, v128.andnot(absolute, mask));
        if (!isInteger<AGAIN>()) {
          const candidate = f64x2.eq(w, w);
          candidateWeight = f64x2.add(candidateWeight, v128.and(f64x2.abs(w), candidate));
          candidateUntouched = f64x2.add(candidateUntouched, v128.andnot(absolute, candidate));
        }
      }
    } else whole = f64x2.add(whole, f64x2.abs(h));
    if (!isInteger<AGAIN>()) v128.store(p, v128.or(w, v128.not(mask)), TRADED);
    if (isInteger<LONE>()) o += 16;
    if (isInteger<ADOPTED>()) q += COLD;
    if (!isInteger<ADOPTED>() && !isInteger<AGAIN>()) {
      a += stride<LONE>();
      if (!isInteger<LONE>()) b += 8;
      tail += 16;
    }
  }
  const sums = bar.sums;
  sums.traded = fold<LONE>(traded);
  sums.net = fold<LONE>(net);
  if (!isInteger<AGAIN>()) sums.closest = closest;
  if (isInteger<COSTS>()) {
    sums.cost = fold<LONE>(cost);
    sums.slope = fold<LONE>(slope);
    sums.purchases = fold<LONE>(purchases);
  } else {
    sums.weight = fold<LONE>(weight);
    sums.signed = fold<LONE>(signed);
  }
  if (isInteger<CAPPED>()) {
    sums.grossWeight = fold<LONE>(grossWeight);
    sums.untouched = fold<LONE>(untouched);
    if (!isInteger<AGAIN>()) {
      sums.candidateWeight = fold<LONE>(candidateWeight);
      sums.candidateUntouched = fold<LONE>(candidateUntouched);
    }
  } else sums.whole = fold<LONE>(whole);
}

/**
 * Makes the trade that was measured, at `perWeight`; keeps what was held before it.
 *
 * @param lessBuys per config, share of the buys that cash cannot pay, negative; read where CAPPED
 */
export function apply<LONE, COSTS, MOVES, CAPPED>(bar: Bar, perWeight: v128, lessBuys: v128): void {
  const zero = both(0);
  let traded = zero, net = zero, close = zero, next = zero;
  let fees = zero, slippage = zero, notional = zero;
  let g = bar.growth, o = bar.open, m = bar.mark, x = bar.nextOpen, q = bar.cold, r: usize = 0;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    const w = v128.load(p, TRADED);
    const kept = v128.load(p);
    const h = isInteger<LONE>() ? f64x2.mul(kept, v128.load(o)) : kept;
    v128.store(p, kept, BACKUP);
    let d = f64x2.sub(f64x2.mul(w, perWeight), h);
    const mask = f64x2.eq(w, w);
    if (isInteger<MOVES>()) {
      const fraction = v128.load(q, FRACTION);
      d = f64x2.mul(d, fraction);
      v128.store(q, pick(mask, f64x2.lt(fraction, both(1)), v128.load(q, SLICING)), SLICING);
      q += COLD;
    }
    d = v128.and(d, mask);
    if (isInteger<CAPPED>()) d = f64x2.add(d, f64x2.mul(f64x2.pmax(zero, d), lessBuys));
    const size = f64x2.abs(d);
    traded = f64x2.add(traded, size);
    net = f64x2.add(net, d);
    const after = isInteger<LONE>() ? unitsAfter(p, o, d, h) : f64x2.add(h, d);
    close = f64x2.add(close, markedAt<LONE>(bar, after, 0, g, m));
    const ahead = aheadAt<LONE>(bar, after, 0, g, x);
    next = f64x2.add(next, ahead);
    v128.store(p, isInteger<LONE>() ? after : ahead);
    if (isInteger<COSTS>()) {
      const slip = rate<LONE>(bar, r, 1, 0);
      const filled = f64x2.add(size, f64x2.mul(slip, d));
      slippage = f64x2.add(slippage, f64x2.mul(slip, size));
      notional = f64x2.add(notional, filled);
      fees = f64x2.add(fees, f64x2.mul(rate<LONE>(bar, r, 0, 0), filled));
      r += stride<LONE>();
    }
    if (isInteger<LONE>()) {
      o += 16;
      m += 16;
      x += 16;
    } else g += 16;
  }
  const sums = bar.sums;
  sums.traded = fold<LONE>(traded);
  sums.net = fold<LONE>(net);
  sums.close = fold<LONE>(close);
  sums.next = fold<LONE>(next);
  if (isInteger<COSTS>()) {
    sums.fees = fold<LONE>(fees);
    sums.slippage = fold<LONE>(slippage);
    sums.notional = fold<LONE>(notional);
  }
}

/** Takes back what `apply` did to the holdings. */
export function undo(bar: Bar): void {
  for (let p = bar.hot; p < bar.end; p += HOT) v128.store(p, v128.load(p, BACKUP));
}
