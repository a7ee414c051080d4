/** The average price of a position's purchases, as ../../position-entry.ts follows it. */
import { Bar } from "./bar";
import { both } from "./lanes";

/** What a unit costs that is bought for a position of this sign: more for a long, less for a short. */
@inline
export function fillOf(bar: Bar, open: v128, after: v128, slip: v128): v128 {
  return f64x2.mul(open, f64x2.add(bar.one, v128.xor(slip, v128.and(after, bar.sign))));
}

/** The entry price after a trade; `bought` is the share of what is held that the trade bought, <= 0 where it sold. */
@inline
export function entryAfter(entry: v128, bought: v128, fill: v128): v128 {
  return f64x2.add(entry, f64x2.mul(f64x2.pmax(both(0), bought), f64x2.sub(fill, entry)));
}
