/** Folds over worker threads that share the planes. A fit and its whole booster live on one thread; results are the same
 *  bytes for any number of workers and come in the order of the tasks. */
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type Fault, InputError } from "../core/errors.ts";
import { type ModelExtensions, NO_MODEL_EXTENSIONS } from "./catalogue.ts";
import type { FeaturePlanes } from "./design-matrix.ts";
import { FitCancelledError } from "./model.ts";
import { type FoldResult, type FoldTask, trainFold } from "./training-fold.ts";
import { prepareXgboost } from "./xgboost-library.ts";

/** A task, how it is called in errors, and which of the label planes is its own. */
export interface PooledTask {
  readonly name: string;
  readonly task: FoldTask;
  readonly labels: number;
}

export interface PooledPlanes {
  readonly features: FeaturePlanes;
  /** [T*N] each. */
  readonly labels: readonly Float64Array[];
}

/** How a thread comes by models of extensions, which cannot be sent: it loads them anew. */
export interface ModelLoader {
  /** URL of a module that exports `loadModels(data): ModelExtensions`. */
  readonly module: string;
  /** Plain data: what that function is given. */
  readonly data: unknown;
}

export interface TrainingPoolOptions {
  readonly workers: number;
  /** Of one fit. */
  readonly threads: number;
  /** Ends the training with a FitCancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Models of extensions here, and how workers come by the same; null = there are none. */
  readonly extensions?: { readonly models: ModelExtensions; readonly loader: ModelLoader } | null | undefined;
  /** Told as each task ends, in the order in which they do. */
  readonly onResult: (task: number, result: FoldResult, ms: number) => void;
}

/** What a worker is given when it starts; planes in shared memory are not copied. */
export interface WorkerSetup extends PooledPlanes {
  readonly threads: number;
  /** null = no model is of an extension. */
  readonly loader: ModelLoader | null;
  /** [1] fits of tasks beyond this one end. */
  readonly last: Int32Array<SharedArrayBuffer>;
}

/** What a worker is sent: a task, and its position among all. */
export interface SentTask extends PooledTask {
  readonly position: number;
}

export type WorkerReply =
  | { readonly ok: true; readonly result: FoldResult; readonly ms: number }
  | { readonly ok: false; readonly failure: Failure };

/** An error as it travels between threads. */
export type Failure =
  | { readonly kind: "input"; readonly faults: readonly Fault[] }
  | { readonly kind: "cancelled"; readonly message: string }
  | { readonly kind: "bug"; readonly message: string; readonly stack: string };

/** Workers and threads of each that keep every core busy and none twice. */
export function poolSize(
  tasks: number,
  cores = availableParallelism(),
): Pick<TrainingPoolOptions, "workers" | "threads"> {
  const workers = Math.max(1, Math.min(cores, tasks));
  return { workers, threads: Math.max(1, Math.floor(cores / workers)) };
}

/** A copy that all threads see. */
export function sharedPlane(plane: ArrayLike<number>): Float64Array<SharedArrayBuffer> {
  const shared = new Float64Array(new SharedArrayBuffer(plane.length * 8));
  shared.set(plane);
  return shared;
}

/**
 * @throws InputError naming the task, for rows or parameters that a model refuses
 * @throws FitCancelledError when the signal said so
 */
export async function trainFolds(
  tasks: readonly PooledTask[],
  planes: PooledPlanes,
  options: TrainingPoolOptions,
): Promise<void> {
  prepareXgboost();
  const failures: [task: number, Failure][] = [];
  if (options.workers === 1) await trainHere(tasks, planes, options, failures);
  else await trainOnWorkers(tasks, planes, options, failures);
  failures.sort(([a], [b]) => a - b);
  // Where one fit fails the others are cancelled, which is not what went wrong.
  const [task, failure] = failures.find(([, { kind }]) => kind !== "cancelled") ?? failures[0] ?? [];
  if (task !== undefined && failure !== undefined) throw errorOf(failure, tasks[task]!.name);
}

