/** Groups of trials over worker threads. A thread that dies is replaced and its group tried once more; who is told to stop
 *  finishes what is in flight. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { TrialOutcome } from "./run-trials.ts";
import type { StoredDecisions } from "./stored-decisions.ts";
import { type Job, type Place, putJob, type TrialQueue, takeJob, trialQueue } from "./trial-queue.ts";
import type { GroupMessage, TrialGroup, WorkerData, WorkerReply } from "./trial-worker.ts";

export interface PoolListener {
  /** What is known of the group's decisions: null = the thread decides; undefined = the group cannot run now. */
  decided(group: TrialGroup): StoredDecisions | null | undefined;
  onDecided(group: TrialGroup, decisions: StoredDecisions): void;
  onOutcome(trial: number, outcome: TrialOutcome): void;
  onFailure(trial: number, error: string): void;
}

const ATTEMPTS = 2;

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
  const queue = trialQueue(groups);
  const lanes = Math.min(workers, groups.length);
  const places: Place[] = Array.from({ length: lanes }, () => ({ lookback: -1, policy: "" }));
  await Promise.all(places.map((place) => runLane(place, places, queue, shared, listener, stop)));
}

/** One thread after another until nothing waits. */
async function runLane(
  place: Place,
  places: readonly Place[],
  queue: TrialQueue,
  shared: WorkerData,
  listener: PoolListener,
  stop: AbortSignal,
): Promise<void> {
  let worker: Worker | null = null;
  while (!stop.aborted) {
    const job: Job | null = takeJob(queue, place, places);
    if (job === null) break;
    const decided = listener.decided(job.group);
    if (decided === undefined) continue;
    worker ??= startWorker(shared);
    const open = new Set(job.group.trials);
    const death = await runJob(worker, { ...job.group, decided }, open, listener);
    if (death === null) continue;
    worker = null;
    const rest = restOf(job.group, open);
    if (job.attempt < ATTEMPTS) putJob(queue, { group: rest, attempt: job.attempt + 1 });
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
  group: GroupMessage,
  open: Set<number>,
  { onDecided, onOutcome, onFailure }: PoolListener,
): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (death: string | null) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve(death);
    };
    const onMessage = (reply: WorkerReply) => {
      if (reply.kind === "done") return settle(null);
      if (reply.kind === "decided") return onDecided(group, reply.decisions);
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
