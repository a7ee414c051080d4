/** Groups of trials over worker threads. A thread that dies is replaced and its group tried once more; who is told to stop
 *  finishes what is in flight. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { TrialOutcome } from "./run-trials.ts";
import type { TrialGroup, WorkerData, WorkerReply } from "./trial-worker.ts";

export interface PoolListener {
  onOutcome(trial: number, outcome: TrialOutcome): void;
  onFailure(trial: number, error: string): void;
}

const ATTEMPTS = 2;

interface Job {
  readonly group: TrialGroup;
  readonly attempt: number;
}

/**
 * @param workers threads, at least 1
 * @param stop    aborted: no further group is begun
 * @returns when every group that was begun is done
 */
export async function runPool(
  groups: readonly TrialGroup[],
  shared: WorkerData,
  workers: number,
  listener: PoolListener,
  stop: AbortSignal,
): Promise<void> {
  const waiting: Job[] = groups.map((group) => ({ group, attempt: 1 }));
  const lanes = Math.min(workers, groups.length);
  const current: string[] = new Array<string>(lanes).fill("");
  await Promise.all(current.map((_, lane) => runLane(lane, current, waiting, shared, listener, stop)));
}

/** The next group of the policy a lane is at, whose plans it has in memory; else one of a policy nobody is at. */
function takeJob(waiting: Job[], lane: number, current: string[]): Job {
  const same = waiting.findIndex(({ group }) => group.policy === current[lane]);
  const free = same >= 0 ? same : waiting.findIndex(({ group }) => !current.includes(group.policy));
  const [job] = waiting.splice(Math.max(0, free), 1);
  current[lane] = job!.group.policy;
  return job!;
}

/** One thread after another until nothing waits. */
async function runLane(
  lane: number,
  current: string[],
  waiting: Job[],
  shared: WorkerData,
  listener: PoolListener,
  stop: AbortSignal,
): Promise<void> {
  let worker: Worker | null = null;
  while (waiting.length > 0 && !stop.aborted) {
    const job = takeJob(waiting, lane, current);
    worker ??= startWorker(shared);
    const open = new Set(job.group.trials);
    const death = await runJob(worker, job.group, open, listener);
    if (death === null) continue;
    worker = null;
    const rest = restOf(job.group, open);
    if (job.attempt < ATTEMPTS) waiting.unshift({ group: rest, attempt: job.attempt + 1 });
    else for (const trial of rest.trials) listener.onFailure(trial, `its thread died twice: ${death}`);
  }
  await worker?.terminate();
}

function startWorker(shared: WorkerData): Worker {
  const file = new URL(`./trial-worker${extname(import.meta.url)}`, import.meta.url);
  return new Worker(file, { workerData: shared });
}

/** @returns null when the group is done; else why the thread died */
function runJob(
  worker: Worker,
  group: TrialGroup,
  open: Set<number>,
  { onOutcome, onFailure }: PoolListener,
): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (death: string | null) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve(death);
    };
    const onMessage = (reply: WorkerReply) => {
      if (reply.kind === "done") return settle(null);
      open.delete(reply.trial);
      if (reply.kind === "outcome") onOutcome(reply.trial, reply.outcome);
      else onFailure(reply.trial, reply.error);
    };
    const onError = (error: Error) => settle(error.message);
    const onExit = (code: number) => settle(`exit code ${code}`);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(group);
  });
}

function restOf(group: TrialGroup, open: ReadonlySet<number>): TrialGroup {
  const kept = [...group.trials.keys()].filter((position) => open.has(group.trials[position]!));
  return {
    ...group,
    trials: kept.map((position) => group.trials[position]!),
    configs: kept.map((position) => group.configs[position]!),
  };
}
