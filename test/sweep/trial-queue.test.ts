import { expect, test } from "vitest";
import { NO_EXTENSIONS } from "../../src/experiment/extensions.ts";
import { experimentRules } from "../../src/experiment/load-config.ts";
import type { ExperimentConfig } from "../../src/experiment/schema.ts";
import { validated } from "../../src/experiment/strict-yaml.ts";
import { type Place, putJob, takeJob, trialQueue } from "../../src/sweep/trial-queue.ts";
import type { TrialGroup } from "../../src/sweep/trial-worker.ts";

/** Trials are numbered in order: a group of one each. */
function groupsOf(...kinds: readonly (readonly [lookback: number, policy: string])[]): TrialGroup[] {
  return kinds.map(([lookback, policy], trial) => ({
    trials: [trial],
    configs: [configOf(lookback)],
    policy: `${policy}/${lookback}`,
    strength: "",
    multiplier: "",
    decisions: "",
  }));
}

function configOf(lookback: number): ExperimentConfig {
  const raw = { name: "x", data: { source: "sample" }, allocation: { method: "hrp", lookback_bars: lookback } };
  return validated(raw, experimentRules(NO_EXTENSIONS), (path) => path.join("."));
}

const places = (lanes: number): Place[] => Array.from({ length: lanes }, () => ({ lookback: -1, policy: "" }));

test("a thread finishes its policy, then its lookback, then goes on to the next", () => {
  const queue = trialQueue(groupsOf([20, "hrp"], [30, "hrp"], [20, "erc"], [20, "hrp"], [30, "hrp"], [20, "erc"]));
  const all = places(1);
  const taken = Array.from({ length: 6 }, () => takeJob(queue, all[0]!, all)!.group.trials[0]);
  expect(taken).toEqual([0, 3, 2, 5, 1, 4]);
  expect(takeJob(queue, all[0]!, all)).toBe(null);
});

test("two threads go to different lookbacks, and share the last one by policy", () => {
  const queue = trialQueue(groupsOf([20, "hrp"], [20, "erc"], [30, "hrp"], [30, "hrp"], [30, "erc"]));
  const all = places(2);
  const take = (lane: number) => takeJob(queue, all[lane]!, all)?.group.trials[0];
  expect([take(0), take(1)]).toEqual([0, 2]);
  expect(take(0)).toBe(1);
  // Nothing is left at 20: the other policy of 30, whose first the other thread is at.
  expect(take(0)).toBe(4);
  expect(take(1)).toBe(3);
  expect(take(0)).toBe(undefined);
});

test("a group that is put back is taken again", () => {
  const queue = trialQueue(groupsOf([20, "hrp"]));
  const all = places(1);
  const job = takeJob(queue, all[0]!, all)!;
  putJob(queue, { ...job, attempt: 2 });
  expect(takeJob(queue, all[0]!, all)).toEqual({ ...job, attempt: 2 });
});
