/** `ballast weights plan`: a policy file and series of strategies in, one plan out as plain data. */
import { readFile } from "node:fs/promises";
import { driftedWeights } from "../allocation/drifted-weights.ts";
import type { AllocationEvent } from "../allocation/fallback.ts";
import { effectiveNumber, riskShares } from "../allocation/plan-diagnostics.ts";
import { weighSleeves } from "../allocation/weigh-sleeves.ts";
import type { RegimePosterior } from "../allocation/weighting.ts";
import { InputError, nearestName } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import { DAY_MS, formatTime, parseBarTime } from "../data/calendar.ts";
import { type DailyReturns, dailyReturns, type SeriesKind } from "../data/daily-series.ts";
import { loadWide } from "../data/wide-csv.ts";
import { loadLinearProgram } from "../math/linear-program.ts";
import { conditionNumber } from "../math/symmetric-eigenvalues.ts";
import { loadSleeveNumbers } from "./sleeve-numbers.ts";
import { loadStrategyWeighting, type Stage, type StrategyWeighting } from "./strategy-weighting.ts";
import { weightingPolicy } from "./weighting-policy.ts";

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

const DAYS_OF = { daily: 1, weekly: 7, monthly: 30 } as const;

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
  const posterior = await posteriorOf(request, block, series.time.slice(first, days));
  const linearProgram = block.method === "cdar_min" ? await loadLinearProgram() : null;
  const policy = weightingPolicy(block, {
    names,
    periodsPerYear: block.periods_per_year,
    riskFreeAnnual: block.risk_free,
    minHistoryBars: block.min_history_days,
    minTrades: block.constraints.min_trades_total,
    smoothingHalfLifeBars: block.smoothing_half_life_days ?? null,
    temperature: block.moe.temperature,
    posteriorHalfLifeBars: block.moe.smoothing_half_life_days ?? null,
    where: "strategy_weighting",
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

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function daysUpTo({ time }: DailyReturns, asOf: string | undefined, file: string): number {
  if (asOf === undefined) return time.length;
  const last = parseBarTime(asOf);
  if (last === undefined) throw InputError.of({ where: "--as-of", rule: "must be a date YYYY-MM-DD", got: asOf });
  const days = time.findLastIndex((day) => day <= last) + 1;
  if (days === 0)
    throw InputError.of({
      where: "--as-of",
      rule: `is before the first day of ${file}, ${formatTime(time[0]!)}`,
      got: asOf,
    });
  return days;
}

async function tradeCounts(
  request: WeightsRequest,
  block: StrategyWeighting,
  names: readonly string[],
): Promise<number[] | null> {
  if (request.trades === undefined) {
    if (block.constraints.min_trades_total > 0)
      throw InputError.of({
        where: `${request.policy} strategy_weighting.constraints.min_trades_total`,
        rule: "needs trade counts, --trades with a CSV strategy,trades",
        got: block.constraints.min_trades_total,
      });
    return null;
  }
  const counts = await loadSleeveNumbers(request.trades, "trades");
  return names.map((name) => counts.get(name) ?? 0);
}

/** The last plan as the market left it, and how long ago it was. */
async function lastPlan(
  { previous, series: file }: WeightsRequest,
  block: StrategyWeighting,
  series: DailyReturns,
  days: number,
): Promise<{ readonly weights: Float64Array; readonly days: number } | null> {
  if (previous === undefined) return null;
  const { names, returns, time } = series;
  const isPlan = /\.json$/i.test(previous);
  const earlier = isPlan ? await readPlan(previous) : null;
  const held =
    earlier === null ? await loadSleeveNumbers(previous, "weight") : new Map(Object.entries(earlier.weights));
  const gone = [...held].find(([name, weight]) => weight !== 0 && !names.includes(name));
  if (gone !== undefined)
    throw InputError.of({
      where: previous,
      rule: `holds a strategy that is not in ${file}`,
      got: gone[0],
      suggestion: nearestName(gone[0], names),
    });
  const weights = Float64Array.from(names, (name) => held.get(name) ?? 0);
  if (earlier === null) return { weights, days: DAYS_OF[block.rebalance_interval] };
  const from = time.findLastIndex((day) => day <= earlier.asOf);
  if (from < 0 || from >= days)
    throw InputError.of({
      where: previous,
      rule: `its as_of is not before the plan's, ${formatTime(time[days - 1]!)}`,
      got: formatTime(earlier.asOf),
    });
  const elapsed = Math.round((time[days - 1]! - time[from]!) / DAY_MS);
  return { weights: driftedWeights(weights, returns, from, days - 1), days: elapsed };
}

async function readPlan(path: string): Promise<{ weights: Record<string, number>; asOf: number }> {
  let plan: Partial<WeightsPlan>;
  try {
    plan = JSON.parse(await readFile(path, "utf8")) as Partial<WeightsPlan>;
  } catch (error) {
    throw InputError.of({ where: path, rule: `cannot be read as a plan: ${(error as Error).message}` });
  }
  const weights = plan?.weights_by_strategy;
  const asOf = parseBarTime(String(plan?.as_of ?? ""));
  if (weights === undefined || asOf === undefined || Object.values(weights).some((w) => !Number.isFinite(w)))
    throw InputError.of({ where: path, rule: "must be a plan with as_of and weights_by_strategy" });
  return { weights: { ...weights }, asOf };
}

async function posteriorOf(
  { posterior: path }: WeightsRequest,
  { moe }: StrategyWeighting,
  days: readonly number[],
): Promise<RegimePosterior | null> {
  if (path === undefined) return null;
  const { axes, values } = await loadWide(path);
  const columns = (moe.regimes ?? axes.assets).map((regime) => {
    const column = axes.assets.indexOf(regime);
    if (column >= 0) return column;
    throw InputError.of({
      where: path,
      rule: "has no such regime",
      got: regime,
      suggestion: nearestName(regime, axes.assets),
    });
  });
  const width = axes.assets.length;
  const rowOf = new Map(
    Array.from(axes.time as Float64Array, (time, row) => [Math.floor(time / DAY_MS) * DAY_MS, row]),
  );
  const found = days.flatMap((day) => {
    const row = rowOf.get(day);
    return columns.map((column) => (row === undefined ? Number.NaN : values[row * width + column]!));
  });
  return { regimes: columns.length, values: Float64Array.from(found) };
}

async function inputHashes(request: WeightsRequest): Promise<Record<string, string>> {
  const files = ["policy", "series", "previous", "trades", "posterior"] as const;
  const hashes: Record<string, string> = {};
  for (const name of files) {
    const path = request[name];
    if (path !== undefined) hashes[name] = hashValue((await readFile(path)).toString("base64"));
  }
  const { kind, capital, asOf = null, stage = null } = request;
  hashes.options = hashValue({ kind, capital, asOf, stage });
  return hashes;
}
