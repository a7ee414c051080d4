/** One lane's exits, decided with the reference's own arithmetic (../../protect.ts); where price and level agree to within
 *  a band, rounding could decide and the exact path has to. */
import { Bar } from "./bar";
import { levelOf, NONE } from "./exit-levels";
import { BAND, ExitTerms } from "./exit-terms";
import { COLD, DECISION, HOT, RATES, stride } from "./lanes";

/** Bytes of a vector's exits. What every bar reads: entry price; highest and lowest price since its levels were looked
 *  at, and how far below the one, above the other no level can be; the sign that was stopped. What only a look at the
 *  levels reads: best price up to then, distance of the ATR stop, held before the trade. */
export const EXITS_BYTES: usize = 144;
export const ENTRY: usize = 0;
export const HIGHEST: usize = 16;
export const DROP: usize = 32;
export const LOWEST: usize = 48;
export const RISE: usize = 64;
export const STOPPED: usize = 80;
export const BEST: usize = 96;
export const RANGE: usize = 112;
export const BEFORE: usize = 128;

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
      const entry = load<f64>(e + at, ENTRY);
      const best = side > 0
        ? max(load<f64>(e + at, BEST), load<f64>(e + at, HIGHEST))
        : min(load<f64>(e + at, BEST), load<f64>(e + at, LOWEST));
      const stop = levelOf(exits, at, side, entry, best, load<f64>(e + at, RANGE));
      const liquidation = exits.liquidation(at, side, entry);
      const take = exits.take(at, side, entry);
      const band = BAND * entry;
      if (abs(open - liquidation) <= band || abs(open - stop) <= band || abs(open - take) <= band) {
        exits.giveUp(at);
        continue;
      }
      const liquidated = side * (open - liquidation) <= 0;
      if (!liquidated && side * (open - stop) > 0 && side * (open - take) < 0) continue;
      leave<COSTS>(exits, at, units, open, entry, liquidated, r);
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

/** Decides the lanes a pass has found; `best` and `range` as they were before the bar. */
export function exitLanes<LONE, COSTS>(
  bar: Bar, exits: ExitTerms, p: usize, e: usize, r: usize, n: usize, hit: v128, best: v128, range: v128,
): void {
  const lanes = i64x2.bitmask(hit);
  if ((lanes & 1) != 0)
    exitLane<LONE, COSTS>(bar, exits, p, e, r, n, 0, f64x2.extract_lane(best, 0), f64x2.extract_lane(range, 0));
  if ((lanes & 2) != 0)
    exitLane<LONE, COSTS>(bar, exits, p, e, r, n, 8, f64x2.extract_lane(best, 1), f64x2.extract_lane(range, 1));
}

/** Ends the position of one lane where its bar says so. */
function exitLane<LONE, COSTS>(
  bar: Bar, exits: ExitTerms, p: usize, e: usize, r: usize, n: usize, at: usize, best: f64, range: f64,
): void {
  const amount = load<f64>(p + at);
  if (amount == 0) return;
  const offset = n + (isInteger<LONE>() ? at : 0);
  if (bar.gap != 0 && load<f64>(bar.gap + offset) != 0) return;
  const side: f64 = amount > 0 ? 1 : -1;
  const open = load<f64>(bar.open + offset);
  const units = isInteger<LONE>() ? amount : amount / load<f64>(bar.nextOpen + offset);
  const entry = load<f64>(e + at, ENTRY);
  const worst = side > 0 ? load<f64>(bar.low + offset) : load<f64>(bar.high + offset);
  const most = side > 0 ? load<f64>(bar.high + offset) : load<f64>(bar.low + offset);
  const stop = levelOf(exits, at, side, entry, best, range);
  const liquidation = exits.liquidation(at, side, entry);
  const take = exits.take(at, side, entry);
  const band = BAND * entry;
  const liquidated = side * (liquidation - stop) > 0;
  const adverse = liquidated ? liquidation : stop;
  if (abs(worst - adverse) <= band || (abs(liquidation - stop) <= band && abs(stop) < Infinity)) return exits.giveUp(at);
  const stopped = side * (worst - adverse) <= 0;
  if (!stopped && abs(most - take) <= band) return exits.giveUp(at);
  if (!stopped && side * (most - take) < 0) return;
  const price = stopped ? side * min(side * open, side * adverse) : side * max(side * open, side * take);
  exits.drop(at, units * load<f64>(bar.mark + offset), units * load<f64>(bar.nextOpen + offset));
  leave<COSTS>(exits, at, units, price, entry, stopped && liquidated, r);
  store<f64>(p + at, 0);
  store<f64>(e + at, side, STOPPED);
}

/** Sells or buys back a whole position at a price. */
@inline
function leave<COSTS>(
  exits: ExitTerms, at: usize, units: f64, price: f64, entry: f64, liquidated: bool, r: usize,
): void {
  const worth = units * price;
  if (liquidated) {
    const basis = units * entry;
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