async function trainHere(
  tasks: readonly PooledTask[],
  { features, labels }: PooledPlanes,
  { threads, signal, extensions, onResult }: TrainingPoolOptions,
  failures: [number, Failure][],
): Promise<void> {
  const models = extensions?.models ?? NO_MODEL_EXTENSIONS;
  for (const [i, { task, labels: own }] of tasks.entries()) {
    const cancelled = () => signal?.aborted === true;
    const reply = replyOf(() => {
      if (cancelled()) throw new FitCancelledError(task.model);
      return trainFold(task, features, labels[own]!, { threads, cancelled }, models);
    });
    if (!reply.ok) {
      failures.push([i, reply.failure]);
      return;
    }
    onResult(i, reply.result, reply.ms);
    await turn();
  }
}

/** Trains a fold and says how it went. */
export function replyOf(train: () => FoldResult): WorkerReply {
  const started = performance.now();
  try {
    return { ok: true, result: train(), ms: performance.now() - started };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof InputError) return { kind: "input", faults: error.faults };
  if (error instanceof FitCancelledError) return { kind: "cancelled", message: error.message };
  const { message, stack = "" } = error instanceof Error ? error : new Error(`${error}`);
  return { kind: "bug", message, stack };
}

function errorOf(failure: Failure, name: string): Error {
  switch (failure.kind) {
    case "input":
      return new InputError(failure.faults.map((fault) => ({ ...fault, where: `${name}: ${fault.where}` })));
    case "cancelled":
      return new FitCancelledError(name);
    case "bug":
      return Object.assign(new Error(`${name}: ${failure.message}`), { cause: failure.stack });
  }
}

/** Each worker takes the next task when it has done its last. A failure ends the fits of later tasks as well, but not of
 *  earlier ones: which task the error names is no matter of who was faster. */
async function trainOnWorkers(
  tasks: readonly PooledTask[],
  planes: PooledPlanes,
  { workers, threads, signal, extensions, onResult }: TrainingPoolOptions,
  failures: [number, Failure][],
): Promise<void> {
  const last = new Int32Array(new SharedArrayBuffer(4)).fill(tasks.length);
  const stopAfter = (task: number) => void Atomics.store(last, 0, Math.min(task, Atomics.load(last, 0)));
  const stop = () => stopAfter(-1);
  if (signal?.aborted === true) stop();
  signal?.addEventListener("abort", stop);
  const setup: WorkerSetup = { ...planes, threads, last, loader: extensions?.loader ?? null };
  let next = 0;
  const work = async (): Promise<void> => {
    // the flags of this process (--eval, --input-type) are not meant for a file
    const worker = new Worker(new URL(`./training-worker${extname(import.meta.url)}`, import.meta.url), {
      workerData: setup,
      execArgv: [],
    });
    try {
      while (next < tasks.length && failures.length === 0) {
        const i = next++;
        const reply = await ask(worker, { ...tasks[i]!, position: i });
        if (reply.ok) onResult(i, reply.result, reply.ms);
        else {
          failures.push([i, reply.failure]);
          stopAfter(i);
        }
      }
    } catch (error) {
      stop();
      next = tasks.length;
      throw error;
    } finally {
      // no native call is running, so nothing of the library is torn
      await worker.terminate();
    }
  };
  try {
    const done = await Promise.allSettled(Array.from({ length: Math.min(workers, tasks.length) }, work));
    for (const each of done) if (each.status === "rejected") throw each.reason;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function ask(worker: Worker, message: SentTask): Promise<WorkerReply> {
  return new Promise((resolve) => {
    const done = (reply: WorkerReply) => {
      worker.off("message", done);
      worker.off("error", onError);
      worker.off("exit", onExit);
      resolve(reply);
    };
    const onError = (error: unknown) => done({ ok: false, failure: failureOf(error) });
    const onExit = (code: number) => onError(new Error(`its worker thread ended with code ${code}`));
    worker.on("message", done);
    worker.on("error", onError);
    worker.on("exit", onExit);
    worker.postMessage(message);
  });
}
