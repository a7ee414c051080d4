/** Stops, take profits and liquidations over a bar's lanes; the rules are those of ../../protect.ts. A pass tells by
 *  vectors where an exit may be, a band around every level makes sure of that; those lanes, which are few, go to
 *  exit-lanes.ts. */
import { Bar } from "./bar";
import { BASIS, BEFORE, EXITS_BYTES, exitLanes, PEAK, RANGE, STOPPED } from "./exit-lanes";
import { NONE } from "./exit-levels";
import { BAND, ExitTerms } from "./exit-terms";
import { both, COLD, DECISION, HOT, Off, PENDING, pick, planeAt, RATES, stride } from "./lanes";
import { decisionAt } from "./other-passes";

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

/** What a position has cost after a trade of d that leaves `after`, both at the open; `held` before it. */
@inline
export function basisAfter(basis: v128, held: v128, d: v128, size: v128, after: v128, ratio: v128, slip: v128): v128 {
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
export function meet<LONE, COSTS, TRAILS>(
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

/** The ATR stop of lanes without one, as known after this bar; it counts from the next open on, where there is one. */
@inline
export function armed<LONE>(bar: Bar, exits: ExitTerms, e: usize, n: usize, units: v128, range: v128): v128 {
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
export function distanceAt<LONE>(planeA: usize, planeB: usize, exits: ExitTerms, n: usize): v128 {
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
