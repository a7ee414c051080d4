/** Two f64 lanes: two configs at one asset (pair), or two assets of one config (lone).
 *  Features are type parameters, On or Off, so that every variant is compiled without those it lacks. */

export type On = i32;
export type Off = f64;

/** Bytes of a vector of lanes and where its fields are: what is held, the weight traded (NaN = none), held before. */
export const HOT: usize = 48;
export const TRADED: usize = 16;
export const BACKUP: usize = 32;
/** The same for what few bars need: target that waits, its fraction, slicing mask; this bar's decision and fraction; mask
 *  of plans that were dropped. */
export const COLD: usize = 96;
export const PENDING: usize = 0;
export const PENDING_FRACTION: usize = 16;
export const SLICING: usize = 32;
export const DECISION: usize = 48;
export const FRACTION: usize = 64;
export const DROPPED: usize = 80;
/** Bytes of a vector's rates: fee, slippage, their sum, their product. */
export const RATES: usize = 64;

/** A comparison this close to the threshold, as a share of the value, could be rounding. */
export const TIE: f64 = 4e-12;

/** Sums of a pass over one bar, per config. */
@unmanaged
export class Sums {
  /** Raw notional traded, and bought less sold. */
  traded: v128;
  net: v128;
  /** Worth of the positions at the close and at the next open. */
  close: v128;
  next: v128;
  /** Mask of lanes where a drift came so near to the threshold that rounding decides. */
  near: v128;
  /** Per-asset costs: fees, slippage and fill notional. */
  fees: v128;
  slippage: v128;
  notional: v128;
  /** Per-asset costs of a trade not made yet, and their slope by value per weight. */
  cost: v128;
  slope: v128;
  /** What such a trade buys: its raw notional, with the costs where they are per asset. */
  purchases: v128;
  /** Sum of the traded weights, and of those that are bought. */
  weight: v128;
  boughtWeight: v128;
  /** Sum of |held|. */
  whole: v128;
  /** The cap's sums: |w| and untouched |held|, over what is traded and over every candidate. */
  grossWeight: v128;
  untouched: v128;
  candidateWeight: v128;
  candidateUntouched: v128;
  /** Funding paid at the close, and what is held short there. */
  funding: v128;
  short: v128;
}

/** Bytes kept for Sums. */
export const SUMS_BYTES: usize = 320;

@inline
export function both(x: f64): v128 {
  return f64x2.splat(x);
}

/** Lanes of `yes` where the mask is set, of `no` elsewhere. */
@inline
export function pick(mask: v128, yes: v128, no: v128): v128 {
  return v128.bitselect(yes, no, mask);
}

/** The sum over assets: in a pair each lane is one already, a lone config adds its two. */
@inline
export function fold<LONE>(x: v128): v128 {
  if (isInteger<LONE>()) return f64x2.add(x, v128.shuffle<f64>(x, x, 1, 0));
  return x;
}

/** A value per lane from two addresses. */
@inline
export function lanesAt(a: usize, b: usize): v128 {
  return v128.load_lane<f64>(b, v128.load64_zero(a), 1);
}

/** A plane's value: the same for both configs of a pair, one an asset for a lone config. */
@inline
export function planeAt<LONE>(address: usize): v128 {
  if (isInteger<LONE>()) return v128.load(address);
  return v128.load64_splat(address);
}

/** Bytes of one vector in a row of weights or of a plane. */
@inline
export function stride<LONE>(): usize {
  return isInteger<LONE>() ? 16 : 8;
}
