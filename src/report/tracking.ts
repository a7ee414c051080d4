/** How far the account was from what was decided. The plan of a bar is what stood decided when it opened: every asset's
 *  last target of an earlier bar, 0 before its first and, until the next, once it was delisted. What is held is taken
 *  at the close. */
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
export function trackPlan(targets: TargetWeights, account: Account): Tracking | null {
  const T = targets.axes.time.length;
  const N = targets.axes.assets.length;
  const deviation = new Float64Array(T);
  const plannedGross = new Float64Array(T);
  const meanDeviation = new Float64Array(N);
  let decided = false;
  for (let i = 0; i < (T - 1) * N && !decided; i++) decided = targets.values[i]! === targets.values[i]!;
  if (!decided) return null;
  eachPlan(targets, account, (t, planned) => {
    for (let n = 0; n < N; n++) {
      const apart = Math.abs(account.heldWeights[t * N + n]! - planned[n]!);
      deviation[t]! += apart;
      plannedGross[t]! += Math.abs(planned[n]!);
      meanDeviation[n]! += apart / T;
    }
  });
  return { deviation, plannedGross, meanDeviation };
}

/** [T] plan of each of the given assets. */
export function plannedWeights(targets: TargetWeights, account: Account, assets: readonly number[]): Float64Array[] {
  const planes = assets.map(() => new Float64Array(targets.axes.time.length));
  eachPlan(targets, account, (t, planned) => {
    for (const [k, asset] of assets.entries()) planes[k]![t] = planned[asset]!;
  });
  return planes;
}

/** @param visit is given the [N] plan of every bar in turn; the row is the same one each time */
function eachPlan(
  { axes, values }: TargetWeights,
  { events }: Account,
  visit: (t: number, planned: Float64Array) => void,
): void {
  const N = axes.assets.length;
  const delisted = Map.groupBy(
    events.filter(({ kind }) => kind === "delisted"),
    ({ bar }) => bar,
  );
  const planned = new Float64Array(N);
  for (let t = 0; t < axes.time.length; t++) {
    for (let n = 0; t > 0 && n < N; n++) {
      const target = values[(t - 1) * N + n]!;
      if (target === target) planned[n] = target;
    }
    for (const { asset } of delisted.get(t) ?? []) planned[asset] = 0;
    visit(t, planned);
  }
}
