/** A worker thread of the training stage: fits the folds it is sent, on planes it shares. */
import { parentPort, workerData } from "node:worker_threads";
import { FitCancelledError } from "./model.ts";
import { trainFold } from "./training-fold.ts";
import { type PooledTask, replyOf, type WorkerReply, type WorkerSetup } from "./training-pool.ts";

const { features, labels, threads, cancel } = workerData as WorkerSetup;
const cancelled = (): boolean => Atomics.load(cancel, 0) !== 0;

parentPort?.on("message", ({ task, labels: own }: PooledTask) => {
  const reply: WorkerReply = replyOf(() => {
    if (cancelled()) throw new FitCancelledError(task.model);
    return trainFold(task, features, labels[own]!, { threads, cancelled });
  });
  parentPort?.postMessage(reply);
});
