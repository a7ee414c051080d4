/** Stops, take profits and liquidations over a bar's lanes; the rules are those of ../../protect.ts. A pass tells by
 *  vectors where an exit may be (exit-window.ts); lanes where one is, which are few, go to exit-lanes.ts. */
import { Bar } from "./bar";
import { entryAfter, fillOf } from "./entry-price";
import { BEFORE, ENTRY, EXITS_BYTES, STOPPED } from "./exit-lanes";
import { ExitTerms } from "./exit-terms";
import { leavesWindow, settle } from "./exit-window";
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

/**
 * After the bar's trades, however they were made.
 *
 * TRADED: something may have been. @param always levels are looked at whatever the bar did
 */
export function exitInBar<LONE, COSTS, TRADED>(bar: Bar, exits: ExitTerms, always: bool): void {
  const zero = both(0), doubtful = always ? i64x2.splat(-1) : zero;
  const ahead = isInteger<LONE>() ? bar.nextOpen : bar.reach;
  let e = bar.exits, r = bar.rates, n: usize = 0, g = bar.growth;
  const end = bar.end;
  for (let p = bar.hot; p < end; p += HOT) {
    const amount = v128.load(p), open = planeAt<LONE>(bar.open + n);
    const after = isInteger<LONE>() ? f64x2.mul(amount, open) : f64x2.div(amount, v128.load64_splat(g, 8));
    let held = after, fill = zero, unsure = doubtful;
    if (isInteger<TRADED>()) {
      const before = v128.load(e, BEFORE);
      held = isInteger<LONE>() ? f64x2.mul(before, open) : before;
      const bought = f64x2.div(f64x2.sub(after, held), after);
      fill = fillOf(bar, open, after, isInteger<COSTS>() ? v128.load(r, 16) : exits.slippage);
      v128.store(e, entryAfter(v128.load(e, ENTRY), bought, fill), ENTRY);
      unsure = v128.or(doubtful, f64x2.ge(bought, bar.one));
    }
    if (leavesWindow<LONE>(e, n, bar.high, bar.low, ahead, unsure))
      settle<LONE, COSTS>(bar, exits, p, e, r, n, held, after, fill);
    e += EXITS_BYTES;
    n += stride<LONE>();
    g += 16;
    if (isInteger<COSTS>()) r += RATES;
  }
}
