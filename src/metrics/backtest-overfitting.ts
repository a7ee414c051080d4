/** Whether picking the best of many trials picks anything: combinatorially symmetric cross-validation (CSCV) of Bailey,
 *  Borwein, Lopez de Prado & Zhu, "The Probability of Backtest Overfitting", J. Computational Finance 20(4), 2017.
 *  The bars are cut into S blocks; for every half of the blocks the trial with the best Sharpe ratio on it is looked up
 *  in the other half. Sharpe ratios are per period, ddof 1, not annualised, no risk-free rate taken off. */
import type { Floats } from "../core/panel.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { type Line, leastSquares } from "./least-squares.ts";
import { deviationOf, mean, ROUNDING_SPREAD, standardDeviation } from "./moments.ts";
import { presentReturns } from "./returns.ts";
import { halfSplits, type TrialMoments, visitHalves } from "./split-moments.ts";

export interface BacktestOverfitting {
  /** Trials to choose from. */
  readonly trials: number;
  /** Trials left out, having no performance over all bars. */
  readonly excludedTrials: number;
  /** Bars in a block. */
  readonly blockBars: number;
  /** Oldest bars left out, so that the blocks are equally long. */
  readonly droppedBars: number;
  /** PBO: share of the splits with a logit <= 0, the choice being no better than the median of the trials. */
  readonly probabilityOfOverfitting: number;
  /** Share of the splits in which the chosen trial has a Sharpe ratio below 0 out of sample. */
  readonly probabilityOfLoss: number;
  /** Sharpe ratio out of sample on that in sample over the splits; a negative slope is degradation. */
  readonly degradation: Line;
  /** [splits] ln(w / (1 - w)), w = rank / (trials + 1) out of sample of the trial chosen in sample, rank 1 = worst, ties
   *  their average rank; NaN where no trial has a Sharpe ratio in sample. */
  readonly logits: Float64Array;
  /** [splits] Sharpe ratio per period of the chosen trial on the half it was chosen on; NaN as in `logits`. */
  readonly inSample: Float64Array;
  /** [splits] The same trial's on the other half; NaN where it has none. */
  readonly outOfSample: Float64Array;
}

/** Blocks of the paper's examples: 12,870 splits. */
const BLOCKS = 16;

/** 20 blocks are 184,756 splits; 30 would be 155 million. */
const MOST_BLOCKS = 20;

/**
 * CSCV over C(S, S/2) splits. Splits come in pairs: one with the first block in sample, then its mirror image.
 *
 * A missing return is missing for its own trial alone. A trial that returns 0 throughout a half has a performance of 0
 * there. One with fewer than two returns in a half, or a constant other than 0, has none: it is not chosen in sample,
 * and out of sample it ranks below all others; one with none over all bars is left out. Where several trials are best in sample, they share the choice: the
 * split takes the mean of their ranks and of their performances, so that the order of the trials never matters.
 *
 * @param trials P series [T], simple returns over the same bars, fraction; NaN or infinite = missing
 * @param blocks S, even; T mod S bars are dropped from the beginning
 * @returns a failure with fewer than two trials to choose from, fewer bars than blocks, or no performance on any half
 * @throws RangeError when S is not an even number from 2 to 20, or the trials differ in length
 */
export function backtestOverfitting(trials: readonly Floats[], blocks = BLOCKS): Result<BacktestOverfitting> {
  if (!(Number.isInteger(blocks / 2) && blocks >= 2 && blocks <= MOST_BLOCKS))
    throw new RangeError(`backtestOverfitting: blocks must be an even number from 2 to ${MOST_BLOCKS}, got ${blocks}`);
  const bars = trials[0]?.length ?? 0;
  const odd = trials.findIndex((trial) => trial.length !== bars);
  if (odd >= 0) throw new RangeError(`backtestOverfitting: trial ${odd} has ${trials[odd]!.length} bars, not ${bars}`);
  if (bars < blocks && trials.length > 0)
    return fail(`needs at least one bar for each of ${blocks} blocks, got ${bars} bars`);
  const choice = trials.filter(hasPerformance);
  if (choice.length < 2)
    return fail(`needs at least 2 trials to choose from, got ${choice.length} of ${trials.length} with a Sharpe ratio`);

  const { logits, inSample, outOfSample } = scoreSplits(choice, blocks);
  const chosen = logits.filter((logit) => logit === logit);
  if (chosen.length === 0) return fail(`no trial has a Sharpe ratio on any half of its ${bars} bars`);
  const realised = outOfSample.filter((sharpe) => sharpe === sharpe);
  return ok({
    trials: choice.length,
    excludedTrials: trials.length - choice.length,
    blockBars: Math.floor(bars / blocks),
    droppedBars: bars % blocks,
    probabilityOfOverfitting: chosen.filter((logit) => logit <= 0).length / chosen.length,
    probabilityOfLoss: realised.filter((sharpe) => sharpe < 0).length / realised.length,
    degradation: leastSquares(inSample, outOfSample),
    logits,
    inSample,
    outOfSample,
  });
}

