/** Trades as round trips: from the fill that opens a position in one asset to the fill that closes it.
 *  Fills in between (rebalancing) belong to the trip; a fill that turns a position round closes one trip and opens the
 *  next, its fee and slippage split by units. Costs are inside the profit. */
import type { Account } from "../core/contracts.ts";
import { quotient } from "./ratios.ts";

export interface RoundTrip {
  /** Position on the account's axes. */
  readonly asset: number;
  readonly side: "long" | "short";
  readonly entryBar: number;
  /** -1 while the position is still held; it is then valued at the last close. */
  readonly exitBar: number;
  /** Currency put in over the trip: notional of every fill that opened or enlarged the position. */
  readonly invested: number;
  /** Currency, after fees and slippage. */
  readonly profit: number;
  readonly fees: number;
  readonly fills: number;
}

export interface RoundTripSummary {
  /** Closed trips; the other members are made of them. */
  readonly closed: number;
  readonly open: number;
  /** Share of trips with a profit above 0, fraction. */
  readonly winRate: number;
  /** Sum of profits over sum of losses; NaN without a loss. */
  readonly profitFactor: number;
  /** Mean of profit / invested, fraction. */
  readonly meanReturn: number;
  readonly meanBars: number;
}

/** What is left of a position after rounding counts as nothing. */
const FLAT = 1e-9;

interface OpenTrip {
  readonly asset: number;
  readonly direction: 1 | -1;
  readonly entryBar: number;
  units: number;
  mostUnits: number;
  invested: number;
  cashFlow: number;
  fees: number;
  fills: number;
}

/**
 * Every round trip of an account, in order of its exit, those still open last in order of asset.
 *
 * @returns profits that sum to the account's gain, less what was written off at ruin
 */
export function roundTrips(account: Account): readonly RoundTrip[] {
  const { fills, axes } = account;
  const held = new Map<number, OpenTrip>();
  const trips: RoundTrip[] = [];
  for (let i = 0; i < fills.bar.length; i++) {
    const asset = fills.asset[i]!;
    const bar = fills.bar[i]!;
    let units = fills.quantity[i]!;
    if (units === 0) continue;
    const feePerUnit = fills.fee[i]! / Math.abs(units);
    const trip = held.get(asset);
    if (trip !== undefined) {
      const closing = units * trip.direction < 0;
      const taken = closing ? trip.direction * -Math.min(Math.abs(units), Math.abs(trip.units)) : units;
      addFill(trip, taken, fills.price[i]!, feePerUnit);
      units -= taken;
      if (Math.abs(trip.units) <= FLAT * trip.mostUnits) {
        trips.push(finished(trip, bar, 0));
        held.delete(asset);
      }
      if (Math.abs(units) <= FLAT * trip.mostUnits) continue;
    }
    const direction = units > 0 ? 1 : -1;
    const next: OpenTrip = {
      asset,
      direction,
      entryBar: bar,
      units: 0,
      mostUnits: 0,
      invested: 0,
      cashFlow: 0,
      fees: 0,
      fills: 0,
    };
    addFill(next, units, fills.price[i]!, feePerUnit);
    held.set(asset, next);
  }
  const last = axes.time.length - 1;
  for (const trip of [...held.values()].sort((a, b) => a.asset - b.asset)) {
    const value = account.heldWeights[last * axes.assets.length + trip.asset]! * account.equity[last]!;
    trips.push(finished(trip, -1, value));
  }
  return trips;
}

/** Figures over the closed trips; NaN where there is none. */
export function roundTripSummary(trips: readonly RoundTrip[]): RoundTripSummary {
  const closed = trips.filter((trip) => trip.exitBar >= 0);
  const total = (of: (trip: RoundTrip) => number): number => closed.reduce((sum, trip) => sum + of(trip), 0);
  return {
    closed: closed.length,
    open: trips.length - closed.length,
    winRate: quotient(
      total((trip) => (trip.profit > 0 ? 1 : 0)),
      closed.length,
    ),
    profitFactor: quotient(
      total((trip) => Math.max(trip.profit, 0)),
      total((trip) => Math.max(-trip.profit, 0)),
    ),
    meanReturn: quotient(
      total((trip) => trip.profit / trip.invested),
      closed.length,
    ),
    meanBars: quotient(
      total((trip) => trip.exitBar - trip.entryBar),
      closed.length,
    ),
  };
}

function addFill(trip: OpenTrip, units: number, price: number, feePerUnit: number): void {
  const fee = feePerUnit * Math.abs(units);
  if (units * trip.direction > 0) trip.invested += Math.abs(units) * price;
  trip.units += units;
  trip.mostUnits = Math.max(trip.mostUnits, Math.abs(trip.units));
  trip.cashFlow -= units * price + fee;
  trip.fees += fee;
  trip.fills++;
}

function finished(trip: OpenTrip, exitBar: number, value: number): RoundTrip {
  const { asset, direction, entryBar, invested, cashFlow, fees, fills } = trip;
  const side = direction > 0 ? "long" : "short";
  return { asset, side, entryBar, exitBar, invested, profit: cashFlow + value, fees, fills };
}
