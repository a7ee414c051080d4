/** What a plan of strategies is made from beside the series: the plan before it, trade counts, and their hashes. */
import { readFile } from "node:fs/promises";
import { driftedWeights } from "../allocation/drifted-weights.ts";
import { InputError, nearestName } from "../core/errors.ts";
import { hashValue } from "../core/hash.ts";
import { DAY_MS, formatTime, parseBarTime } from "../data/calendar.ts";
import type { DailyReturns } from "../data/daily-series.ts";
import { isRecord } from "./config-faults.ts";
import { loadSleeveNumbers } from "./sleeve-numbers.ts";
import type { StrategyWeighting } from "./strategy-weighting.ts";
import type { WeightsPlan, WeightsRequest } from "./weights-plan.ts";

/** More than this of one strategy is no weight but a slip. */
const MOST_WEIGHT = 10;
const DAYS_OF = { daily: 1, weekly: 7, monthly: 30 } as const;

/** @returns null where none are given and none are needed */
export async function tradeCounts(
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
  for (const [name, count] of counts)
    if (!Number.isInteger(count) || count < 0)
      throw InputError.of({ where: request.trades, rule: `${name} must be a whole number of trades`, got: count });
  return names.map((name) => counts.get(name) ?? 0);
}

/** The last plan as the market left it, and how long ago it was. */
export async function lastPlan(
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
  const wild = [...held].find(([, weight]) => Math.abs(weight) > MOST_WEIGHT);
  if (wild !== undefined)
    throw InputError.of({ where: previous, rule: `${wild[0]} must be a weight between -10 and 10`, got: wild[1] });
  const weights = Float64Array.from(names, (name) => held.get(name) ?? 0);
  if (earlier === null) return { weights, days: DAYS_OF[block.rebalance_interval] };
  const from = time.findLastIndex((day) => day <= earlier.asOf);
  if (from < 0 || from >= days || earlier.asOf > time[days - 1]!)
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
  if (!isRecord(weights) || asOf === undefined || Object.values(weights).some((w) => !Number.isFinite(w)))
    throw InputError.of({ where: path, rule: "must be a plan with as_of and weights_by_strategy" });
  return { weights: { ...weights }, asOf };
}

/** Of every file and option the plan depends on. */
export async function inputHashes(request: WeightsRequest): Promise<Record<string, string>> {
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
