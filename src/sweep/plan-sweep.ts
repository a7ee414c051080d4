/** The trials of a sweep before any of them runs: their configs, what is wrong with some, and which results they share. */
import { InputError, renderFault } from "../core/errors.ts";
import type { AxisValue, SweepAxis } from "../core/sweep-record.ts";
import { type Constraint, holds, parseConstraint } from "../experiment/constraint.ts";
import type { DecisionInputs } from "../experiment/decision-inputs.ts";
import { experimentRules } from "../experiment/load-config.ts";
import { setPath } from "../experiment/overrides.ts";
import { signalPath, sourceOf } from "../experiment/resolve.ts";
import type { ExperimentConfig } from "../experiment/schema.ts";
import { validated } from "../experiment/strict-yaml.ts";
import { type Assignment, assignmentsOf, axesOf, axisValue } from "./assignments.ts";
import { keyGround, type StageKeys, stageKeys } from "./stage-keys.ts";

export interface PlannedTrial {
  readonly index: number;
  readonly values: readonly (AxisValue | undefined)[];
  /** null where the trial is invalid. */
  readonly config: ExperimentConfig | null;
  readonly keys: StageKeys | null;
  /** Why it is invalid; null when it is not. */
  readonly error: string | null;
}

export interface SweepPlan {
  readonly axes: readonly SweepAxis[];
  readonly trials: readonly PlannedTrial[];
}

/**
 * @param raw    the experiment as written, overrides applied
 * @param config the same, validated; its sweep block says what is tried
 */
export function planSweep(
  raw: Readonly<Record<string, unknown>>,
  config: ExperimentConfig,
  dataHash: string,
  inputs: DecisionInputs,
): SweepPlan {
  const block = config.sweep!;
  const assignments = assignmentsOf(block, config.seed);
  const axes = axesOf(assignments);
  // what cannot be read was refused with the file
  const constraints = block.where.map(parseConstraint).filter((constraint) => "operator" in constraint);
  const ground = keyGround(dataHash, inputs);
  const rules = experimentRules(inputs.extensions);
  // Trials see nothing of a holdout; without models there is nobody else to keep it from.
  const left = config.l5 === undefined ? ["sweep", "validation"] : ["sweep"];
  const base = Object.fromEntries(Object.entries(raw).filter(([key]) => !left.includes(key)));
  const trials = assignments.map((assignment, index): PlannedTrial => {
    const values = axes.map(({ path }) => (assignment.has(path) ? axisValue(assignment.get(path)) : undefined));
    const made = trialConfig(base, assignment, config, constraints, rules);
    if (typeof made === "string") return { index, values, config: null, keys: null, error: made };
    return { index, values, config: made, keys: stageKeys(made, ground), error: null };
  });
  return { axes, trials };
}

/** @returns the config, or why there is none */
function trialConfig(
  base: Readonly<Record<string, unknown>>,
  assignment: Assignment,
  shared: ExperimentConfig,
  constraints: readonly Constraint[],
  rules: ReturnType<typeof experimentRules>,
): ExperimentConfig | string {
  const raw = structuredClone(base) as Record<string, unknown>;
  try {
    for (const [path, value] of assignment) setPath(raw, path, structuredClone(value), path);
    const config = validated(raw, rules, (path) => path.join("."));
    const other = otherInput(config, shared);
    if (other !== null) return `${other}: names other data than the experiment, whose data all trials share`;
    const broken = constraints.find((constraint) => !holds(constraint, (path) => valueAt(config, path)));
    return broken === undefined ? config : `excluded by sweep.where: ${broken.text}`;
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(renderFault).join("; ");
    throw error;
  }
}

/** The first key by which a config would be run on something else than what was loaded for all; null without one. */
function otherInput(config: ExperimentConfig, shared: ExperimentConfig): string | null {
  const path = signalPath(config);
  const posterior = config.allocation?.moe.posterior;
  if (sourceOf(shared.data) === "sample" && config.seed !== shared.seed) return "seed";
  if (path !== undefined && path !== signalPath(shared)) return "signal.path";
  if (posterior !== undefined && posterior !== shared.allocation?.moe.posterior) return "allocation.moe.posterior";
  return config.portfolio.funding_column === shared.portfolio.funding_column ? null : "portfolio.funding_column";
}

function valueAt(config: ExperimentConfig, path: string): unknown {
  let value: unknown = config;
  for (const key of path.split(".")) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return value;
}
