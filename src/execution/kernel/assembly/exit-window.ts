/** Between which prices no exit of a lane can be. A pass compares a bar with that window; where the bar leaves it, the
 *  levels themselves are looked at, and a window around what is left of the position is set anew.
 *
 *  Prices are taken with the sign of the position here, so that adverse is down and no lane has to know its side. */
import { Bar } from "./bar";
import {
  BEST, DROP, ENTRY, exitLanes, HIGHEST, LOWEST, RANGE, RISE,
} from "./exit-lanes";
import { NONE } from "./exit-levels";
import { BAND, ExitTerms } from "./exit-terms";
import { both, pick, planeAt } from "./lanes";

/** A window is no wider than this share of the price on either side, */
const REACH: f64 = 0.25;
/** and narrower than what it is derived from by this share of the price, for rounding. */
const MARGIN: f64 = 1e-11;

/**
 * True for lanes whose bar, next open included, has left the window; notes what the bar reached where all are inside.
 *
 * @param doubtful mask of lanes to look at in any case
 */
@inline
export function leavesWindow<LONE>(e: usize, n: usize, highs: usize, lows: usize, ahead: usize, doubtful: v128): bool {
  const high = planeAt<LONE>(highs + n), low = planeAt<LONE>(lows + n);
  let top: v128, bottom: v128;
  if (isInteger<LONE>()) {
    const next = v128.load(ahead + n);
    top = f64x2.pmax(high, next);
    bottom = f64x2.pmin(low, next);
  } else {
    top = v128.load64_splat(ahead + (n << 1));
    bottom = v128.load64_splat(ahead + (n << 1), 8);
  }
  const highest = f64x2.pmax(v128.load(e, HIGHEST), high), lowest = f64x2.pmin(v128.load(e, LOWEST), low);
  const below = f64x2.le(bottom, f64x2.sub(highest, v128.load(e, DROP)));
  const above = f64x2.ge(top, f64x2.add(lowest, v128.load(e, RISE)));
  if (v128.any_true(v128.or(v128.or(below, above), doubtful))) return true;
  v128.store(e, highest, HIGHEST);
  v128.store(e, lowest, LOWEST);
  return false;
}

/**
 * Makes the exits of one vector that its bar meets, lets best prices follow, says which lanes the next open takes past a
 * level, and sets the window.
 *
 * @param held, after what was held before and after the bar's trade, at the open; `fill` what a purchase cost per unit
 */
