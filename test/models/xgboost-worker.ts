/** Fits a model in a worker: says "started" before the first round, then its scores or what went wrong. */
import { parentPort, workerData } from "node:worker_threads";
import { FitCancelledError } from "../../src/models/model.ts";
import { xgboost } from "../../src/models/xgboost.ts";
import { CONTEXT, formulaTraining } from "./formula-rows.ts";

export interface WorkerTask {
  readonly rounds: number;
  /** [1] anything but 0 cancels. */
  readonly flag: Int32Array<SharedArrayBuffer>;
}

const { rounds, flag } = workerData as WorkerTask;
const training = formulaTraining(0, 300);
let told = false;
const cancelled = (): boolean => {
  if (!told) parentPort!.postMessage("started");
  told = true;
  return Atomics.load(flag, 0) !== 0;
};
try {
  const library = { subsample: 0.5, max_depth: 4 };
  const model = xgboost.fit(training, { rounds, library, earlyStopping: null }, { ...CONTEXT, cancelled });
  const out = new Float64Array(300);
  model.score(training.x, 300, out);
  parentPort!.postMessage(out);
} catch (error) {
  parentPort!.postMessage(error instanceof FitCancelledError ? "cancelled" : `${error}`);
}
