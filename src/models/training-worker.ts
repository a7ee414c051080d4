/** A worker thread of the training stage: fits the folds it is sent, on planes it shares. */
import { parentPort, workerData } from "node:worker_threads";
import { consoleOnStderr } from "../core/console-on-stderr.ts";
import { type ModelExtensions, NO_MODEL_EXTENSIONS } from "./catalogue.ts";
import { FitCancelledError } from "./model.ts";
import { trainFold } from "./training-fold.ts";
import { type ModelLoader, replyOf, type SentTask, type WorkerReply, type WorkerSetup } from "./training-pool.ts";

const { features, labels, threads, last, loader } = workerData as WorkerSetup;

consoleOnStderr();

/** What loading came to: the models, or the error that every task is answered with. */
const loaded: ModelExtensions | { readonly failed: unknown } =
  loader === null ? NO_MODEL_EXTENSIONS : await loadedModels(loader).catch((failed: unknown) => ({ failed }));

parentPort?.on("message", ({ task, labels: own, position }: SentTask) => {
  const cancelled = (): boolean => position > Atomics.load(last, 0);
  const reply: WorkerReply = replyOf(() => {
    if (cancelled()) throw new FitCancelledError(task.model);
    if ("failed" in loaded) throw loaded.failed;
    return trainFold(task, features, labels[own]!, { threads, cancelled }, loaded);
  });
  parentPort?.postMessage(reply);
});

async function loadedModels({ module, data }: ModelLoader): Promise<ModelExtensions> {
  const { loadModels } = (await import(module)) as { loadModels: (data: unknown) => ModelExtensions };
  return loadModels(data);
}
