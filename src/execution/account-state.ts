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
  /** [N] 1 where a part of the pending target was traded already and the rest waits for a market that can take it. */
  readonly working: Uint8Array;
  /** [N] last known close, or the first open where no close came yet; NaN = never listed. */
  readonly mark: Float64Array;
  /** [N] bars in a row without any price since the last one. */
  readonly barsWithoutPrice: Int32Array;
}

export function initAccount(policy: ExecutionPolicy, assets: number): AccountState {
  return {
    cash: policy.initialCash,
    equity: policy.initialCash,
    ruined: false,
    units: new Float64Array(assets),
    pending: new Float64Array(assets).fill(Number.NaN),
    working: new Uint8Array(assets),
    mark: new Float64Array(assets).fill(Number.NaN),
    barsWithoutPrice: new Int32Array(assets),
  };
}
