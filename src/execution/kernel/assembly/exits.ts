/** Stops, take profits and liquidations in the kernel; the rules are those of ../../protect.ts.
 *  A pass over a bar's lanes tells by vectors where an exit may be: a band around every level makes sure of that. Such
 *  lanes, which are few, are decided one by one with the reference's own arithmetic; where price and level agree to
 *  within the band, rounding could decide and the exact path has to. */
import { Bar } from "./bar";
import { levelOf, NONE } from "./exit-levels";
import { BAND, ExitTerms } from "./exit-terms";
import { both, COLD, DECISION, fold, HOT, Off, PENDING, pick, planeAt, RATES, stride } from "./lanes";
import { decisionAt } from "./other-passes";

/** Bytes of a vector's exits: held before the trade; what the position cost, units times entry price; its worth at the
 *  best price; its units times the distance of the ATR stop; the sign that was stopped. */
export const EXITS_BYTES: usize = 80;
const BEFORE: usize = 0;
const BASIS: usize = 16;
const PEAK: usize = 32;
const RANGE: usize = 48;
const STOPPED: usize = 64;

/**
 * Takes decisions over as `adopt` does, but refuses those of a sign that was stopped, and sells what a book that sits
 * out holds; notes what is held before the trade.
 *
 * @returns a mask of the configs with an infinite target
 */
export function adoptOrRefuse<LONE>(bar: Bar, exits: ExitTerms): v128 {
  const zero = both(0);
  const flat = f64x2.gt(exits.flatLeft, zero);
  const sitsOut = v128.any_true(flat);
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, gap = bar.gap, q = bar.cold, e = bar.exits;
  let infinite = zero;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    let w = decisionAt<LONE, Off>(a, b, tail, 0);
    infinite = v128.or(infinite, f64x2.eq(f64x2.abs(w), both(Infinity)));
    const stopped = v128.load(e, STOPPED);
    if (v128.any_true(stopped)) {
      const decided = v128.andnot(f64x2.eq(w, w), flat);
      const same = v128.and(f64x2.gt(f64x2.mul(w, stopped), zero), decided);
      v128.store(e, v128.andnot(stopped, v128.andnot(decided, same)), STOPPED);
      w = v128.or(w, same);
    }
    const amount = v128.load(p);
    v128.store(e, amount, BEFORE);
    if (gap != 0) w = pick(f64x2.eq(w, w), w, v128.load(q, PENDING));
    if (sitsOut) w = pick(flat, f64x2.mul(zero, f64x2.div(amount, amount)), w);
    if (gap != 0) {
      const quoted = f64x2.eq(planeAt<LONE>(gap), zero);
      v128.store(q, v128.or(w, quoted), PENDING);
      w = v128.or(w, v128.not(quoted));
      gap += stride<LONE>();
    }
    v128.store(q, w, DECISION);
    a += stride<LONE>();
    b += stride<LONE>();
    tail += 16;
    q += COLD;
    e += EXITS_BYTES;
  }
  return infinite;
}

