/** A thread that runs groups of trials on shared panels. */
import { parentPort, workerData } from "node:worker_threads";
import { consoleOnStderr } from "../core/console-on-stderr.ts";
import type { Floats } from "../core/panel.ts";
import { reloadExtensions } from "../experiment/load-extensions.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { loadLinearProgram } from "../math/linear-program.ts";
import { asError, decideTrial, runTrials, type TrialOutcome, trialGround } from "./run-trials.ts";
import { multiplierOf, type SharedInputs, type SharedRamps } from "./shared-panels.ts";
import { packDecisions, type StoredDecisions, type TradedDecisions, unpackDecisions } from "./stored-decisions.ts";

/** What every group of trials reads. */
export interface WorkerData {
  readonly inputs: SharedInputs;
  readonly needsLinearProgram: boolean;
  /** By key of the stage. */
  readonly strengths: ReadonlyMap<string, Floats>;
  readonly multipliers: ReadonlyMap<string, SharedRamps>;
  /** Whether what was decided is sent back, for the cache. */
  readonly keepsDecisions: boolean;
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
  /** Key of what they trade. */
  readonly decisions: string;
}

/** A group as a thread is given it. */
export interface GroupMessage extends TrialGroup {
  /** What an earlier run decided; null = decide it. */
  readonly decided: StoredDecisions | null;
}

export type WorkerReply =
  | { readonly kind: "decided"; readonly decisions: StoredDecisions }
  | { readonly kind: "outcome"; readonly trial: number; readonly outcome: TrialOutcome }
  | { readonly kind: "failed"; readonly trial: number; readonly error: string }
  | { readonly kind: "done" };

const port = parentPort!;
const { inputs, needsLinearProgram, strengths, multipliers, keepsDecisions } = workerData as WorkerData;
consoleOnStderr();
const extensions = reloadExtensions(inputs.extensions);
const linearProgram = needsLinearProgram ? await loadLinearProgram() : null;
const ground = trialGround({ ...inputs, extensions, linearProgram });
const bars = inputs.market.axes.time.length;
const assets = inputs.market.axes.assets.length;
const send = (reply: WorkerReply, handedOver: ArrayBuffer[] = []) => port.postMessage(reply, handedOver);

port.on("message", async (group: GroupMessage) => {
  const settle = (position: number, outcome: TrialOutcome | Error) => {
    const trial = group.trials[position]!;
    if (outcome instanceof Error) send({ kind: "failed", trial, error: outcome.message });
    else send({ kind: "outcome", trial, outcome }, [outcome.equity.buffer as ArrayBuffer]);
  };
  const decisions = decisionsOf(group);
  if (decisions instanceof Error) for (const position of group.trials.keys()) settle(position, decisions);
  else await runTrials(group.configs, decisions, ground, settle);
  send({ kind: "done" });
});

function decisionsOf({ configs, strength, multiplier, decided }: GroupMessage): TradedDecisions | Error {
  if (decided !== null) return unpackDecisions(decided, bars, assets);
  try {
    const ramps = multipliers.get(multiplier);
    const selected = ramps === undefined ? null : multiplierOf(ramps);
    const decisions = decideTrial(configs[0]!, strengths.get(strength) ?? null, selected, ground);
    if (keepsDecisions) send({ kind: "decided", decisions: packDecisions(decisions, assets) });
    return decisions;
  } catch (error) {
    return asError(error);
  }
}
