/** Stops, take profits and liquidations in the kernel; the rules are those of ../../protect.ts.
 *  A pass over a bar's lanes tells by vectors where an exit may be: a band around every level makes sure of that. Such
 *  lanes, which are few, are decided one by one with the reference's own arithmetic; where price and level agree to
 *  within the band, rounding could decide and the exact path has to. */
import { Bar } from "./bar";
import { levelOf, NONE } from "./exit-levels";
import { ExitTerms } from "./exit-terms";
import { both, COLD, DECISION, HOT, Off, PENDING, pick, planeAt, RATES, stride } from "./lanes";
import { decisionAt } from "./other-passes";

/** Bytes of a vector's exits: held before the trade, entry price, best price, ATR distance, sign that was stopped. */
export const EXITS_BYTES: usize = 80;
export const BEFORE: usize = 0;
export const ENTRY: usize = 16;
export const BEST: usize = 32;
export const DISTANCE: usize = 48;
export const STOPPED: usize = 64;

/** Half the width of the band, as a share of the entry price. */
const BAND: f64 = 1e-12;

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
  const lanes: usize = 2;
  let q = bar.cold, e = bar.exits, r = bar.rates, n: usize = 0;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    for (let lane: usize = 0; lane < lanes; lane++) {
      const at = lane << 3;
      const amount = load<f64>(p + at);
      if (amount == 0) continue;
      const offset = n + (isInteger<LONE>() ? at : 0);
      if (bar.gap != 0 && load<f64>(bar.gap + offset) != 0) continue;
      const side: f64 = amount > 0 ? 1 : -1;
      const open = load<f64>(bar.open + offset);
      const entry = load<f64>(e + at, ENTRY);
      const stop = levelOf(exits, at, side, entry, load<f64>(e + at, BEST), load<f64>(e + at, DISTANCE));
      const liquidation = exits.liquidation(at, side, entry);
      const take = exits.take(at, side, entry);
      const band = BAND * entry;
      if (abs(open - liquidation) <= band || abs(open - stop) <= band || abs(open - take) <= band) {
        exits.giveUp(at);
        continue;
      }
      const liquidated = side * (open - liquidation) <= 0;
      if (!liquidated && side * (open - stop) > 0 && side * (open - take) < 0) continue;
      leave<LONE, COSTS>(exits, at, amount, open, open, entry, liquidated, r);
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

/**
 * After the bar's trades: follows entries, makes the exits the bar meets, lets best prices follow and tells whether the
 * next open is past a level. TRAILS: some config has a trailing or ATR stop; what they need is left alone without one.
 */
export function exitInBar<LONE, COSTS, TRADED, TRAILS>(bar: Bar, exits: ExitTerms, slippage: v128): void {
  const zero = both(0), sign = both(-0.0), wide = both(BAND), one = both(1);
  const nearLong = exits.nearLong, nearShort = exits.nearShort;
  const takeLong = exits.takeLong, takeShort = exits.takeShort;
  const trailLong = exits.trailLong, trailShort = exits.trailShort;
  const ranges = bar.nextAtrA + bar.nextAtrB != 0;
  const gaps = bar.gap != 0;
  let e = bar.exits, r = bar.rates;
  let o = bar.open, h = bar.high, l = bar.low, x = bar.nextOpen, g = bar.growth, n: usize = 0;
  let gapped = exits.gapped;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    let amount = v128.load(p);
    let entry = v128.load(e, ENTRY);
    let best = zero, distance = zero;
    if (isInteger<TRAILS>()) {
      best = v128.load(e, BEST);
      distance = v128.load(e, DISTANCE);
    }
    if (isInteger<TRADED>()) {
      let before = v128.load(e, BEFORE);
      if (!isInteger<LONE>()) before = f64x2.mul(before, v128.load64_splat(g, 8));
      const d = f64x2.sub(amount, before);
      const slip = isInteger<COSTS>() ? v128.load(r, 16) : slippage;
      const fill = f64x2.mul(planeAt<LONE>(o), f64x2.add(one, v128.xor(slip, v128.and(d, sign))));
      const opened = f64x2.le(f64x2.mul(before, amount), zero);
      const larger = f64x2.gt(f64x2.abs(amount), f64x2.abs(before));
      const average = f64x2.div(f64x2.add(f64x2.mul(before, entry), f64x2.mul(d, fill)), amount);
      entry = pick(opened, fill, pick(larger, average, entry));
      v128.store(e, entry, ENTRY);
      if (isInteger<TRAILS>() && v128.any_true(opened)) {
        best = pick(opened, fill, best);
        distance = pick(opened, distanceAt<LONE>(bar.atrA, bar.atrB, exits, n), distance);
      }
    }
    let held = f64x2.ne(amount, zero);
    const long = f64x2.gt(amount, zero);
    const flip = v128.andnot(sign, long);
    const high = planeAt<LONE>(h), low = planeAt<LONE>(l);
    const worst = v128.xor(pick(long, low, high), flip), mostly = v128.xor(pick(long, high, low), flip);
    const band = f64x2.mul(entry, wide);
    const take = f64x2.sub(v128.xor(f64x2.mul(entry, pick(long, takeLong, takeShort)), flip), band);
    let near = f64x2.add(v128.xor(f64x2.mul(entry, pick(long, nearLong, nearShort)), flip), band);
    let adverse = near;
    let trail = zero;
    if (isInteger<TRAILS>()) {
      trail = pick(long, trailLong, trailShort);
      near = f64x2.pmax(near, f64x2.add(f64x2.sub(v128.xor(entry, flip), distance), band));
      adverse = f64x2.pmax(near, f64x2.add(v128.xor(f64x2.mul(best, trail), flip), band));
    }
    let hit = v128.and(v128.or(f64x2.le(worst, adverse), f64x2.ge(mostly, take)), held);
    if (gaps) hit = v128.and(hit, f64x2.eq(planeAt<LONE>(bar.gap + n), zero));
    if (v128.any_true(hit)) {
      if (isInteger<TRAILS>()) {
        v128.store(e, best, BEST);
        v128.store(e, distance, DISTANCE);
      }
      const lanes = i64x2.bitmask(hit);
      for (let lane: usize = 0; lane < 2; lane++)
        if (((lanes >> <i32>lane) & 1) != 0) exitLane<LONE, COSTS>(bar, exits, p, e, r, n, lane << 3);
      amount = v128.load(p);
      held = f64x2.ne(amount, zero);
    }
    if (isInteger<TRAILS>()) {
      const followed = f64x2.pmax(v128.xor(best, flip), mostly);
      v128.store(e, v128.xor(followed, flip), BEST);
      if (ranges) {
        let unarmed = v128.andnot(held, f64x2.gt(distance, zero));
        if (bar.nextGap != 0) unarmed = v128.and(unarmed, f64x2.eq(planeAt<LONE>(bar.nextGap + n), zero));
        if (v128.any_true(unarmed)) {
          distance = pick(unarmed, distanceAt<LONE>(bar.nextAtrA, bar.nextAtrB, exits, n), distance);
          near = f64x2.pmax(near, f64x2.add(f64x2.sub(v128.xor(entry, flip), distance), band));
        }
      }
      v128.store(e, distance, DISTANCE);
      adverse = f64x2.pmax(near, f64x2.add(f64x2.mul(followed, trail), band));
    }
    const ahead = v128.xor(planeAt<LONE>(x), flip);
    gapped = v128.or(gapped, v128.and(v128.or(f64x2.le(ahead, adverse), f64x2.ge(ahead, take)), held));
    e += EXITS_BYTES;
    n += stride<LONE>();
    o += stride<LONE>();
    h += stride<LONE>();
    l += stride<LONE>();
    x += stride<LONE>();
    if (!isInteger<LONE>()) g += 16;
    if (isInteger<COSTS>()) r += RATES;
  }
  exits.gapped = gapped;
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

/** Ends the position of one lane where its bar says so. */
function exitLane<LONE, COSTS>(bar: Bar, exits: ExitTerms, p: usize, e: usize, r: usize, n: usize, at: usize): void {
  const amount = load<f64>(p + at);
  const offset = n + (isInteger<LONE>() ? at : 0);
  const side: f64 = amount > 0 ? 1 : -1;
  const open = load<f64>(bar.open + offset);
  const entry = load<f64>(e + at, ENTRY);
  const worst = side > 0 ? load<f64>(bar.low + offset) : load<f64>(bar.high + offset);
  const best = side > 0 ? load<f64>(bar.high + offset) : load<f64>(bar.low + offset);
  const stop = levelOf(exits, at, side, entry, load<f64>(e + at, BEST), load<f64>(e + at, DISTANCE));
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
  let held = amount;
  if (isInteger<LONE>())
    exits.drop(at, amount * load<f64>(bar.mark + offset), amount * load<f64>(bar.nextOpen + offset));
  else {
    const g = bar.growth + (n << 1);
    held = amount / load<f64>(g, 8);
    exits.drop(at, held * load<f64>(g), amount);
  }
  leave<LONE, COSTS>(exits, at, held, open, price, entry, stopped && liquidated, r);
  store<f64>(p + at, 0);
  store<f64>(e + at, side, STOPPED);
}

/**
 * Sells or buys back a whole position.
 *
 * @param amount as held at the open: its value (pair), its units (lone)
 */
@inline
function leave<LONE, COSTS>(
  exits: ExitTerms, at: usize, amount: f64, open: f64, price: f64, entry: f64, liquidated: bool, r: usize,
): void {
  const units = isInteger<LONE>() ? amount : amount / open;
  const worth = units * price;
  if (liquidated) {
    const forfeited = exits.margin(at) * abs(units) * entry + units * (price - entry);
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
