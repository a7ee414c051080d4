/** The loops over a bar's assets. A pass reads decisions and holdings, trades or only measures, and leaves its sums in
 *  memory. Holdings are values at the bar's open (pair) or units (lone config); a trade is
 *  fraction * (weight * value per weight - held), masked where the drift is below the threshold. */
import { Bar } from "./bar";
import { BACKUP, both, COLD, fold, FRACTION, HOT, pick, planeAt, RATES, SLICING, stride, TRADED } from "./lanes";
import { decisionAt } from "./other-passes";

/** Raw value held at the bar's open. */
@inline
export function valueHeld<LONE>(amount: v128, open: usize): v128 {
  if (isInteger<LONE>()) return f64x2.mul(amount, v128.load(open));
  return amount;
}

/** What is held after trading d of it; nothing, to the bit, where that closes the position. */
@inline
function amountAfter<LONE>(amount: v128, held: v128, d: v128, open: usize, one: v128): v128 {
  const after = f64x2.add(held, d);
  if (!isInteger<LONE>()) return after;
  return v128.andnot(f64x2.add(amount, f64x2.mul(d, f64x2.div(one, v128.load(open)))), f64x2.eq(after, both(0)));
}

@inline
function worthAt<LONE>(amount: v128, g: usize, m: usize): v128 {
  return f64x2.mul(amount, isInteger<LONE>() ? v128.load(m) : v128.load64_splat(g));
}

@inline
function worthAhead<LONE>(amount: v128, g: usize, x: usize): v128 {
  return f64x2.mul(amount, isInteger<LONE>() ? v128.load(x) : v128.load64_splat(g, 8));
}

/** Trades in one pass what is decided, or of that what passes the threshold (low and high: its limit less and plus
 *  rounding), at weight * value. */
