/** How well each asset did against the others, bar by bar, on raw prices: an excluded asset goes on being scored, else
 *  it could never come back. One set of panels serves every policy that differs in thresholds alone. */
import type { Axes, Floats } from "../core/panel.ts";
import { averageRanks, rankSpace } from "../math/rank.ts";
import { simpleReturns } from "../math/returns.ts";
import { trailingDrawdown, trailingReturn, trailingSharpe } from "./rolling-statistics.ts";
import { checkScoring, MIN_SCORE_RETURNS, type ScoringPolicy } from "./selector-policy.ts";

/** All [T*N]; row t depends on rows <= t alone. */
export interface ScorePanels {
  readonly axes: Axes;
  /** 0..1, 1 = best; NEUTRAL_SCORE where history is short; NaN where there is no close. */
  readonly score: Floats;
  /** Annualised; NaN where history is short or there is no close. */
  readonly sharpe: Floats;
  /** Deepest drawdown of the window, fraction >= 0; NaN as sharpe. */
  readonly drawdown: Floats;
}

export const NEUTRAL_SCORE = 0.5;

/** Scores are whole multiples of 1e-12, so that one that is 0.2 in decimals meets a threshold of 0.2. */
const SCORE_UNITS = 1e12;

/**
 * `w_sharpe * sharpe_rank + w_return * return_rank + w_drawdown * (1 - drawdown_rank)` across the assets listed at
 * each bar that have a history; ranks go from 0 (lowest) to 1, ties share theirs, and a single asset has 0.5.
 *
 * The Sharpe ratio is of the returns present in its lookback, the drawdown of the closes of those and the one before,
 * the return of the close against the earliest in its own lookback. History is short with fewer than ten returns, or
 * without any earlier close in the return lookback. Windows count the bars of a hole, and the bar after it has no return.
 *
 * @param close [T*N] > 0; NaN = not listed or missing
 * @throws RangeError for a scoring policy that breaks its rules, or closes that do not fit the axes
 */
export function scorePanels(
  { axes, close }: { readonly axes: Axes; readonly close: Floats },
  scoring: ScoringPolicy,
): ScorePanels {
  checkScoring(scoring);
  const assets = axes.assets.length;
  const bars = axes.time.length;
  if (close.length !== bars * assets)
    throw new RangeError(`scorePanels: close has ${close.length} cells, axes ${bars} x ${assets}`);
  const score = new Float64Array(close.length);
  if (close.length === 0) return { axes, score, sharpe: score, drawdown: score };
  const sharpe = new Float64Array(close.length);
  const drawdown = new Float64Array(close.length);
  const gain = new Float64Array(close.length);
  const returns = new Float64Array(close.length);
  simpleReturns(close, assets, returns);
  trailingSharpe(returns, assets, scoring.sharpeLookbackBars, MIN_SCORE_RETURNS, sharpe);
  trailingDrawdown(close, assets, scoring.sharpeLookbackBars + 1, drawdown);
  trailingReturn(close, assets, scoring.returnLookbackBars, gain);
  const annual = Math.sqrt(scoring.periodsPerYear);
  for (let i = 0; i < close.length; i++) {
    const known = gain[i] === gain[i] && sharpe[i] === sharpe[i];
    sharpe[i] = known ? sharpe[i]! * annual : Number.NaN;
    if (!known) drawdown[i] = gain[i] = Number.NaN;
  }
  rankRows({ close, sharpe, gain, drawdown }, assets, scoring, score);
  return { axes, score, sharpe, drawdown };
}

interface Statistics {
  readonly close: Floats;
  /** Three planes missing in the same cells. */
  readonly sharpe: Floats;
  readonly gain: Floats;
  readonly drawdown: Floats;
}

function rankRows(
  { close, sharpe, gain, drawdown }: Statistics,
  assets: number,
  { sharpeWeight, returnWeight, drawdownWeight }: ScoringPolicy,
  score: Float64Array,
): void {
  const space = rankSpace(assets);
  const sharpeRank = new Float64Array(assets);
  const returnRank = new Float64Array(assets);
  const drawdownRank = new Float64Array(assets);
  for (let row = 0; row < close.length; row += assets) {
    const known = averageRanks(sharpe, row, assets, space, sharpeRank);
    averageRanks(gain, row, assets, space, returnRank);
    averageRanks(drawdown, row, assets, space, drawdownRank);
    for (let n = 0; n < assets; n++) {
      const cell = row + n;
      if (close[cell] !== close[cell]) score[cell] = Number.NaN;
      else if (sharpe[cell] !== sharpe[cell]) score[cell] = NEUTRAL_SCORE;
      else {
        const value =
          sharpeWeight * unitRank(sharpeRank[n]!, known) +
          returnWeight * unitRank(returnRank[n]!, known) +
          drawdownWeight * (1 - unitRank(drawdownRank[n]!, known));
        score[cell] = Math.round(value * SCORE_UNITS) / SCORE_UNITS;
      }
    }
  }
}

/** 1..count as 0..1. */
function unitRank(rank: number, count: number): number {
  return count === 1 ? 0.5 : (rank - 1) / (count - 1);
}
