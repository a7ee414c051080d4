/** What an account carries from one bar to the next; plain data, so a run can stop and go on anywhere. */
import type { ExecutionPolicy } from "./policy.ts";

export interface AccountState {
  cash: number;
  /** Marked at the last close seen. */
  equity: number;
  ruined: boolean;
  /** [N] signed units held. */
  readonly units: Float64Array;
  /** [N] target weight decided and not yet traded; NaN = none. */
  readonly pending: Float64Array;
  /** [N] fraction of the way to it that is to be traded. */
  readonly fraction: Float64Array;
  /** [N] 1 where a part of the pending target was traded already and the rest waits for a market that can take it. */
  readonly working: Uint8Array;
  /** [N] 1 where the last decision traded was a slice, so that the next one still belongs to its plan. */
  readonly slicing: Uint8Array;
  /** [N] 1 where the asset's current plan was dropped and its later decisions with it. */
  readonly planDropped: Uint8Array;
  /** [N] last known close, or the first open where no close came yet; NaN = never listed. */
  readonly mark: Float64Array;
  /** [N] bars in a row without any price since the last one. */
  readonly barsWithoutPrice: Int32Array;
  /** [N] average fill price of what is held; NaN = nothing is. */
  readonly entryPrice: Float64Array;
  /** [N] best price for the position since its entry: the highest for a long, the lowest for a short; NaN = none. */
  readonly bestPrice: Float64Array;
  /** [N] distance of the ATR stop from the entry price; NaN or 0 = not known yet. */
  readonly atrDistance: Float64Array;
  /** [N] sign of the position a stop closed, of which no more is bought until another target came; 0 = none. */
  readonly stoppedSign: Int8Array;
  /** Equity that losses and drawdowns are measured from. */
  guardStart: number;
  guardPeak: number;
  /** Bars still to sit out; 0 = in the market. */
  flatBarsLeft: number;
}

export function initAccount(policy: ExecutionPolicy, assets: number): AccountState {
  const unknown = () => new Float64Array(assets).fill(Number.NaN);
  return {
    cash: policy.initialCash,
    equity: policy.initialCash,
    ruined: false,
    units: new Float64Array(assets),
    pending: unknown(),
    fraction: new Float64Array(assets).fill(1),
    working: new Uint8Array(assets),
    slicing: new Uint8Array(assets),
    planDropped: new Uint8Array(assets),
    mark: unknown(),
    barsWithoutPrice: new Int32Array(assets),
    entryPrice: unknown(),
    bestPrice: unknown(),
    atrDistance: unknown(),
    stoppedSign: new Int8Array(assets),
    guardStart: policy.initialCash,
    guardPeak: policy.initialCash,
    flatBarsLeft: 0,
  };
}