@inline
export function tradeAtOnce<LONE, COSTS, MOVES, ADOPTED, THRESHOLD>(bar: Bar, value: v128, low: v128, high: v128): void {
  const zero = both(0);
  let traded = zero, net = zero, close = zero, next = zero, near = zero;
  let fees = zero, slippage = zero, notional = zero;
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, q = bar.cold, r = bar.rates;
  let f = bar.fraction, g = bar.growth, o = bar.open, m = bar.mark, x = bar.nextOpen;
  const end = bar.end, one = bar.one, unsigned = bar.unsigned;
  for (let p = bar.hot; p < end; p += HOT) {
    let w = decisionAt<LONE, ADOPTED>(a, b, tail, q);
    let fraction = one;
    if (isInteger<MOVES>()) {
      fraction = isInteger<ADOPTED>() ? v128.load(q, FRACTION) : planeAt<LONE>(f);
      w = v128.or(w, f64x2.eq(fraction, zero));
      f += stride<LONE>();
    }
    const amount = v128.load(p);
    const held = valueHeld<LONE>(amount, o);
    let d = f64x2.sub(f64x2.mul(w, value), held);
    let mask = f64x2.eq(w, w);
    if (isInteger<THRESHOLD>()) {
      const drift = v128.and(d, unsigned);
      let passes = f64x2.ge(drift, low);
      let tie = v128.xor(passes, f64x2.ge(drift, high));
      passes = v128.or(passes, f64x2.eq(w, zero));
      if (isInteger<MOVES>()) {
        const part = f64x2.lt(fraction, one), slicing = v128.load(q, SLICING);
        const slice = v128.or(part, slicing);
        tie = v128.andnot(tie, slice);
        mask = v128.and(mask, v128.or(passes, slice));
        v128.store(q, pick(mask, part, slicing), SLICING);
      } else mask = passes;
      near = v128.or(near, tie);
    }
    d = v128.and(d, mask);
    if (isInteger<MOVES>()) d = f64x2.mul(d, fraction);
    const size = v128.and(d, unsigned);
    traded = f64x2.add(traded, size);
    net = f64x2.add(net, d);
    if (isInteger<COSTS>()) {
      const slip = v128.load(r, 16);
      const filled = f64x2.add(size, f64x2.mul(slip, d));
      slippage = f64x2.add(slippage, f64x2.mul(slip, size));
      notional = f64x2.add(notional, filled);
      fees = f64x2.add(fees, f64x2.mul(v128.load(r), filled));
      r += RATES;
    }
    const after = amountAfter<LONE>(amount, held, d, o, one);
    close = f64x2.add(close, worthAt<LONE>(after, g, m));
    const ahead = worthAhead<LONE>(after, g, x);
    next = f64x2.add(next, ahead);
    v128.store(p, isInteger<LONE>() ? after : ahead);
    if (isInteger<LONE>()) {
      o += 16;
      m += 16;
      x += 16;
    } else g += 16;
    if (isInteger<ADOPTED>() || (isInteger<MOVES>() && isInteger<THRESHOLD>())) q += COLD;
    if (!isInteger<ADOPTED>()) {
      a += stride<LONE>();
      if (isInteger<LONE>()) tail += 16;
      else b += 8;
    }
  }
  const sums = bar.sums;
  sums.traded = fold<LONE>(traded);
  sums.net = fold<LONE>(net);
  sums.close = fold<LONE>(close);
  sums.next = fold<LONE>(next);
  sums.near = near;
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
export function measure<LONE, COSTS, MOVES, ADOPTED, THRESHOLD, CAPPED, AGAIN>(
  bar: Bar, perWeight: v128, low: v128, high: v128,
): void {
  const zero = both(0);
  let traded = zero, bought = zero, net = zero, weight = zero, boughtWeight = zero, whole = zero, near = zero;
  let cost = zero, slope = zero, purchases = zero;
  let grossWeight = zero, untouched = zero, candidateWeight = zero, candidateUntouched = zero;
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, q = bar.cold, o = bar.open, r = bar.rates;
  let f = bar.fraction;
  const end = bar.end, unsigned = bar.unsigned;
  for (let p = bar.hot; p < end; p += HOT) {
    let w = isInteger<AGAIN>() ? v128.load(p, TRADED) : decisionAt<LONE, ADOPTED>(a, b, tail, q);
    let fraction = zero;
    if (isInteger<MOVES>()) {
      if (isInteger<AGAIN>() || isInteger<ADOPTED>()) fraction = v128.load(q, FRACTION);
      else {
        fraction = planeAt<LONE>(f);
        w = v128.or(w, f64x2.eq(fraction, zero));
        v128.store(q, fraction, FRACTION);
        f += stride<LONE>();
      }
    }
    const held = valueHeld<LONE>(v128.load(p), o);
    let d = f64x2.sub(f64x2.mul(w, perWeight), held);
    let mask: v128;
    if (isInteger<THRESHOLD>() && !isInteger<AGAIN>()) {
      const drift = v128.and(d, unsigned);
      mask = f64x2.ge(drift, low);
      let tie = v128.xor(mask, f64x2.ge(drift, high));
      mask = v128.or(mask, f64x2.eq(w, zero));
      if (isInteger<MOVES>()) {
        const slice = v128.or(f64x2.lt(fraction, both(1)), v128.load(q, SLICING));
        tie = v128.andnot(tie, slice);
        mask = v128.and(v128.or(mask, slice), f64x2.eq(w, w));
      }
      near = v128.or(near, tie);
    } else mask = f64x2.eq(w, w);
    let wt = v128.and(w, mask);
    d = v128.and(d, mask);
    if (isInteger<MOVES>()) {
      d = f64x2.mul(d, fraction);
      wt = f64x2.mul(wt, fraction);
    }
    const buys = f64x2.gt(d, zero);
    net = f64x2.add(net, d);
    if (isInteger<COSTS>()) {
      const size = v128.and(d, unsigned), directed = pick(buys, wt, f64x2.neg(wt));
      traded = f64x2.add(traded, size);
      const costSum = v128.load(r, 32), product = v128.load(r, 48);
      const paid = f64x2.add(f64x2.mul(costSum, size), f64x2.mul(product, d));
      cost = f64x2.add(cost, paid);
      slope = f64x2.add(slope, f64x2.add(f64x2.mul(costSum, directed), f64x2.mul(product, wt)));
      if (isInteger<CAPPED>())
        purchases = f64x2.add(purchases, v128.and(f64x2.add(d, paid), buys));
      r += RATES;
    } else {
      bought = f64x2.add(bought, v128.and(d, buys));
      weight = f64x2.add(weight, wt);
      boughtWeight = f64x2.add(boughtWeight, v128.and(wt, buys));
    }
    const absolute = v128.and(held, unsigned);
    if (isInteger<CAPPED>()) {
      let stays = zero;
      if (isInteger<MOVES>()) stays = f64x2.sub(absolute, f64x2.mul(fraction, absolute));
      grossWeight = f64x2.add(grossWeight, v128.and(wt, unsigned));
      untouched = f64x2.add(untouched, isInteger<MOVES>() ? pick(mask, stays, absolute) : v128.andnot(absolute, mask));
      if (isInteger<THRESHOLD>() && !isInteger<AGAIN>()) {
        const candidate = f64x2.eq(w, w);
        let wanted = v128.and(f64x2.abs(w), candidate);
        if (isInteger<MOVES>()) wanted = f64x2.mul(wanted, fraction);
        candidateWeight = f64x2.add(candidateWeight, wanted);
        const rest = isInteger<MOVES>() ? pick(candidate, stays, absolute) : v128.andnot(absolute, candidate);
        candidateUntouched = f64x2.add(candidateUntouched, rest);
      }
    } else whole = f64x2.add(whole, absolute);
    if (!isInteger<AGAIN>()) v128.store(p, isInteger<THRESHOLD>() ? v128.or(w, v128.not(mask)) : w, TRADED);
    if (isInteger<LONE>()) o += 16;
    if (isInteger<ADOPTED>() || isInteger<MOVES>()) q += COLD;
    if (!isInteger<ADOPTED>() && !isInteger<AGAIN>()) {
      a += stride<LONE>();
      if (isInteger<LONE>()) tail += 16;
      else b += 8;
    }
  }
  const sums = bar.sums;
  net = fold<LONE>(net);
  sums.net = net;
  if (!isInteger<AGAIN>()) sums.near = near;
  if (isInteger<COSTS>()) {
    sums.traded = fold<LONE>(traded);
    sums.cost = fold<LONE>(cost);
    sums.slope = fold<LONE>(slope);
    sums.purchases = fold<LONE>(purchases);
  } else {
    weight = fold<LONE>(weight);
    bought = fold<LONE>(bought);
    boughtWeight = fold<LONE>(boughtWeight);
    sums.traded = f64x2.sub(f64x2.add(bought, bought), net);
    sums.purchases = bought;
    sums.weight = weight;
    sums.boughtWeight = boughtWeight;
  }
  if (isInteger<CAPPED>()) {
    sums.grossWeight = fold<LONE>(grossWeight);
    sums.untouched = fold<LONE>(untouched);
    if (!isInteger<AGAIN>()) {
      sums.candidateWeight = isInteger<THRESHOLD>() ? fold<LONE>(candidateWeight) : sums.grossWeight;
      sums.candidateUntouched = isInteger<THRESHOLD>() ? fold<LONE>(candidateUntouched) : sums.untouched;
    }
  } else sums.whole = fold<LONE>(whole);
}

/**
 * Makes the trade that was measured, at `perWeight`; keeps what was held before it.
 *
 * @param lessBuys per config, share of the buys that cash cannot pay, negative; read where CAPPED
 * @param dust     worth below which a buy that was cut leaves nothing of what it was to turn round
 */
export function apply<LONE, COSTS, MOVES, CAPPED>(bar: Bar, perWeight: v128, lessBuys: v128, dust: v128): void {
  const zero = both(0);
  let traded = zero, net = zero, close = zero, next = zero;
  let fees = zero, slippage = zero, notional = zero;
  let g = bar.growth, o = bar.open, m = bar.mark, x = bar.nextOpen, q = bar.cold, r = bar.rates;
  const end = bar.end, one = bar.one, unsigned = bar.unsigned;
  for (let p = bar.hot; p < end; p += HOT) {
    const w = v128.load(p, TRADED);
    const amount = v128.load(p);
    v128.store(p, amount, BACKUP);
    const held = valueHeld<LONE>(amount, o);
    const mask = f64x2.eq(w, w);
    let d = v128.and(f64x2.sub(f64x2.mul(w, perWeight), held), mask);
    if (isInteger<MOVES>()) {
      const fraction = v128.load(q, FRACTION);
      d = f64x2.mul(d, fraction);
      v128.store(q, pick(mask, f64x2.lt(fraction, both(1)), v128.load(q, SLICING)), SLICING);
      q += COLD;
    }
    if (isInteger<CAPPED>()) {
      d = f64x2.add(d, f64x2.mul(f64x2.pmax(zero, d), lessBuys));
      const nothing = v128.and(f64x2.le(f64x2.abs(f64x2.add(held, d)), dust), f64x2.lt(lessBuys, zero));
      d = pick(nothing, f64x2.neg(held), d);
    }
    const size = v128.and(d, unsigned);
    traded = f64x2.add(traded, size);
    net = f64x2.add(net, d);
    const after = amountAfter<LONE>(amount, held, d, o, one);
    close = f64x2.add(close, worthAt<LONE>(after, g, m));
    const ahead = worthAhead<LONE>(after, g, x);
    next = f64x2.add(next, ahead);
    v128.store(p, isInteger<LONE>() ? after : ahead);
    if (isInteger<COSTS>()) {
      const slip = v128.load(r, 16);
      const filled = f64x2.add(size, f64x2.mul(slip, d));
      slippage = f64x2.add(slippage, f64x2.mul(slip, size));
      notional = f64x2.add(notional, filled);
      fees = f64x2.add(fees, f64x2.mul(v128.load(r), filled));
      r += RATES;
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
