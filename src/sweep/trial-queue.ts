/** Which group of trials a thread takes next: one whose answers it has in memory already. A thread keeps to one weighting
 *  policy, whose aims it knows, and after that to one lookback, whose estimates it knows. */
import type { TrialGroup } from "./trial-worker.ts";

export interface Job {
  readonly group: TrialGroup;
  readonly attempt: number;
}

/** What a thread is at. */
export interface Place {
  lookback: number;
  policy: string;
}

export interface TrialQueue {
  /** By lookback and policy, in order of their first; none is empty. */
  readonly waiting: Map<number, Map<string, Job[]>>;
}

export function trialQueue(groups: readonly TrialGroup[]): TrialQueue {
  const queue: TrialQueue = { waiting: new Map() };
  for (const group of groups) putJob(queue, { group, attempt: 1 });
  return queue;
}

/** At the end of its policy. */
export function putJob({ waiting }: TrialQueue, job: Job): void {
  const lookback = lookbackOf(job.group);
  const policies = waiting.get(lookback) ?? new Map<string, Job[]>();
  waiting.set(lookback, policies);
  const jobs = policies.get(job.group.policy);
  if (jobs === undefined) policies.set(job.group.policy, [job]);
  else jobs.push(job);
}

/**
 * @param own   where the thread is; moved to the job's
 * @param all   where each thread is, itself among them
 * @returns null when nothing waits
 */
export function takeJob({ waiting }: TrialQueue, own: Place, all: readonly Place[]): Job | null {
  const free = waiting.keys().find((lookback) => !all.some((place) => place.lookback === lookback));
  const lookback = waiting.has(own.lookback) ? own.lookback : (free ?? waiting.keys().next().value);
  if (lookback === undefined) return null;
  const policies = waiting.get(lookback)!;
  const alone = policies.keys().find((policy) => !all.some((place) => place.policy === policy));
  const policy = policies.has(own.policy) ? own.policy : (alone ?? policies.keys().next().value!);
  const jobs = policies.get(policy)!;
  const job = jobs.shift()!;
  if (jobs.length === 0) policies.delete(policy);
  if (policies.size === 0) waiting.delete(lookback);
  own.lookback = lookback;
  own.policy = policy;
  return job;
}

/** Bars back that the method of a group looks; 0 where no block says. */
function lookbackOf({ configs }: TrialGroup): number {
  return configs[0]?.allocation?.lookback_bars ?? 0;
}