/** Exits at an open that is past their level, before anything else is traded. */
export function exitAtOpen<LONE, COSTS>(bar: Bar, exits: ExitTerms): void {
  let q = bar.cold, e = bar.exits, r = bar.rates, n: usize = 0;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    for (let at: usize = 0; at < 16; at += 8) {
      const amount = load<f64>(p + at);
      if (amount == 0) continue;
      const offset = n + (isInteger<LONE>() ? at : 0);
      if (bar.gap != 0 && load<f64>(bar.gap + offset) != 0) continue;
      const side: f64 = amount > 0 ? 1 : -1;
      const open = load<f64>(bar.open + offset);
      const units = isInteger<LONE>() ? amount : amount / open;
      const basis = load<f64>(e + at, BASIS);
      const entry = basis / units;
      const stop = levelOf(exits, at, side, entry, load<f64>(e + at, PEAK) / units, load<f64>(e + at, RANGE) / abs(units));
      const liquidation = exits.liquidation(at, side, entry);
      const take = exits.take(at, side, entry);
      const band = BAND * entry;
      if (abs(open - liquidation) <= band || abs(open - stop) <= band || abs(open - take) <= band) {
        exits.giveUp(at);
        continue;
      }
      const liquidated = side * (open - liquidation) <= 0;
      if (!liquidated && side * (open - stop) > 0 && side * (open - take) < 0) continue;
      leave<COSTS>(exits, at, units, open, basis, liquidated, r);
      store<f64>(p + at, 0);
      store<f64>(e + at, 0, BEFORE);
      const decision = load<f64>(q + at, DECISION);
      if (decision != decision || decision * side > 0) {
        store<f64>(q + at, NONE, DECISION);
        store<f64>(e + at, side, STOPPED);
      }
    }
    n += stride<LONE>();
    q += COLD;
    e += EXITS_BYTES;
    if (isInteger<COSTS>()) r += RATES;
  }
}

/** What a position has cost after a trade of d that leaves `after`, both at the open; `held` before it. */
@inline
function basisAfter(basis: v128, held: v128, d: v128, size: v128, after: v128, ratio: v128, slip: v128): v128 {
  const larger = f64x2.gt(f64x2.abs(after), f64x2.abs(held));
  const opened = f64x2.le(f64x2.mul(held, after), both(0));
  const added = f64x2.add(basis, f64x2.add(d, f64x2.mul(size, slip)));
  const fresh = f64x2.add(after, f64x2.mul(f64x2.abs(after), slip));
  return pick(opened, fresh, pick(larger, added, f64x2.mul(basis, ratio)));
}

/**
 * The rest of a bar once its trades are made, for one vector: exits that the bar meets, best prices that follow.
 *
 * Everything is worth: units times price. A price is past an adverse level when worth at it is below the level's, be the
 * position long or short, so that no lane has to know its side.
 *
 * @param after worth at the open, basis its cost, ahead worth at the next open
 * @returns lanes whose next open is past a level
 */
@inline
function meet<LONE, COSTS, TRAILS>(
  bar: Bar, exits: ExitTerms, p: usize, e: usize, r: usize, n: usize,
  basis: v128, peak: v128, range: v128, worst: v128, mostly: v128, ahead: v128, near: v128, take: v128, trail: v128,
): v128 {
  const cost = f64x2.abs(basis);
  const most = f64x2.add(basis, f64x2.mul(cost, take));
  let least = f64x2.sub(basis, f64x2.mul(cost, near));
  if (isInteger<TRAILS>()) {
    least = f64x2.pmax(least, f64x2.add(f64x2.sub(basis, range), f64x2.mul(cost, both(BAND))));
    const lowest = f64x2.sub(peak, f64x2.mul(f64x2.abs(peak), trail));
    const hit = v128.or(v128.or(f64x2.le(worst, least), f64x2.le(worst, lowest)), f64x2.ge(mostly, most));
    const followed = f64x2.pmax(peak, mostly);
    v128.store(e, followed, PEAK);
    if (v128.any_true(hit)) exitLanes<LONE, COSTS>(bar, exits, p, e, r, n, hit, peak, range);
    const now = f64x2.sub(followed, f64x2.mul(f64x2.abs(followed), trail));
    return v128.or(v128.or(f64x2.le(ahead, least), f64x2.le(ahead, now)), f64x2.ge(ahead, most));
  }
  const hit = v128.or(f64x2.le(worst, least), f64x2.ge(mostly, most));
  if (v128.any_true(hit)) exitLanes<LONE, COSTS>(bar, exits, p, e, r, n, hit, peak, range);
  return v128.or(f64x2.le(ahead, least), f64x2.ge(ahead, most));
}

