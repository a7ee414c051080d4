/** Trials as a leaderboard has them: what came of each, and their order by one metric. */
import type { Trial } from "../core/sweep-record.ts";
import type { PlannedTrial } from "./plan-sweep.ts";
import type { TrialResults } from "./run-open-trials.ts";
import { trialId } from "./stage-keys.ts";

/** Those that were done, failed or could not be; the ones a stop kept from running are left out. */
export function settledTrials(planned: readonly PlannedTrial[], { outcomes, failures }: TrialResults): Trial[] {
  return planned.flatMap(({ index, values, keys, config, error }): Trial[] => {
    const id = trialId(keys);
    const outcome = outcomes.get(index);
    if (outcome !== undefined) return [{ index, id, values, state: "done", error: null, metrics: outcome.metrics }];
    const failure = failures.get(index);
    if (failure !== undefined) return [{ index, id, values, state: "failed", error: failure, metrics: {} }];
    return config === null ? [{ index, id, values, state: "invalid", error, metrics: {} }] : [];
  });
}

/** @returns Trial.index of those done, best first; trials without the metric last, ties in order of index */
export function rankTrials(trials: readonly Trial[], metric: string, ascending: boolean): number[] {
  const sign = ascending ? 1 : -1;
  const value = (trial: Trial) => trial.metrics[metric] ?? Number.NaN;
  return trials
    .filter(({ state }) => state === "done")
    .sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x !== x || y !== y) return Number(x !== x) - Number(y !== y) || a.index - b.index;
      return sign * (x - y) || a.index - b.index;
    })
    .map(({ index }) => index);
}
