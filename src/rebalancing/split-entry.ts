/** How far each slice of a plan goes, so that prices moving in between do not keep the plan from its target. */

/**
 * Part of the way from what is held to the target that slice k goes: s_k / sum of s_j for j >= k, and all of it for the
 * last.
 *
 * @param split parts > 0 that sum to 1
 * @param k     0 to split.length - 1
 * @param equal true: as many slices, each as large as the others, as after a plan was redirected
 */
export function sliceFraction(split: readonly number[], k: number, equal: boolean): number {
  const last = split.length - 1;
  if (k === last) return 1;
  if (equal) return 1 / (split.length - k);
  let rest = 0;
  for (let j = last; j >= k; j--) rest += split[j]!;
  return split[k]! / rest;
}
