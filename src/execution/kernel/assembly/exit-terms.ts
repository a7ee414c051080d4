/** The exit rules of the lanes side by side, what exits of the current bar paid, and the guards' state. */
import { both } from "./lanes";
import { Config, Exits } from "./layout";
import { Terms } from "./terms";

@unmanaged
export class ExitTerms {
  /** 1 - stop and 1 + stop, and so on: what entry or best price is multiplied by for a long and a short. */
  stopLong: v128;
  stopShort: v128;
  trailLong: v128;
  trailShort: v128;
  takeLong: v128;
  takeShort: v128;
  /** What is looked for by vectors, as fractions of the entry or best price: the nearer of stop and liquidation on either
   *  side, less a band; the take profit, less a band; the trailing stop, less a band. */
  near: v128;
  takeAt: v128;
  trailAt: v128;
  atrMultiple: v128;
  initialRate: v128;
  maintenanceRate: v128;

  lossLimit: v128;
  drawdownLimit: v128;
  flatBars: v128;
  guardStart: v128;
  guardPeak: v128;
  flatLeft: v128;

  fee: v128;
  slippage: v128;
  /** Of the bar, per lane: cash paid out in all, of which fees and slippage; fill notional. */
  spent: v128;
  fees: v128;
  lost: v128;
  notional: v128;
  /** Costs and forfeits of exits at the open, which the value traded on is less by. */
  shrunk: v128;
  /** Worth at the close and at the next open that is no longer held. */
  close: v128;
  next: v128;
  /** Masks: an exit may be due at the next open; rounding could decide. */
  gapped: v128;
  unsure: v128;
  /** 1 where a config has guards. */
  guarded: i32;
  /** 1 when levels have been looked at in this bar: exits may be made, due or unsure. */
  settled: i32;

  @inline start(terms: Terms, a: Config, b: Config): void {
    const x = changetype<Exits>(a.exits), y = changetype<Exits>(b.exits);
    this.stopLong = two(1 - x.stopLoss, 1 - y.stopLoss);
    this.stopShort = two(1 + x.stopLoss, 1 + y.stopLoss);
    this.trailLong = two(1 - x.trailing, 1 - y.trailing);
    this.trailShort = two(1 + x.trailing, 1 + y.trailing);
    this.takeLong = two(1 + x.takeProfit, 1 + y.takeProfit);
    this.takeShort = two(1 - x.takeProfit, 1 - y.takeProfit);
    this.near = f64x2.sub(two(nearest(x), nearest(y)), both(BAND));
    this.takeAt = f64x2.sub(two(x.takeProfit, y.takeProfit), both(BAND));
    this.trailAt = f64x2.sub(two(x.trailing, y.trailing), both(BAND));
    this.atrMultiple = two(x.atrMultiple, y.atrMultiple);
    this.initialRate = two(x.initialRate, y.initialRate);
    this.maintenanceRate = two(x.maintenanceRate, y.maintenanceRate);
    this.lossLimit = two(x.lossLimit, y.lossLimit);
    this.drawdownLimit = two(x.drawdownLimit, y.drawdownLimit);
    this.flatBars = two(x.flatBars, y.flatBars);
    this.guarded = min(min(x.lossLimit, y.lossLimit), min(x.drawdownLimit, y.drawdownLimit)) < Infinity ? 1 : 0;
    this.guardStart = terms.cash;
    this.guardPeak = terms.cash;
    this.flatLeft = both(0);
    this.fee = terms.fee;
    this.slippage = terms.slippage;
    this.gapped = both(0);
    this.unsure = both(0);
    this.clear();
  }

  /** At the start of a bar. */
  @inline clear(): void {
    this.spent = both(0);
    this.fees = both(0);
    this.lost = both(0);
    this.notional = both(0);
    this.shrunk = both(0);
    this.close = both(0);
    this.next = both(0);
    this.settled = 0;
  }

  /** True when an exit may be due at the open, or a book sits out. */
  @inline isDue(): bool {
    return v128.any_true(v128.or(this.gapped, f64x2.gt(this.flatLeft, both(0))));
  }

