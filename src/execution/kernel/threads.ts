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
  if (own !== undefined) runJob(instance, own);
  await Promise.all(sent);
}

interface Colleague {
  readonly worker: Worker;
  /** Settles once all jobs given to the worker so far have. */
  busy: Promise<void>;
}

const colleagues: Colleague[] = [];

/** Workers are started when first needed, stay for later runs, and do not keep an idle process alive. */
function workerAt(i: number): Colleague {
  const known = colleagues[i];
  if (known !== undefined) return known;
  // the flags of this process (--eval, --input-type) are not meant for a file
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), { execArgv: [] });
  worker.unref();
  const colleague = { worker, busy: Promise.resolve() };
  colleagues[i] = colleague;
  return colleague;
}

function runOnWorker(colleague: Colleague, message: JobMessage): Promise<void> {
  const turn = colleague.busy.then(() => ask(colleague.worker, message));
  colleague.busy = turn.catch(() => undefined);
  return turn;
}

function ask(worker: Worker, message: JobMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (finish: () => void) => {
      worker.off("message", onReply);
      worker.off("error", onError);
      worker.unref();
      finish();
    };
    const onReply = (reply: JobReply) => done(() => (reply === null ? resolve() : reject(new Error(reply))));
    const onError = (error: Error) => {
      for (const [i, { worker: each }] of colleagues.entries()) if (each === worker) delete colleagues[i];
      done(() => reject(error));
    };
    worker.on("message", onReply);
    worker.on("error", onError);
    worker.ref();
    worker.postMessage(message);
  });
}
