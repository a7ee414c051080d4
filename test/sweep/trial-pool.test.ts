/** Threads that die under their trials: replaced, and what they had in hand tried once more. */
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { loadDecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { openMarket } from "../../src/experiment/open-market.ts";
import { sharedFloats, sharedInputs } from "../../src/sweep/shared-panels.ts";
import { runPool } from "../../src/sweep/trial-pool.ts";
import type { TrialGroup } from "../../src/sweep/trial-worker.ts";

const config = parseConfig("name: p\ndata: {sample_assets: 3, sample_bars: 80}\n", "p.yaml");

/** As many groups of two trials as are asked for, over threads; the n-th message, with its first trial, meets `onMessage`. */
async function run(
  groups: number,
  workers: number,
  onMessage: (worker: Worker, n: number, trial: number) => boolean,
  stop?: AbortSignal,
) {
  const inputs = await loadDecisionInputs(config, await openMarket(config, "p.yaml"), "p.yaml");
  const ones = sharedFloats(new Float64Array(inputs.market.close.length).fill(1));
  let sent = 0;
  const started = new Set<Worker>();
  const post = Worker.prototype.postMessage;
  vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker, message: TrialGroup) {
    started.add(this);
    if (onMessage(this, sent++, message.trials[0]!)) post.call(this, message);
  });
  const outcomes: number[] = [];
  const failures = new Map<number, string>();
  await runPool(
    Array.from(
      { length: groups },
      (_, g): TrialGroup => ({
        trials: [2 * g, 2 * g + 1],
        configs: [config, config],
        policy: "",
        strength: "s",
        multiplier: "",
        decisions: `d${g}`,
      }),
    ),
    {
      inputs: sharedInputs(inputs),
      needsLinearProgram: false,
      strengths: new Map([["s", ones]]),
      multipliers: new Map(),
      keepsDecisions: false,
    },
    workers,
    {
      decided: () => null,
      onDecided: () => {},
      onOutcome: (trial) => outcomes.push(trial),
      onFailure: (trial, error) => failures.set(trial, error),
    },
    stop ?? new AbortController().signal,
  );
  return { outcomes: outcomes.sort((a, b) => a - b), failures, threads: started.size };
}

const dies = (worker: Worker) => {
  void worker.terminate();
  return false;
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a pool of threads", () => {
  test("runs every trial once", async () => {
    const { outcomes, failures, threads } = await run(4, 2, () => true);
    expect(outcomes).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([failures.size, threads]).toEqual([0, 2]);
  });

  test("replaces a thread that dies, and its trials run on the next", async () => {
    const { outcomes, failures, threads } = await run(3, 1, (worker, n) => n !== 1 || dies(worker));
    expect(outcomes).toEqual([0, 1, 2, 3, 4, 5]);
    expect([failures.size, threads]).toEqual([0, 2]);
  });

  test("gives a group up whose threads die twice, as failures with the reason, and goes on", async () => {
    const { outcomes, failures, threads } = await run(3, 1, (worker, _, trial) => trial !== 0 || dies(worker));
    expect(outcomes).toEqual([2, 3, 4, 5]);
    expect([...failures.keys()]).toEqual([0, 1]);
    for (const error of failures.values()) expect(error).toMatch(/^its thread died twice: exit code \d$/);
    expect(threads).toBeLessThanOrEqual(3);
  });

  test("a thread that cannot even start is the same", async () => {
    // the first message of each thread never arrives, as its memory is gone
    const { outcomes, failures } = await run(2, 2, dies);
    expect(outcomes).toEqual([]);
    expect([...failures.keys()].sort()).toEqual([0, 1, 2, 3]);
  });

  test("begins nothing once it is told to stop, and finishes what it had begun", async () => {
    const stop = new AbortController();
    const { outcomes, failures } = await run(
      3,
      1,
      (_, n) => {
        if (n === 1) stop.abort();
        return true;
      },
      stop.signal,
    );
    expect([outcomes, failures.size]).toEqual([[0, 1, 2, 3], 0]);
  });
});
