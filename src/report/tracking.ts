/** How far the account was from what was decided. The plan of a bar is what stood decided when it opened: every asset's
 *  last target of an earlier bar, 0 before its first. What is held is taken at the close. */
import type { Account, TargetWeights } from "../core/contracts.ts";

export interface Tracking {
  /** [T] sum over assets of |held - planned|, fraction of equity. */
  readonly deviation: Float64Array;
  /** [T] sum over assets of |planned|. */
  readonly plannedGross: Float64Array;
  /** [N] |held - planned|, mean over bars. */
  readonly meanDeviation: Float64Array;
}

/** @returns null when nothing was decided before the last bar */
export function trackPlan(targets: TargetWeights, { heldWeights }: Account): Tracking | null {
  const T = targets.axes.time.length;
  const N = targets.axes.assets.length;
  const deviation = new Float64Array(T);
  const plannedGross = new Float64Array(T);
  const meanDeviation = new Float64Array(N);
  const standing = new Float64Array(N);
  let decided = false;
  for (let t = 0; t < T; t++)
    for (let n = 0; n < N; n++) {
      const before = t === 0 ? Number.NaN : targets.values[(t - 1) * N + n]!;
      if (before === before) {
        standing[n] = before;
        decided = true;
      }
      const apart = Math.abs(heldWeights[t * N + n]! - standing[n]!);
      deviation[t]! += apart;
      plannedGross[t]! += Math.abs(standing[n]!);
      meanDeviation[n]! += apart / T;
    }
  return decided ? { deviation, plannedGross, meanDeviation } : null;
}

/** [T] plan of one asset. */
export function plannedWeight({ axes, values }: TargetWeights, asset: number): Float64Array {
  const N = axes.assets.length;
  const planned = new Float64Array(axes.time.length);
  for (let t = 1; t < planned.length; t++) {
    const before = values[(t - 1) * N + asset]!;
    planned[t] = before === before ? before : planned[t - 1]!;
  }
  return planned;
}