export function settle<LONE, COSTS>(
  bar: Bar, exits: ExitTerms, p: usize, e: usize, r: usize, n: usize, held: v128, after: v128, fill: v128,
): void {
  const zero = both(0), sign = v128.and(after, bar.sign), short = f64x2.lt(after, zero);
  let empty = f64x2.eq(after, zero);
  let entry = v128.load(e, ENTRY), range = v128.load(e, RANGE);
  let best = bestOf(e, short);
  const opened = v128.andnot(f64x2.le(f64x2.mul(held, after), zero), empty);
  if (v128.any_true(opened)) {
    entry = pick(opened, fill, entry);
    best = pick(opened, fill, best);
    range = pick(opened, distanceAt<LONE>(bar.atrA, bar.atrB, exits, n), range);
    v128.store(e, entry, ENTRY);
  }
  const high = planeAt<LONE>(bar.high + n), low = planeAt<LONE>(bar.low + n);
  const signedHigh = v128.xor(high, sign), signedLow = v128.xor(low, sign);
  const paid = v128.xor(entry, sign);
  const least = f64x2.sub(paid, f64x2.mul(entry, exits.near)), most = f64x2.add(paid, f64x2.mul(entry, exits.takeAt));
  const floor = lowestLevel(exits, least, paid, entry, range, v128.xor(best, sign), best);
  const met = v128.or(f64x2.le(f64x2.pmin(signedLow, signedHigh), floor), f64x2.ge(f64x2.pmax(signedLow, signedHigh), most));
  const hit = v128.andnot(met, empty);
  if (v128.any_true(hit)) {
    exitLanes<LONE, COSTS>(bar, exits, p, e, r, n, hit, best, range);
    empty = f64x2.eq(v128.load(p), zero);
  }
  best = pick(short, f64x2.pmin(best, low), f64x2.pmax(best, high));
  v128.store(e, best, BEST);
  let unarmed = zero;
  if (bar.nextAtrA + bar.nextAtrB != 0) {
    range = armed<LONE>(bar, exits, n, range);
    unarmed = v128.andnot(f64x2.lt(exits.atrMultiple, both(Infinity)), f64x2.gt(range, zero));
  }
  v128.store(e, range, RANGE);
  const next = planeAt<LONE>(bar.nextOpen + n), ahead = v128.xor(next, sign), signedBest = v128.xor(best, sign);
  const nextFloor = lowestLevel(exits, least, paid, entry, range, signedBest, best);
  const past = v128.or(f64x2.le(ahead, nextFloor), f64x2.ge(ahead, most));
  exits.gapped = v128.or(exits.gapped, v128.andnot(past, empty));
  exits.settled = 1;

  // as a window opens on what is held now, so it has to hold for what further purchases make of it: their prices are
  // inside, and the entry price stays between what it is and theirs
  const margin = f64x2.mul(next, both(MARGIN)), width = f64x2.mul(next, both(REACH));
  const slip = isInteger<COSTS>() ? v128.load(r, 16) : exits.slippage;
  const floorNow = f64x2.add(f64x2.pmax(f64x2.sub(ahead, width), nextFloor), margin);
  const ceiling = f64x2.sub(f64x2.pmin(f64x2.add(ahead, width), most), margin);
  const lowestPrice = f64x2.sub(next, width);
  const near = f64x2.sub(f64x2.mul(exits.near, f64x2.sub(both(1), slip)), slip);
  let drop = f64x2.mul(lowestPrice, f64x2.pmin(exits.trailAt, near));
  drop = f64x2.pmin(drop, f64x2.sub(signedBest, floorNow));
  drop = f64x2.pmin(drop, f64x2.sub(range, f64x2.mul(f64x2.add(next, next), slip)));
  drop = pick(unarmed, both(-Infinity), f64x2.sub(drop, margin));
  const rise = f64x2.sub(f64x2.pmin(f64x2.mul(lowestPrice, exits.takeAt), next), margin);
  const up = f64x2.pmin(f64x2.add(floorNow, drop), signedBest), down = f64x2.sub(ceiling, rise);
  v128.store(e, pick(short, v128.xor(down, sign), up), HIGHEST);
  v128.store(e, pick(short, v128.xor(up, sign), down), LOWEST);
  v128.store(e, pick(empty, both(Infinity), pick(short, rise, drop)), DROP);
  v128.store(e, pick(empty, both(Infinity), pick(short, drop, rise)), RISE);
}

/** The best price since the entry. */
@inline
function bestOf(e: usize, short: v128): v128 {
  const best = v128.load(e, BEST);
  return pick(short, f64x2.pmin(best, v128.load(e, LOWEST)), f64x2.pmax(best, v128.load(e, HIGHEST)));
}

/** The adverse level the price meets first, the band around it included; no range sets no level. */
@inline
function lowestLevel(
  exits: ExitTerms, least: v128, paid: v128, entry: v128, range: v128, signedBest: v128, best: v128,
): v128 {
  const ranged = f64x2.add(f64x2.sub(paid, range), f64x2.mul(entry, both(BAND)));
  return f64x2.pmax(f64x2.pmax(least, ranged), f64x2.sub(signedBest, f64x2.mul(best, exits.trailAt)));
}

/** Gives ATR stops to lanes without one, as known after this bar; they count from the next open on, where there is one. */
@inline
function armed<LONE>(bar: Bar, exits: ExitTerms, n: usize, range: v128): v128 {
  let unarmed = v128.not(f64x2.gt(range, both(0)));
  if (bar.nextGap != 0) unarmed = v128.and(unarmed, f64x2.eq(planeAt<LONE>(bar.nextGap + n), both(0)));
  return pick(unarmed, distanceAt<LONE>(bar.nextAtrA, bar.nextAtrB, exits, n), range);
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
