/** What every weighting method is: trailing returns of the participants in, weights that sum to one out. */
import type { Floats } from "../core/panel.ts";
import type { Result } from "../core/result.ts";
import type { LinearProgramSolver } from "../math/linear-program.ts";
import type { CovarianceEstimate } from "./estimators/covariance.ts";
import type { MethodParameters } from "./policy.ts";
import type { SleeveStatistics } from "./sleeve-statistics.ts";
import type { WeightBounds } from "./weight-bounds.ts";

/** Trailing returns of the sleeves to be weighted, oldest row first. */
export interface SleeveWindow {
  /** [bars*count] simple returns; NaN = missing */
  readonly returns: Floats;
  readonly bars: number;
  readonly count: number;
}

/** Probability of each regime at each bar of a window. */
export interface RegimePosterior {
  readonly regimes: number;
  /** [bars*regimes] rows sum to 1; NaN = unknown at that bar */
  readonly values: Floats;
}

/** All that a method may look at. Estimates are made when first asked for. */
export interface Weighing {
  readonly window: SleeveWindow;
  statistics(): SleeveStatistics;
  covariance(): CovarianceEstimate;
  /** [count] by the policy's volatility estimator, per bar */
  volatilities(): Float64Array;
  readonly parameters: MethodParameters;
  /** [count] conviction, >= 0: what the method `signal` is proportional to */
  readonly strength: Floats;
  readonly posterior: RegimePosterior | null;
  /** What an optimiser works within; the others meet it by projection. */
  readonly bounds: WeightBounds;
  /** Loaded when the method is one that needs it. */
  readonly linearProgram: LinearProgramSolver | null;
}

export interface MethodAnswer {
  /** Exposure the method recommends as a multiple of equity; 1 where it has no opinion. */
  readonly leverage: number;
  readonly warnings: readonly string[];
}

/** The answer of a method that has nothing to add to its weights. */
export const PLAIN_ANSWER: MethodAnswer = { leverage: 1, warnings: [] };

export interface WeightingMethod {
  readonly name: string;
  /** False when the method looks at no returns, so that a sleeve takes part from its first bar. */
  readonly usesHistory: boolean;
  /**
   * @param out [count] written in full when there is an answer: weights that sum to 1, or to the budget
   * @returns why there is no answer, as a value, when there is none
   */
  weigh(problem: Weighing, out: Float64Array): Result<MethodAnswer>;
}

/**
 * Scales scores to weights that sum to one; what is not above 0 gets 0.
 *
 * @returns false, and zeros, when no score is above 0
 */
export function proportional(scores: Floats, out: Float64Array): boolean {
  let total = 0;
  for (let k = 0; k < out.length; k++) {
    out[k] = scores[k]! > 0 ? scores[k]! : 0;
    total += out[k]!;
  }
  if (!(total > 0)) return false;
  for (let k = 0; k < out.length; k++) out[k] = out[k]! / total;
  return true;
}
