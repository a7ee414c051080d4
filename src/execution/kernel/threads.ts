/** A run's configs over worker threads that share its memory: they are sent addresses, never numbers. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { type KernelJob, runJob } from "./kernel-module.ts";

export interface JobMessage {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly job: KernelJob;
}

/** The kernel on one memory, on this thread. */
export interface RunningKernel {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly instance: WebAssembly.Instance;
}

/** What a worker says when a job is done: null, or what went wrong. */
export type JobReply = string | null;

/** The last job of the list runs on this thread, the others on workers. */
export async function runJobs({ module, memory, instance }: RunningKernel, jobs: readonly KernelJob[]): Promise<void> {
  const sent = jobs.slice(0, -1).map((job, i) => runOnWorker(workerAt(i), { module, memory, job }));
  const own = jobs.at(-1);
  if (own !== undefined) runJob(instance, memory, own);
  await Promise.all(sent);
}

interface Colleague {
  readonly worker: Worker;
  /** Who waits for the replies to come, in the order of the jobs; a worker answers one job after the other. */
  readonly waiting: Waiting[];
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

const colleagues: Colleague[] = [];

/** Workers are started when first needed, stay for later runs, and do not keep an idle process alive. */
function workerAt(i: number): Colleague {
  const known = colleagues[i];
  if (known !== undefined) return known;
  // the flags of this process (--eval, --input-type) are not meant for a file
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), { execArgv: [] });
  const colleague: Colleague = { worker, waiting: [] };
  worker.on("message", (reply: JobReply) => {
    const first = colleague.waiting.shift();
    if (colleague.waiting.length === 0) worker.unref();
    if (reply === null) first?.resolve();
    else first?.reject(new Error(reply));
  });
  worker.on("error", (error) => {
    if (colleagues[i] === colleague) delete colleagues[i];
    for (const { reject } of colleague.waiting.splice(0)) reject(error as Error);
  });
  worker.unref();
  colleagues[i] = colleague;
  return colleague;
}

/** Sends the job at once: this thread is about to be busy with its own. */
function runOnWorker({ worker, waiting }: Colleague, message: JobMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    worker.ref();
    worker.postMessage(message);
  });
}
