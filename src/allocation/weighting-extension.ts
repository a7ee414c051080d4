/** Weighting methods of extensions: what a module defines, and the same with its parameters in, as a method like the
 *  built-in ones. It is given copies and what it answers is checked, so that it can spoil nothing but its own weights. */
import type { z } from "zod";
import { InputError } from "../core/errors.ts";
import { calledExtension, type ExtensionOrigin, extensionLabel } from "../core/extension-origin.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { MethodAnswer, Weighing, WeightingMethod } from "./weighting.ts";

/** What a method of an extension may look at: copies, but for the figures that are asked for. */
export type WeightingProblem = Omit<Weighing, "parameters" | "linearProgram">;

/** `{ ok: true }` with the weights in `out`, or why there are none: the next method of the chain is asked then. */
export type WeightingAnswer =
  | { readonly ok: true; readonly value?: Partial<MethodAnswer> | undefined }
  | { readonly ok: false; readonly reason: string };

export interface WeightingExtension<Schema extends z.ZodType = z.ZodType> {
  readonly extends: "weighting";
  /** snake_case: the name in `allocation.method`, and of the block of its parameters. */
  readonly name: string;
  /** A sentence. */
  readonly describe: string;
  /** A strict object of zod's. */
  readonly parameters: Schema;
  /** False when the method looks at no returns, so that a sleeve takes part from its first bar; true without it. */
  readonly usesHistory?: boolean;
  /**
   * The same problem and parameters must come to the same answer: nothing may be kept from call to call.
   *
   * @param out [count] of NaN; to be filled with finite weights that sum to 1, or to `problem.bounds.budget`
   */
  weigh(problem: WeightingProblem, parameters: z.output<Schema>, out: Float64Array): WeightingAnswer;
}

/** A weighting method for `allocation.method`, by the name it has in the experiment. */
export function defineWeighting<Schema extends z.ZodType>(
  definition: Omit<WeightingExtension<Schema>, "extends">,
): WeightingExtension<Schema> {
  return Object.freeze({ ...definition, extends: "weighting" });
}

/** A method of an extension with its parameters in. As JSON it is all that its answers depend on beside the problem. */
export interface BoundWeighting extends WeightingMethod {
  readonly origin: ExtensionOrigin;
  readonly parameters: unknown;
}

/** Furthest the sum of an answer may be from 1 and from the budget. */
const SUM_TOLERANCE = 1e-6;

/**
 * @param parameters as the definition's schema gave them: plain data
 * @throws InputError (of `weigh`) naming file and definition when it throws, or its answer is none
 */
export function boundWeighting(
  extension: WeightingExtension,
  parameters: Readonly<Record<string, unknown>>,
  origin: ExtensionOrigin,
): BoundWeighting {
  const { name } = extension;
  const label = extensionLabel(origin, "weighting", name);
  return {
    name,
    usesHistory: extension.usesHistory ?? true,
    origin,
    parameters,
    weigh: (problem, out) => {
      const weights = new Float64Array(out.length).fill(Number.NaN);
      const answer = calledExtension(label, () =>
        extension.weigh(copied(problem), structuredClone(parameters), weights),
      );
      const checked = checkedAnswer(answer, label);
      if (!checked.ok) return checked;
      checkWeights(weights, problem.bounds.budget, label);
      out.set(weights);
      return checked;
    },
  };
}

/** Nothing of it is shared with what the rest of the plan reads. */
function copied(problem: Weighing): WeightingProblem {
  const { window, statistics, covariance, volatilities, strength, posterior, bounds } = problem;
  return {
    window: { ...window, returns: Float64Array.from(window.returns) },
    statistics: () => structuredClone(statistics()),
    covariance: () => structuredClone(covariance()),
    volatilities: () => volatilities().slice(),
    strength: Float64Array.from(strength),
    posterior: posterior === null ? null : { ...posterior, values: Float64Array.from(posterior.values) },
    bounds: { ...bounds, lower: bounds.lower.slice(), upper: bounds.upper.slice() },
  };
}

function checkedAnswer(answer: unknown, label: string): Result<MethodAnswer> {
  const refused = (rule: string, got?: string) => InputError.of({ where: label, rule, got });
  const given = (answer ?? {}) as { ok?: unknown; reason?: unknown; value?: Partial<MethodAnswer> | undefined };
  if (given.ok === false && typeof given.reason === "string") return fail(given.reason);
  if (given.ok !== true)
    throw refused("must return { ok: true } with its weights in `out`, or { ok: false, reason }", shown(answer));
  const { leverage = 1, warnings = [] } = given.value ?? {};
  if (!(Number.isFinite(leverage) && leverage >= 0))
    throw refused("must answer with a leverage that is a number >= 0", shown(leverage));
  if (!(Array.isArray(warnings) && warnings.every((text) => typeof text === "string")))
    throw refused("must answer with warnings that are a list of sentences", shown(warnings));
  return ok({ leverage, warnings });
}

function checkWeights(weights: Float64Array, budget: number, label: string): void {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    if (!Number.isFinite(weights[k]!))
      throw InputError.of({
        where: label,
        rule: `must write a finite weight for each of the ${weights.length} sleeves, out[${k}] is not`,
        got: `${weights[k]}`,
      });
    sum += weights[k]!;
  }
  const nearest = Math.abs(sum - 1) < Math.abs(sum - budget) ? 1 : budget;
  if (Math.abs(sum - nearest) > SUM_TOLERANCE)
    throw InputError.of({
      where: label,
      rule: `must write weights that sum to 1${budget === 1 ? "" : `, or to the budget of ${budget}`}`,
      got: sum,
    });
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? `${value}`;
}