/** After the bar's trades, however they were made. TRAILS: some config has a trailing or ATR stop. */
export function exitInBar<LONE, COSTS, TRADED, TRAILS>(bar: Bar, exits: ExitTerms, slippage: v128): void {
  const zero = both(0);
  const near = exits.near, take = exits.takeAt, trail = exits.trailAt;
  let e = bar.exits, r = bar.rates, n: usize = 0;
  let gapped = exits.gapped;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    const amount = v128.load(p);
    let basis = v128.load(e, BASIS), peak = zero, range = zero;
    if (isInteger<TRAILS>()) {
      peak = v128.load(e, PEAK);
      range = v128.load(e, RANGE);
    }
    const open = planeAt<LONE>(bar.open + n), next = planeAt<LONE>(bar.nextOpen + n);
    const units = f64x2.div(amount, isInteger<LONE>() ? both(1) : next);
    const after = f64x2.mul(units, open);
    if (isInteger<TRADED>()) {
      const before = v128.load(e, BEFORE);
      const held = isInteger<LONE>() ? f64x2.mul(before, open) : before;
      const d = f64x2.sub(after, held);
      const ratio = f64x2.div(after, held);
      const slip = isInteger<COSTS>() ? v128.load(r, 16) : slippage;
      basis = basisAfter(basis, held, d, f64x2.abs(d), after, ratio, slip);
      v128.store(e, basis, BASIS);
      if (isInteger<TRAILS>()) {
        const opened = f64x2.le(f64x2.mul(held, after), zero);
        peak = pick(opened, basis, f64x2.mul(peak, ratio));
        range = f64x2.mul(range, ratio);
        if (v128.any_true(opened))
          range = pick(opened, f64x2.mul(f64x2.abs(units), distanceAt<LONE>(bar.atrA, bar.atrB, exits, n)), range);
      }
    }
    const low = f64x2.mul(units, planeAt<LONE>(bar.low + n)), high = f64x2.mul(units, planeAt<LONE>(bar.high + n));
    const ahead = f64x2.mul(units, next);
    if (isInteger<TRAILS>()) range = armed<LONE>(bar, exits, e, n, units, range);
    const past = meet<LONE, COSTS, TRAILS>(
      bar, exits, p, e, r, n, basis, peak, range, f64x2.pmin(low, high), f64x2.pmax(low, high), ahead, near, take, trail,
    );
    gapped = v128.or(gapped, v128.and(past, f64x2.ne(amount, zero)));
    e += EXITS_BYTES;
    n += stride<LONE>();
    if (isInteger<COSTS>()) r += RATES;
  }
  exits.gapped = v128.or(gapped, exits.arming);
}

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

/** The ATR stop of lanes without one, as known after this bar; it counts from the next open on, where there is one. */
@inline
function armed<LONE>(bar: Bar, exits: ExitTerms, e: usize, n: usize, units: v128, range: v128): v128 {
  if (bar.nextAtrA + bar.nextAtrB != 0) {
    let unarmed = v128.andnot(f64x2.ne(units, both(0)), f64x2.gt(range, both(0)));
    if (bar.nextGap != 0) unarmed = v128.and(unarmed, f64x2.eq(planeAt<LONE>(bar.nextGap + n), both(0)));
    if (v128.any_true(unarmed)) {
      const later = f64x2.mul(f64x2.abs(units), distanceAt<LONE>(bar.nextAtrA, bar.nextAtrB, exits, n));
      v128.store(e, pick(unarmed, later, range), RANGE);
      exits.arming = v128.or(exits.arming, unarmed);
      return pick(unarmed, v128.or(range, unarmed), range);
    }
  }
  v128.store(e, range, RANGE);
  return range;
}

/** Distance of the ATR stop by the planes of two configs, or of one; NaN where there is none above 0. */
@inline
function distanceAt<LONE>(planeA: usize, planeB: usize, exits: ExitTerms, n: usize): v128 {
  let range = both(NONE);
  if (isInteger<LONE>()) {
    if (planeA != 0) range = v128.load(planeA + n);
  } else {
    if (planeA != 0) range = f64x2.replace_lane(range, 0, load<f64>(planeA + n));
    if (planeB != 0) range = f64x2.replace_lane(range, 1, load<f64>(planeB + n));
  }
  const distance = f64x2.mul(exits.atrMultiple, range);
  return v128.or(distance, v128.not(f64x2.gt(distance, both(0))));
}

