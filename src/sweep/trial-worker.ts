/** A thread that runs groups of trials on shared panels. */
import { parentPort, workerData } from "node:worker_threads";
import type { Floats } from "../core/panel.ts";
import { reloadExtensions } from "../experiment/load-extensions.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { loadLinearProgram } from "../math/linear-program.ts";
import { runTrials, type TrialOutcome, trialGround } from "./run-trials.ts";
import { multiplierOf, type SharedInputs, type SharedRamps } from "./shared-panels.ts";

/** What every group of trials reads. */
export interface WorkerData {
  readonly inputs: SharedInputs;
  readonly needsLinearProgram: boolean;
  /** By key of the stage. */
  readonly strengths: ReadonlyMap<string, Floats>;
  readonly multipliers: ReadonlyMap<string, SharedRamps>;
}

/** Trials that decide alike. */
export interface TrialGroup {
  /** PlannedTrial.index of each. */
  readonly trials: readonly number[];
  readonly configs: readonly ExperimentConfig[];
  /** Equal for groups that weigh alike and differ in who takes part. */
  readonly policy: string;
  /** Keys of what they share; "" = none. */
  readonly strength: string;
  readonly multiplier: string;
}

export type WorkerReply =
  | { readonly kind: "outcome"; readonly trial: number; readonly outcome: TrialOutcome }
  | { readonly kind: "failed"; readonly trial: number; readonly error: string }
  | { readonly kind: "done" };

const port = parentPort!;
const { inputs, needsLinearProgram, strengths, multipliers } = workerData as WorkerData;
const extensions = reloadExtensions(inputs.extensions);
const linearProgram = needsLinearProgram ? await loadLinearProgram() : null;
const ground = trialGround({ ...inputs, extensions, linearProgram });
const send = (reply: WorkerReply, handedOver: ArrayBuffer[] = []) => port.postMessage(reply, handedOver);

port.on("message", async ({ trials, configs, strength, multiplier }: TrialGroup) => {
  const ramps = multipliers.get(multiplier);
  await runTrials(
    configs,
    strengths.get(strength) ?? null,
    ramps === undefined ? null : multiplierOf(ramps),
    ground,
    (position, outcome) => {
      const trial = trials[position]!;
      if (outcome instanceof Error) send({ kind: "failed", trial, error: outcome.message });
      else send({ kind: "outcome", trial, outcome }, [outcome.equity.buffer as ArrayBuffer]);
    },
  );
  send({ kind: "done" });
});
