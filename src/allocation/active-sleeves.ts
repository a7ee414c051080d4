/** The part of a problem that is left after the cuts, and the way back. */
import type { Floats } from "../core/panel.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import type { GroupLimit } from "./projection.ts";
import type { SleeveWindow } from "./weighting.ts";

/** The columns of the sleeves at these positions. */
export function windowOf(window: SleeveWindow, active: readonly number[]): SleeveWindow {
  const { returns, bars, count } = window;
  if (active.length === count) return window;
  const kept = new Float64Array(bars * active.length);
  for (let t = 0, at = 0; t < bars; t++)
    for (let i = 0; i < active.length; i++) kept[at++] = returns[t * count + active[i]!]!;
  return { returns: kept, bars, count: active.length };
}

/** The values at these positions. */
export function valuesAt(values: Floats, positions: readonly number[]): Float64Array {
  const taken = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i++) taken[i] = values[positions[i]!]!;
  return taken;
}

/** Group limits on the positions among the active; a group without any of them has nothing to limit. */
export function groupsAmong(groups: readonly GroupLimit[], active: readonly number[]): GroupLimit[] {
  if (groups.length === 0) return [];
  const positions = new Map(active.map((k, i) => [k, i]));
  return groups.flatMap((group) => {
    const assets = group.assets.flatMap((k) => positions.get(k) ?? []);
    return assets.length === 0 ? [] : [{ ...group, assets }];
  });
}

/** The estimate among all sleeves, 0 where one was cut. */
export function covarianceAmongAll(
  estimate: CovarianceEstimate,
  active: readonly number[],
  count: number,
): CovarianceEstimate {
  if (active.length === count) return estimate;
  const matrix = new Float64Array(count * count);
  for (const [i, a] of active.entries())
    for (const [j, b] of active.entries()) matrix[a * count + b] = estimate.matrix[i * active.length + j]!;
  return { ...estimate, matrix };
}