  @inline stop(at: usize, side: f64, entry: f64): f64 {
    return entry * (side > 0 ? this.lane(offsetof<ExitTerms>("stopLong"), at) : this.lane(offsetof<ExitTerms>("stopShort"), at));
  }
  @inline trail(at: usize, side: f64, best: f64): f64 {
    return best * (side > 0 ? this.lane(offsetof<ExitTerms>("trailLong"), at) : this.lane(offsetof<ExitTerms>("trailShort"), at));
  }
  @inline take(at: usize, side: f64, entry: f64): f64 {
    return entry * (side > 0 ? this.lane(offsetof<ExitTerms>("takeLong"), at) : this.lane(offsetof<ExitTerms>("takeShort"), at));
  }
  /** Infinitely far without margin. */
  @inline liquidation(at: usize, side: f64, entry: f64): f64 {
    const initial = this.margin(at);
    if (initial == Infinity) return -side * Infinity;
    return (entry * (1 - side * initial)) / (1 - side * this.lane(offsetof<ExitTerms>("maintenanceRate"), at));
  }
  @inline margin(at: usize): f64 {
    return this.lane(offsetof<ExitTerms>("initialRate"), at);
  }
  @inline feeAt(at: usize): usize {
    return changetype<usize>(this) + offsetof<ExitTerms>("fee") + at;
  }
  @inline slippageAt(at: usize): usize {
    return changetype<usize>(this) + offsetof<ExitTerms>("slippage") + at;
  }

  @inline pay(at: usize, spent: f64, fees: f64, lost: f64, notional: f64): void {
    this.add(offsetof<ExitTerms>("spent"), at, spent);
    this.add(offsetof<ExitTerms>("fees"), at, fees);
    this.add(offsetof<ExitTerms>("lost"), at, lost);
    this.add(offsetof<ExitTerms>("notional"), at, notional);
    this.add(offsetof<ExitTerms>("shrunk"), at, fees + lost);
  }
  @inline lose(at: usize, forfeited: f64): void {
    this.add(offsetof<ExitTerms>("shrunk"), at, forfeited);
  }
  @inline drop(at: usize, close: f64, next: f64): void {
    this.add(offsetof<ExitTerms>("close"), at, close);
    this.add(offsetof<ExitTerms>("next"), at, next);
  }
  @inline giveUp(at: usize): void {
    store<i64>(changetype<usize>(this) + offsetof<ExitTerms>("unsure") + at, -1);
  }

  @inline lane(field: usize, at: usize): f64 {
    return load<f64>(changetype<usize>(this) + field + at);
  }
  @inline add(field: usize, at: usize, x: f64): void {
    const address = changetype<usize>(this) + field + at;
    store<f64>(address, load<f64>(address) + x);
  }
}

/** Half the width of the band around every level, as a share of the entry price. */
export const BAND: f64 = 1e-12;

/** Bytes kept for ExitTerms. */
export const EXIT_TERMS_BYTES: usize = 512;

/** The smaller distance, as a fraction of the entry price, of stop and liquidation for a long or a short. */
function nearest(x: Exits): f64 {
  if (x.initialRate == Infinity) return x.stopLoss;
  const long = 1 - (1 - x.initialRate) / (1 - x.maintenanceRate);
  const short = (1 + x.initialRate) / (1 + x.maintenanceRate) - 1;
  return min(x.stopLoss, min(long, short));
}

@inline
function two(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}

/** Guards at a close, as ../../guards.ts: counts a pause down, or begins one. @returns a mask of those that begin one */
export function watch(exits: ExitTerms, equity: v128): void {
  const zero = both(0);
  const was = f64x2.gt(exits.flatLeft, zero);
  const left = f64x2.sub(exits.flatLeft, both(1));
  const released = v128.and(was, f64x2.le(left, zero));
  const peak = f64x2.pmax(exits.guardPeak, equity);
  const loss = f64x2.sub(both(1), f64x2.div(equity, exits.guardStart));
  const drawdown = f64x2.sub(both(1), f64x2.div(equity, peak));
  const tooMuch = v128.or(f64x2.ge(loss, exits.lossLimit), f64x2.ge(drawdown, exits.drawdownLimit));
  const close = v128.or(
    f64x2.le(f64x2.abs(f64x2.sub(loss, exits.lossLimit)), both(1e-12)),
    f64x2.le(f64x2.abs(f64x2.sub(drawdown, exits.drawdownLimit)), both(1e-12)),
  );
  exits.unsure = v128.or(exits.unsure, v128.andnot(close, was));
  const triggered = v128.andnot(tooMuch, was);
  exits.flatLeft = v128.bitselect(left, v128.and(exits.flatBars, triggered), was);
  exits.guardStart = v128.bitselect(equity, exits.guardStart, released);
  exits.guardPeak = v128.bitselect(equity, v128.bitselect(exits.guardPeak, peak, was), released);
}
