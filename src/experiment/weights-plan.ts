/** `ballast weights plan`: a policy file and series of strategies in, one plan out as plain data. */
import type { AllocationEvent } from "../allocation/fallback.ts";
import { effectiveNumber, riskShares } from "../allocation/plan-diagnostics.ts";
import { weighSleeves } from "../allocation/weigh-sleeves.ts";
import { InputError } from "../core/errors.ts";
import { DAY_MS, formatTime, parseBarTime } from "../data/calendar.ts";
import { type DailyReturns, dailyReturns, type SeriesKind } from "../data/daily-series.ts";
import { loadWide } from "../data/wide-csv.ts";
import { loadLinearProgram } from "../math/linear-program.ts";
import { conditionNumber } from "../math/symmetric-eigenvalues.ts";
import { NO_EXTENSIONS } from "./extensions.ts";
import { loadPosterior } from "./regime-posterior.ts";
import { loadStrategyWeighting, type Stage } from "./strategy-weighting.ts";
import { weightingPolicy } from "./weighting-policy.ts";
import { inputHashes, lastPlan, tradeCounts } from "./weights-inputs.ts";

export interface WeightsRequest {
  readonly policy: string;
  readonly series: string;
  readonly kind: SeriesKind;
  /** Currency behind each strategy, for series of pnl. */
  readonly capital: number;
  /** An earlier plan (.json), or CSV strategy,weight of what is held now. */
  readonly previous?: string | undefined;
  /** CSV strategy,trades. */
  readonly trades?: string | undefined;
  /** Wide CSV date,<regime>... of probabilities. */
  readonly posterior?: string | undefined;
  /** Last day that counts; the last of the series without it. */
  readonly asOf?: string | undefined;
  readonly stage?: Stage | undefined;
}

/** As it is printed and stored. */
export interface WeightsPlan {
  readonly method: string;
  readonly as_of: string;
  readonly stage: Stage | null;
  readonly rebalance_interval: string;
  readonly weights_by_strategy: Readonly<Record<string, number>>;
  readonly leverage_by_strategy: Readonly<Record<string, number>>;
  readonly diagnostics: {
    readonly window_days: number;
    readonly cov_estimator: string;
    readonly scale: number;
    readonly condition_number: number | null;
    readonly risk_contributions: Readonly<Record<string, number>>;
    readonly effective_n: number;
    readonly turnover: number | null;
  };
  readonly warnings: readonly string[];
  readonly events: readonly AllocationEvent[];
  /** Hashes of everything the plan was made from. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** @throws InputError for anything wrong with a file, or when there is no plan to give */
export async function planWeights(request: WeightsRequest): Promise<WeightsPlan> {
  const block = loadStrategyWeighting(request.policy, request.stage ?? null);
  const series = dailyReturns(await loadWide(request.series), request.kind, request.capital, request.series);
  const days = daysUpTo(series, request.asOf, request.series);
  const { names } = series;
  const count = names.length;
  const first = block.lookback_days === null ? 0 : Math.max(0, days - block.lookback_days);
  const window = { returns: series.returns.subarray(first * count, days * count), bars: days - first, count };
  const trades = await tradeCounts(request, block, names);
  const previous = await lastPlan(request, block, series, days);
  const posterior =
    request.posterior === undefined
      ? null
      : await loadPosterior(
          request.posterior,
          Float64Array.from(series.time.slice(first, days)),
          dayOf,
          block.moe.regimes,
        );
  const linearProgram = block.method === "cdar_min" ? await loadLinearProgram() : null;
  if (block.method === "moe" && posterior === null)
    throw InputError.of({
      where: `${request.policy} strategy_weighting.method`,
      rule: "`moe` needs regime probabilities, --posterior with a wide CSV date,<regime>...",
    });
  const policy = weightingPolicy(block, {
    names,
    periodsPerYear: block.periods_per_year,
    riskFreeAnnual: block.risk_free,
    minHistoryBars: block.min_history_days,
    minTrades: block.constraints.min_trades_total,
    smoothingHalfLifeBars: block.smoothing_half_life_days ?? null,
    temperature: block.moe.temperature,
    posteriorHalfLifeBars: block.moe.smoothing_half_life_days ?? null,
    extensions: NO_EXTENSIONS,
    where: `${request.policy} strategy_weighting`,
  });
  const plan = weighSleeves(
    {
      window,
      strength: new Float64Array(count).fill(1),
      posterior,
      trades,
      previous: previous?.weights ?? null,
      barsSincePrevious: previous?.days ?? 0,
      covariance: null,
      linearProgram,
      names,
    },
    policy,
  );
  const { weights } = plan;
  if (weights === null) {
    const reasons = plan.events.map(({ kind, detail }) => `${kind}: ${detail}`).join("; ");
    throw InputError.of({ where: request.series, rule: `there is no plan, and no earlier one to keep: ${reasons}` });
  }
  const estimate = plan.covariance();
  const byName = (of: (k: number) => number) => Object.fromEntries(names.map((name, k) => [name, of(k)]));
  const shares = riskShares(weights, estimate.matrix);
  const size = plan.scale * plan.leverage;
  return {
    method: plan.method,
    as_of: formatTime(series.time[days - 1]!),
    stage: request.stage ?? null,
    rebalance_interval: block.rebalance_interval,
    weights_by_strategy: byName((k) => weights[k]!),
    leverage_by_strategy: byName((k) => (weights[k] === 0 ? 0 : size)),
    diagnostics: {
      window_days: window.bars,
      cov_estimator: estimate.used,
      scale: plan.scale,
      condition_number: finiteOrNull(conditionNumber(estimate.matrix, count)),
      risk_contributions: byName((k) => shares[k]!),
      effective_n: effectiveNumber(weights),
      turnover: finiteOrNull(plan.turnover),
    },
    warnings: plan.events.filter(({ kind }) => kind !== "cut").map(({ kind, detail }) => `${kind}: ${detail}`),
    events: plan.events,
    inputs: await inputHashes(request),
  };
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function daysUpTo({ time }: DailyReturns, asOf: string | undefined, file: string): number {
  if (asOf === undefined) return time.length;
  const last = parseBarTime(asOf);
  if (last === undefined) throw InputError.of({ where: "--as-of", rule: "must be a date YYYY-MM-DD", got: asOf });
  const days = time.findLastIndex((day) => day <= last) + 1;
  if (last > time.at(-1)!)
    throw InputError.of({
      where: "--as-of",
      rule: `is after the last day of ${file}, ${formatTime(time.at(-1)!)}`,
      got: asOf,
    });
  if (days === 0)
    throw InputError.of({
      where: "--as-of",
      rule: `is before the first day of ${file}, ${formatTime(time[0]!)}`,
      got: asOf,
    });
  return days;
}
