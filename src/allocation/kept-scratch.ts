/** Working memory that is kept from call to call: a sweep solves a small problem a hundred thousand times, and
 *  making the memory takes as long as solving it. Nothing in it outlives a call, and every thread has its own. */

/** @returns the memory for problems of up to n, made anew where a larger one comes */
export function keptScratch<S extends { readonly capacity: number }>(
  create: (capacity: number) => S,
): (n: number) => S {
  let kept: S | null = null;
  return (n) => {
    if (kept === null || kept.capacity < n) kept = create(n);
    return kept;
  };
}
