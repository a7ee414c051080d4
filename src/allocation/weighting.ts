/** What every weighting method is: trailing returns of the participants in, weights that sum to one out. */
import type { Floats } from "../core/panel.ts";
import type { Result } from "../core/result.ts";

/** Trailing returns of the sleeves to be weighted, oldest row first. */
export interface SleeveWindow {
  /** [bars*count] simple returns; NaN = missing */
  readonly returns: Floats;
  readonly bars: number;
  readonly count: number;
}

export interface WeightingMethod {
  readonly name: string;
  /** False when the method looks at no returns, so that a sleeve takes part from its first bar. */
  readonly usesHistory: boolean;
  /**
   * @param out [count] written in full: weights >= 0 that sum to 1
   * @returns why there is no answer, as a value, when there is none
   */
  weigh(window: SleeveWindow, out: Float64Array): Result<void>;
}
