/** Weighting methods of extensions: what a module defines, and the same with its parameters in, as a method like the
 *  built-in ones. It is given copies and what it answers is checked, so that it can spoil nothing but its own weights. */
import { inspect } from "node:util";
import type { z } from "zod";
import { InputError } from "../core/errors.ts";
import { callExtension, type Extension, extensionPlace, type ParameterSchema, tagged } from "../core/extension.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { MethodAnswer, Weighing, WeightingMethod } from "./weighting.ts";

/** What a method of an extension may look at: copies, but for the figures that are asked for. */
export type WeightingProblem = Omit<Weighing, "parameters" | "linearProgram">;

/** `{ ok: true }` with the weights in `out`, or why there are none: the next method of the chain is asked then. */
export type WeightingAnswer =
  | { readonly ok: true; readonly value?: Partial<MethodAnswer> | undefined }
  | { readonly ok: false; readonly reason: string };

export interface WeightingExtension<Ps extends ParameterSchema = ParameterSchema> extends Extension<"weighting", Ps> {
  /** False when the method looks at no returns, so that a sleeve takes part from its first bar; true without it. */
  readonly usesHistory?: boolean;
  /**
   * True when the weights hold the size of the convictions in `problem.strength`, so that targets are not multiplied by
   * it again. Without it the method does not see them: they are all 1.
   */
  readonly usesStrength?: boolean;
  /**
   * The same problem and parameters must come to the same answer: nothing may be kept from call to call.
   *
   * @param out [count] of NaN; to be filled with finite weights that sum to 1, or to `problem.bounds.budget`
   */
  weigh(problem: WeightingProblem, parameters: z.output<Ps>, out: Float64Array): WeightingAnswer;
}

/**
 * A method for `allocation: {method: <name>, <name>: {...}}` of experiments that name its file under `extensions`.
 *
 * @returns the definition, frozen; export it from the file
 */
export function defineWeighting<const Ps extends ParameterSchema>(
  definition: Omit<WeightingExtension<Ps>, "extends" | "file">,
): WeightingExtension<Ps> {
  return tagged("weighting", definition);
}

/** A method of an extension with its parameters in. As JSON it is all that its answers depend on beside the problem. */
export interface BoundWeighting extends WeightingMethod {
  readonly usesStrength: boolean;
  readonly parameters: unknown;
  /** Of the extensions' files: two methods of one name are the same only when it is. */
  readonly hash: string;
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
  hash: string,
): BoundWeighting {
  const { name, usesStrength: seesStrength = false } = extension;
  const where = extensionPlace(extension);
  return {
    name,
    usesHistory: extension.usesHistory ?? true,
    usesStrength: seesStrength,
    parameters,
    hash,
    weigh: (problem, out) => {
      const weights = new Float64Array(out.length).fill(Number.NaN);
      const answer = callExtension(extension, "weigh", () =>
        extension.weigh(copied(problem, seesStrength), structuredClone(parameters), weights),
      );
      const checked = checkedAnswer(answer, where);
      if (!checked.ok) return checked;
      checkWeights(weights, problem.bounds.budget, where);
      out.set(weights);
      return checked;
    },
  };
}

/** Nothing of it is shared with what the rest of the plan reads, nor a view of what lies beyond the window. */
function copied(problem: Weighing, seesStrength: boolean): WeightingProblem {
  const { window, statistics, covariance, volatilities, posterior, bounds } = problem;
  return {
    window: { ...window, returns: Float64Array.from(window.returns) },
    statistics: () => structuredClone(statistics()),
    covariance: () => ({ ...covariance(), matrix: covariance().matrix.slice() }),
    volatilities: () => volatilities().slice(),
    // not so much as read where it is not to be seen: whoever reads it has an aim of this signal alone
    strength: seesStrength ? Float64Array.from(problem.strength) : new Float64Array(window.count).fill(1),
    posterior: posterior === null ? null : { ...posterior, values: Float64Array.from(posterior.values) },
    bounds: { ...bounds, lower: bounds.lower.slice(), upper: bounds.upper.slice() },
  };
}

function checkedAnswer(answer: unknown, where: string): Result<MethodAnswer> {
  const refused = (rule: string, got?: string) => InputError.of({ where, rule, got });
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

function checkWeights(weights: Float64Array, budget: number, where: string): void {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    if (!Number.isFinite(weights[k]!))
      throw InputError.of({
        where,
        rule: `must write a finite weight for each of the ${weights.length} sleeves, out[${k}] is not`,
        got: `${weights[k]}`,
      });
    sum += weights[k]!;
  }
  const nearest = Math.abs(sum - 1) < Math.abs(sum - budget) ? 1 : budget;
  if (Math.abs(sum - nearest) > SUM_TOLERANCE)
    throw InputError.of({
      where,
      rule: `must write weights that sum to 1${budget === 1 ? "" : `, or to the budget of ${budget}`}`,
      got: sum,
    });
}

function shown(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
}
