/** Addresses of one bar, which every pass over it reads. */
import { Sums } from "./lanes";

@unmanaged
export class Bar {
  /** Rows of weights of the two configs of a pair; of a lone one, both the same. */
  weightsA: usize;
  weightsB: usize;
  /** NaN masks of lanes without an asset, 0 elsewhere; one per vector of a lone config. */
  tail: usize;
  /** Rows of a pair's growth, or of a lone config's opens, marks and next opens. */
  growth: usize;
  open: usize;
  mark: usize;
  nextOpen: usize;
  /** 0 = every asset has an open. */
  gap: usize;
  fraction: usize;
  /** Numbers of the plans that open; read in runs with a gate. */
  opening: usize;
  /** First and last byte of the hot lanes; the cold ones. */
  hot: usize;
  end: usize;
  cold: usize;
  /** Rates per vector of lanes, where they differ between assets. */
  rates: usize;
  sums: Sums;
  /** First byte of the exits' lanes; rows of prices, of what they and the next open reach, of ATR as known before this
   *  bar and after it; 0 = none. */
  exits: usize;
  high: usize;
  low: usize;
  reach: usize;
  atrA: usize;
  atrB: usize;
  nextAtrA: usize;
  nextAtrB: usize;
  /** As gap, of the next bar. */
  nextGap: usize;
  /** 1, the sign bit and all but the sign bit; read from here because the compiler builds a constant anew in every turn
   *  of a loop. */
  one: v128;
  sign: v128;
  unsigned: v128;
}
