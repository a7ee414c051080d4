/** What is estimated of one window of returns, each figure when first asked for: policies that differ in the method alone
 *  ask for the same ones. */
import { windowOf } from "./active-sleeves.ts";
import { type CovarianceEstimate, estimateCovariance } from "./estimators/covariance.ts";
import { estimateVolatilities } from "./estimators/volatility.ts";
import type { WeightingPolicy } from "./policy.ts";
import { type SleeveStatistics, sleeveStatistics } from "./sleeve-statistics.ts";
import type { SleeveWindow } from "./weighting.ts";

/** What is known of a window so far; null = not asked for yet. Nobody writes into the figures. */
export interface KnownEstimates {
  /** [count] returns every sleeve has in the window */
  present: Int32Array | null;
  covariance: CovarianceEstimate | null;
  /** [count] by the policy's volatility estimator */
  volatilities: Float64Array | null;
  statistics: SleeveStatistics | null;
  /** Of the sleeves that were left after cuts, for the last that were. */
  among: { readonly active: readonly number[]; readonly known: KnownEstimates } | null;
}

export function nothingKnown(): KnownEstimates {
  return { present: null, covariance: null, volatilities: null, statistics: null, among: null };
}

/** Numbers in what is known. */
export function estimateCells({ present, covariance, volatilities, statistics, among }: KnownEstimates): number {
  const figures = (present?.length ?? 0) + (volatilities?.length ?? 0) + 6 * (statistics?.present.length ?? 0);
  return figures + (covariance?.matrix.length ?? 0) + (among === null ? 0 : estimateCells(among.known));
}

export interface WindowEstimates {
  readonly count: number;
  window(): SleeveWindow;
  present(): Int32Array;
  covariance(): CovarianceEstimate;
  volatilities(): Float64Array;
  statistics(): SleeveStatistics;
  /** The same of some of the sleeves. */
  among(active: readonly number[]): WindowEstimates;
}

/**
 * @param rows    the window, with columns of others too; a view of it, made when a figure is not known yet
 * @param columns positions of the sleeves among its columns, ascending
 * @param known   filled as figures are asked for
 * @param given   the sleeves' covariance where it is known by other ways; not put into `known`
 */
export function windowEstimates(
  rows: () => SleeveWindow,
  columns: readonly number[],
  policy: Pick<WeightingPolicy, "covariance" | "parameters">,
  known: KnownEstimates = nothingKnown(),
  given: CovarianceEstimate | null = null,
): WindowEstimates {
  const count = columns.length;
  let window: SleeveWindow | null = null;
  const estimates: WindowEstimates = {
    count,
    window: () => {
      window ??= windowOf(rows(), columns);
      return window;
    },
    present: () => {
      known.present ??= presentCounts(rows(), columns);
      return known.present;
    },
    covariance: () => {
      if (given !== null) return given;
      known.covariance ??= estimateCovariance(rows(), policy.covariance, columns);
      return known.covariance;
    },
    volatilities: () => {
      known.volatilities ??= volatilitiesOf(rows(), columns, policy);
      return known.volatilities;
    },
    statistics: () => {
      known.statistics ??= sleeveStatistics(estimates.window(), policy.parameters.riskFree);
      return known.statistics;
    },
    among: (active) => {
      if (active.length === count) return estimates;
      if (known.among === null || !areSame(known.among.active, active)) known.among = { active, known: nothingKnown() };
      const left = active.map((k) => columns[k]!);
      return windowEstimates(rows, left, policy, known.among.known);
    },
  };
  return estimates;
}

function volatilitiesOf(
  rows: SleeveWindow,
  columns: readonly number[],
  { parameters }: Pick<WeightingPolicy, "parameters">,
): Float64Array {
  const out = new Float64Array(columns.length);
  estimateVolatilities(rows, parameters.volatility, out, columns);
  return out;
}

function presentCounts({ returns, bars, count }: SleeveWindow, columns: readonly number[]): Int32Array {
  const present = new Int32Array(columns.length);
  for (let row = 0; row < bars * count; row += count)
    for (let k = 0; k < columns.length; k++) {
      const r = returns[row + columns[k]!]!;
      if (r === r) present[k]!++;
    }
  return present;
}

function areSame(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, i) => value === right[i]);
}
