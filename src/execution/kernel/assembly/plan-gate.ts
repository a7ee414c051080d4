/** Plans that are weighed as they open; the rules are those of gatePlans in ../../decisions.ts. */
import { Bar } from "./bar";
import { both, COLD, DECISION, DROPPED, fold, HOT, Off, PENDING, pick, planeAt, stride, TIE } from "./lanes";
import { decisionAt } from "./other-passes";
import { valueHeld } from "./trade-passes";

/** Opening of a decision that no gate holds back, as in ../../../core/contracts.ts. */
const OUTSIDE_PLANS: f64 = 255;

/**
 * Weighs the plans 1..plans that open with the bar's decisions and drops what belongs to plans that were dropped.
 *
 * @returns a mask of the configs of which rounding could decide the verdict
 */
export function gatePlans<LONE>(bar: Bar, plans: i32, summed: bool, threshold: f64, value: v128): v128 {
  const zero = both(0);
  let unsure = zero;
  for (let plan = 1; plan <= plans; plan++) {
    const drift = driftOf<LONE>(bar, both(<f64>plan), summed, value);
    const dropped = v128.not(f64x2.ge(drift, both(threshold)));
    unsure = v128.or(unsure, f64x2.le(f64x2.abs(f64x2.sub(drift, both(threshold))), both(TIE)));
    let q = bar.cold, opening = bar.opening;
    for (let p = bar.hot; p < bar.end; p += HOT) {
      const own = f64x2.eq(planeAt<LONE>(opening), both(<f64>plan));
      v128.store(q, pick(own, dropped, v128.load(q, DROPPED)), DROPPED);
      opening += stride<LONE>();
      q += COLD;
    }
  }
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, opening = bar.opening, q = bar.cold;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    const w = decisionAt<LONE, Off>(a, b, tail, 0);
    const dropped = v128.andnot(v128.load(q, DROPPED), f64x2.eq(planeAt<LONE>(opening), both(OUTSIDE_PLANS)));
    v128.store(q, dropped, DROPPED);
    const gone = v128.and(f64x2.eq(w, w), dropped);
    v128.store(q, v128.or(v128.load(q, DECISION), gone), DECISION);
    v128.store(q, v128.or(v128.load(q, PENDING), gone), PENDING);
    a += stride<LONE>();
    b += stride<LONE>();
    tail += 16;
    opening += stride<LONE>();
    q += COLD;
  }
  return unsure;
}

/** Largest |target - held weight| over the decided assets of the plan, or their sum. */
@inline
function driftOf<LONE>(bar: Bar, plan: v128, summed: bool, value: v128): v128 {
  let sum = both(0), largest = both(0);
  let a = bar.weightsA, b = bar.weightsB, tail = bar.tail, opening = bar.opening, o = bar.open;
  for (let p = bar.hot; p < bar.end; p += HOT) {
    const w = decisionAt<LONE, Off>(a, b, tail, 0);
    const counted = v128.and(f64x2.eq(w, w), f64x2.eq(planeAt<LONE>(opening), plan));
    const held = f64x2.div(valueHeld<LONE>(v128.load(p), o), value);
    const distance = v128.and(f64x2.abs(f64x2.sub(w, held)), counted);
    sum = f64x2.add(sum, distance);
    largest = f64x2.pmax(largest, distance);
    a += stride<LONE>();
    b += stride<LONE>();
    tail += 16;
    opening += stride<LONE>();
    if (isInteger<LONE>()) o += 16;
  }
  if (summed) return fold<LONE>(sum);
  return isInteger<LONE>() ? f64x2.pmax(largest, v128.shuffle<f64>(largest, largest, 1, 0)) : largest;
}
