/** How assets are scored and when they leave and come back, as plain data. Defaults live in the config schema. */

/** What score panels depend on; sweeps over anything else share them. */
export interface ScoringPolicy {
  /** Weights of the three ranks, >= 0, sum 1. */
  readonly sharpeWeight: number;
  readonly returnWeight: number;
  readonly drawdownWeight: number;
  /** Returns for the Sharpe ratio; the drawdown looks at one close more. At least MIN_SCORE_RETURNS. */
  readonly sharpeLookbackBars: number;
  readonly returnLookbackBars: number;
  /** Bars per year, annualises the Sharpe ratio; ranks do not depend on it. */
  readonly periodsPerYear: number;
}

/** What the states depend on beside the scores. Bars and counts are whole numbers >= 1. */
export interface TransitionPolicy {
  /** A score below counts towards leaving, one above `includeScore` towards coming back, one between resets both. */
  readonly excludeScore: number;
  readonly includeScore: number;
  /** Annualised Sharpe ratio below which, together with the drawdown, an asset is out at once. */
  readonly hardExcludeSharpe: number;
  /** Fraction in (0, 1], exceeded; 1 = never. */
  readonly hardExcludeDrawdown: number;
  readonly excludeConfirmationBars: number;
  readonly includeConfirmationBars: number;
  readonly relapseConfirmationBars: number;
  /** Bars of cooldown before anything counts towards coming back. */
  readonly minExclusionBars: number;
  /** K, at most 254: the multiplier of an asset is k / K. */
  readonly rampSteps: number;
  /** A low score makes nobody leave when fewer than this would stay. */
  readonly minActiveAssets: number;
}

export interface SelectorPolicy extends TransitionPolicy {
  readonly scoring: ScoringPolicy;
  /** Whether what an asset loses by its multiplier goes to the others; the allocation sees to it. */
  readonly redistribute: boolean;
}

/** Fewer returns in the window than this: the score is neutral. */
export const MIN_SCORE_RETURNS = 10;
/** A step of the ramp is stored in a byte, of which 255 is taken. */
export const MOST_RAMP_STEPS = 254;
/** 0.4 + 0.3 + 0.3 is not 1 in doubles. */
export const WEIGHT_SUM_ROUNDING = 1e-9;

/** @throws RangeError naming the first field that breaks its rule */
export function checkScoring(scoring: ScoringPolicy): void {
  const { sharpeWeight, returnWeight, drawdownWeight, periodsPerYear } = scoring;
  for (const field of ["sharpeWeight", "returnWeight", "drawdownWeight"] as const)
    demand(scoring[field] >= 0, field, "must be at least 0", scoring[field]);
  const sum = sharpeWeight + returnWeight + drawdownWeight;
  demand(Math.abs(sum - 1) <= WEIGHT_SUM_ROUNDING, "weights", "must sum to 1", sum);
  demandWhole("sharpeLookbackBars", scoring.sharpeLookbackBars, MIN_SCORE_RETURNS);
  demandWhole("returnLookbackBars", scoring.returnLookbackBars, 1);
  demand(
    periodsPerYear > 0 && periodsPerYear < Number.POSITIVE_INFINITY,
    "periodsPerYear",
    "must be positive",
    periodsPerYear,
  );
}

/** @throws RangeError naming the first field that breaks its rule */
export function checkTransitions(policy: TransitionPolicy): void {
  const { excludeScore, includeScore, hardExcludeSharpe, hardExcludeDrawdown, rampSteps } = policy;
  demand(excludeScore < includeScore, "excludeScore", `must be below includeScore ${includeScore}`, excludeScore);
  demand(Number.isFinite(hardExcludeSharpe), "hardExcludeSharpe", "must be finite", hardExcludeSharpe);
  demand(
    hardExcludeDrawdown > 0 && hardExcludeDrawdown <= 1,
    "hardExcludeDrawdown",
    "must be in (0, 1]",
    hardExcludeDrawdown,
  );
  for (const field of [
    "excludeConfirmationBars",
    "includeConfirmationBars",
    "relapseConfirmationBars",
    "minExclusionBars",
    "rampSteps",
    "minActiveAssets",
  ] as const)
    demandWhole(field, policy[field], 1);
  demand(rampSteps <= MOST_RAMP_STEPS, "rampSteps", `must be at most ${MOST_RAMP_STEPS}`, rampSteps);
}

function demandWhole(field: string, value: number, least: number): void {
  demand(Number.isInteger(value) && value >= least, field, `must be a whole number >= ${least}`, value);
}

function demand(holds: boolean, field: string, rule: string, got: number): void {
  if (!holds) throw new RangeError(`selector policy: ${field} ${rule}, got ${got}`);
}