type Splits = Pick<BacktestOverfitting, "logits" | "inSample" | "outOfSample">;

function scoreSplits(trials: readonly Floats[], blocks: number): Splits {
  const P = trials.length;
  const [onFirst, onOther] = [new Float64Array(P), new Float64Array(P)];
  const splits = halfSplits(blocks);
  const out = {
    logits: new Float64Array(splits),
    inSample: new Float64Array(splits),
    outOfSample: new Float64Array(splits),
  };
  let split = 0;
  visitHalves(trials, blocks, (first, other) => {
    performances(first, onFirst);
    performances(other, onOther);
    scoreSplit(onFirst, onOther, split++, out);
    scoreSplit(onOther, onFirst, split++, out);
  });
  return out;
}

function hasPerformance(returns: Floats): boolean {
  const present = presentReturns(returns);
  const centre = mean(present);
  return performanceOf(centre, standardDeviation(present, centre)) > Number.NEGATIVE_INFINITY;
}

/** Sharpe ratio; 0 for returns that are all 0, -Infinity where there is none. */
function performanceOf(centre: number, deviation: number): number {
  if (deviation > 0) return centre / deviation;
  return deviation === 0 && centre === 0 ? 0 : Number.NEGATIVE_INFINITY;
}

/** Of every trial over one half. */
function performances({ count, mean: centres, squares }: TrialMoments, out: Float64Array): void {
  for (let p = 0; p < out.length; p++) {
    const centre = centres[p]!;
    const deviation = Math.sqrt(squares[p]! / (count[p]! - 1));
    // Returns that vary, and are no giants: all but a few. The others by the book.
    const isPlain = deviation > ROUNDING_SPREAD && centre < 1 && centre > -1 && count[p]! > 1;
    out[p] = isPlain ? centre / deviation : performanceOf(centre, deviationOf(squares[p]!, count[p]!, centre));
  }
}

function scoreSplit(chosenOn: Float64Array, lookedUpIn: Float64Array, split: number, out: Splits): void {
  const P = chosenOn.length;
  let best = Number.NEGATIVE_INFINITY;
  for (let p = 0; p < P; p++) if (chosenOn[p]! > best) best = chosenOn[p]!;
  let ties = 0;
  let ranks = 0;
  let realised = 0;
  let known = Number.NaN;
  let rank = 0;
  for (let p = 0; p < P && best > Number.NEGATIVE_INFINITY; p++) {
    if (chosenOn[p] !== best) continue;
    // Trials that are copies of one another are the usual tie, and have one rank.
    if (lookedUpIn[p] !== known) {
      known = lookedUpIn[p]!;
      rank = averageRankOf(known, lookedUpIn);
    }
    ties++;
    ranks += rank;
    realised += known;
  }
  const share = ranks / ties / (P + 1);
  out.logits[split] = Math.log(share / (1 - share));
  out.inSample[split] = ties === 0 ? Number.NaN : best;
  out.outOfSample[split] = realised > Number.NEGATIVE_INFINITY ? realised / ties : Number.NaN;
}

/** Rank of `value`, which is among `values`; 1 = smallest. */
function averageRankOf(value: number, values: Float64Array): number {
  let below = 0;
  let equal = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < value) below++;
    else if (values[i] === value) equal++;
  }
  return below + (equal + 1) / 2;
}