/** Decides the lanes a pass has found; `peak` and `range` as they were before the bar. */
function exitLanes<LONE, COSTS>(
  bar: Bar, exits: ExitTerms, p: usize, e: usize, r: usize, n: usize, hit: v128, peak: v128, range: v128,
): void {
  const lanes = i64x2.bitmask(hit);
  if ((lanes & 1) != 0)
    exitLane<LONE, COSTS>(bar, exits, p, e, r, n, 0, f64x2.extract_lane(peak, 0), f64x2.extract_lane(range, 0));
  if ((lanes & 2) != 0)
    exitLane<LONE, COSTS>(bar, exits, p, e, r, n, 8, f64x2.extract_lane(peak, 1), f64x2.extract_lane(range, 1));
}

/** Ends the position of one lane where its bar says so. */
function exitLane<LONE, COSTS>(
  bar: Bar, exits: ExitTerms, p: usize, e: usize, r: usize, n: usize, at: usize, peak: f64, range: f64,
): void {
  const amount = load<f64>(p + at);
  if (amount == 0) return;
  const offset = n + (isInteger<LONE>() ? at : 0);
  if (bar.gap != 0 && load<f64>(bar.gap + offset) != 0) return;
  const side: f64 = amount > 0 ? 1 : -1;
  const open = load<f64>(bar.open + offset);
  const units = isInteger<LONE>() ? amount : amount / load<f64>(bar.nextOpen + offset);
  const basis = load<f64>(e + at, BASIS);
  const entry = basis / units;
  const worst = side > 0 ? load<f64>(bar.low + offset) : load<f64>(bar.high + offset);
  const best = side > 0 ? load<f64>(bar.high + offset) : load<f64>(bar.low + offset);
  const stop = levelOf(exits, at, side, entry, peak / units, range / abs(units));
  const liquidation = exits.liquidation(at, side, entry);
  const take = exits.take(at, side, entry);
  const band = BAND * entry;
  const liquidated = side * (liquidation - stop) > 0;
  const adverse = liquidated ? liquidation : stop;
  if (abs(worst - adverse) <= band || (abs(liquidation - stop) <= band && abs(stop) < Infinity)) return exits.giveUp(at);
  const stopped = side * (worst - adverse) <= 0;
  if (!stopped && abs(best - take) <= band) return exits.giveUp(at);
  if (!stopped && side * (best - take) < 0) return;
  const price = stopped ? side * min(side * open, side * adverse) : side * max(side * open, side * take);
  exits.drop(at, units * load<f64>(bar.mark + offset), units * load<f64>(bar.nextOpen + offset));
  leave<COSTS>(exits, at, units, price, basis, stopped && liquidated, r);
  store<f64>(p + at, 0);
  store<f64>(e + at, side, STOPPED);
}

/** Sells or buys back a whole position at a price; `basis` is what it cost. */
@inline
function leave<COSTS>(
  exits: ExitTerms, at: usize, units: f64, price: f64, basis: f64, liquidated: bool, r: usize,
): void {
  const worth = units * price;
  if (liquidated) {
    const forfeited = exits.margin(at) * abs(basis) + worth - basis;
    exits.pay(at, forfeited - worth, 0, 0, abs(worth));
    exits.lose(at, forfeited);
    return;
  }
  const slip = isInteger<COSTS>() ? load<f64>(r + at, 16) : load<f64>(exits.slippageAt(at));
  const fee = isInteger<COSTS>() ? load<f64>(r + at) : load<f64>(exits.feeAt(at));
  const filled = abs(worth) - slip * worth;
  const fees = fee * filled, lost = slip * abs(worth);
  exits.pay(at, fees + lost - worth, fees, lost, filled);
}
