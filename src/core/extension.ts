/** What the definitions of all extensions have in common, whatever they extend, and what becomes of one that fails: an
 *  error that names its file and itself, never a defect of ballast. */
import type { z } from "zod";
import { InputError } from "./errors.ts";

export const EXTENSION_KINDS = ["feature", "signal", "weighting", "model", "metric"] as const;
export type ExtensionKind = (typeof EXTENSION_KINDS)[number];

/** Parameters of an extension: a zod object of plain data. */
export type ParameterSchema = z.ZodObject;

export interface Extension<Kind extends ExtensionKind, Ps extends ParameterSchema = ParameterSchema> {
  readonly extends: Kind;
  /** What an experiment calls it: lower-case letters, digits and underscores. */
  readonly name: string;
  /** One sentence: what it is, its unit, and what it makes of holes. */
  readonly describe: string;
  /** Become keys of the experiment, with their defaults, limits and descriptions. */
  readonly parameters: Ps;
  /** Where it was loaded from, as the experiment names it. */
  readonly file?: string | undefined;
}

/** The definition as given, tagged and frozen. */
export function tagged<Kind extends ExtensionKind, Definition extends object>(
  kind: Kind,
  definition: Definition,
): Definition & { readonly extends: Kind } {
  return Object.freeze({ ...definition, extends: kind });
}

/** `my-momentum.ts feature my_momentum`: where a person has to look. */
export function extensionPlace({ extends: kind, name, file }: Extension<ExtensionKind>): string {
  return file === undefined ? `${kind} ${name}` : `${file} ${kind} ${name}`;
}

/**
 * What a function of an extension returns.
 *
 * @param what the function's name, for the fault
 * @throws InputError naming file, definition and line in place of anything the function throws, or for a promise
 */
export function callExtension<Result>(definition: Extension<ExtensionKind>, what: string, work: () => Result): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw InputError.of({ where: extensionPlace(definition), rule: `${what} threw: ${message}${placeOf(error)}` });
  }
  if (!(result instanceof Promise)) return result;
  // what it comes to later must not end the process, after the error that it is a promise at all
  result.catch(() => undefined);
  throw InputError.of({ where: extensionPlace(definition), rule: `${what} must not be async` });
}

/**
 * Calls a function that has to write `out`, and looks at what it wrote.
 *
 * @throws InputError where it throws, returns something, or leaves an infinite number
 */
export function fillByExtension(
  definition: Extension<ExtensionKind>,
  what: string,
  out: Float64Array,
  work: () => unknown,
): void {
  const returned = callExtension(definition, what, work);
  const where = extensionPlace(definition);
  if (returned !== undefined)
    throw InputError.of({ where, rule: `${what} must write \`out\` and return nothing, but returned a value` });
  for (let i = 0; i < out.length; i++)
    if (out[i] === Infinity || out[i] === -Infinity)
      throw InputError.of({ where, rule: `${what} must write numbers or NaN, at position ${i} of out`, got: out[i]! });
}

/** The first place of the stack that is not ours: modules of extensions are marked by the loader. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const found = /([^/\s(]+)\?ballast=\d+:(\d+):\d+/.exec(stack);
  return found === null ? "" : ` (${found[1]}:${found[2]})`;
}
