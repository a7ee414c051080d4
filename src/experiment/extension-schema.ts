/** Definitions of extensions as keys of the experiment's YAML: the parameters of each as a block of its own. */
import { z } from "zod";
import type { Extension, ExtensionKind, ParameterSchema } from "../core/extension.ts";

/**
 * `{<tag>: <name>, ...parameters}`: the parameters beside the key that names the extension.
 *
 * @param tag the key: "name" of features, "kind" of signals
 */
export function extensionKeys(extension: Extension<ExtensionKind>, tag: string): z.ZodType {
  const { name, describe, parameters } = extension;
  return withOwnRules(
    z.strictObject({ [tag]: z.literal(name), ...parameters.shape }).describe(describe),
    parameters,
    tag,
  );
}

/** `{...parameters}`, all defaults where the block is left out. */
export function extensionBlock({ describe, parameters }: Extension<ExtensionKind>): z.ZodType {
  return withOwnRules(z.strictObject(parameters.shape).describe(describe), parameters).prefault({});
}

/** Rules between parameters that the definition's schema has beyond those of each alone. */
function withOwnRules(object: z.ZodObject, parameters: ParameterSchema, tag?: string): z.ZodType {
  if ((parameters._zod.def.checks ?? []).length === 0) return object;
  return object.superRefine((config, context) => {
    const { [tag ?? ""]: _tag, ...values } = config;
    const parsed = parameters.safeParse(tag === undefined ? config : values);
    for (const { path, message } of parsed.error?.issues ?? [])
      context.addIssue({ code: "custom", path: [...path], message });
  });
}

/** As extensionBlock for a definition that may stay unused: one whose parameters have no defaults can be left out. */
export function spareExtensionBlock(extension: Extension<ExtensionKind>): z.ZodType {
  const { describe, parameters } = extension;
  if (hasDefaults(extension)) return extensionBlock(extension);
  return withOwnRules(z.strictObject(parameters.shape).describe(describe), parameters).optional();
}

/** Whether a definition can be used without a word on its parameters. */
export function hasDefaults({ parameters }: Extension<ExtensionKind>): boolean {
  return parameters.safeParse({}).success;
}

/**
 * Parameters of a definition that is used.
 *
 * @param given what the experiment's block says, defaults filled in; undefined = nothing
 */
export function extensionParameters(
  { parameters }: Extension<ExtensionKind>,
  given: unknown,
): Readonly<Record<string, unknown>> {
  return (given ?? parameters.parse({})) as Readonly<Record<string, unknown>>;
}
