/** Features that a file of the user's own defines: parameters are those of its zod schema, and the function gets the
 *  planes that built-in features get. Row t of what it writes may use rows <= t only; `ballast lookahead` proves it. */
import type { z } from "zod";
import { InputError } from "../../core/errors.ts";
import { callExtension, type Extension, extensionPlace, type ParameterSchema, tagged } from "../../core/extension.ts";
import { canonicalJson } from "../../core/hash.ts";
import type { FeatureInputs } from "./feature-inputs.ts";

export interface FeatureExtension<Ps extends ParameterSchema = ParameterSchema> extends Extension<"feature", Ps> {
  /** What the feature's column is called, in place of the name that is made of its parameters. */
  column?(parameters: z.output<Ps>): string;
  /** Writes out [T*N], which holds NaN; NaN = no value. Bars without a close are blanked afterwards.
   *  Inputs are copies, so that nothing it writes to them is seen by the catalogue's features. */
  compute(inputs: FeatureInputs, parameters: z.output<Ps>, out: Float64Array): void;
}

/** A feature of an extension with all its parameters. */
export interface ExtensionFeature {
  readonly extension: FeatureExtension;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A feature for the `features` block of experiments that name its file under `extensions`.
 *
 * @returns the definition, frozen; export it from the file
 */
export function defineFeature<const Ps extends ParameterSchema>(
  definition: Omit<FeatureExtension<Ps>, "extends" | "file">,
): FeatureExtension<Ps> {
  return tagged("feature", definition);
}

/**
 * my_momentum_60, my_momentum_60_side_long: the name, every number of bars, then what differs from its default.
 *
 * @throws InputError naming file and definition where its own `column` throws or names none
 */
export function extensionColumn({ extension, parameters }: ExtensionFeature): string {
  if (extension.column !== undefined) return ownColumn(extension, parameters);
  const bars: string[] = [];
  const changed: string[] = [];
  for (const [key, schema] of Object.entries(extension.parameters.shape)) {
    const value = parameters[key];
    if (key.endsWith("_bars") && typeof value === "number") bars.push(String(value));
    else if (canonicalJson(value ?? null) !== canonicalJson(defaultOf(schema) ?? null))
      changed.push(`${key}_${typeof value === "object" ? canonicalJson(value) : value}`);
  }
  return [extension.name, ...bars, ...changed].join("_");
}

function ownColumn(extension: FeatureExtension, parameters: ExtensionFeature["parameters"]): string {
  const column: unknown = callExtension(extension, "column", () => extension.column?.(structuredClone(parameters)));
  if (typeof column === "string" && column !== "") return column;
  throw InputError.of({
    where: extensionPlace(extension),
    rule: "column must return what the column is called, a text",
    got: typeof column === "string" ? column : typeof column,
  });
}

function defaultOf(schema: ParameterSchema["shape"][string]): unknown {
  const parsed = (schema as z.ZodType).safeParse(undefined);
  return parsed.success ? parsed.data : undefined;
}
