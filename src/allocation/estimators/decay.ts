/** How fast an exponentially weighted estimate forgets, and when a spread is only rounding. */

/** Either the bars after which a return counts half, or the weight of one bar ago (pandas' 1 - alpha). */
export type Decay = { readonly halfLifeBars: number } | { readonly lambda: number };

/**
 * @returns weight of a return one bar older, in (0, 1)
 * @throws RangeError when the half-life is not positive or lambda not inside (0, 1)
 */
export function lambdaOf(decay: Decay): number {
  const lambda = "lambda" in decay ? decay.lambda : 2 ** (-1 / decay.halfLifeBars);
  if (!(lambda > 0 && lambda < 1)) throw new RangeError(`decay must lie inside (0, 1) a bar, got ${lambda}`);
  return lambda;
}

/** A standard deviation this far below the size of the values is rounding around a constant, and counts as 0. */
export function isRoundingNoise(deviation: number, largest: number): boolean {
  return deviation <= 1e-14 * largest;
}
