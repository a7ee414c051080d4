/** What a module of extensions exports, looked at before anything uses it: structurally, as the module may have been given
 *  another copy of ballast than the one that runs. */
import { z } from "zod";
import { EXTENSION_KINDS, type Extension, type ExtensionKind, type ParameterSchema } from "../core/extension.ts";
import { METRIC_DIRECTIONS, METRIC_GROUP_NAMES, METRIC_UNITS } from "../core/metric-info.ts";
import { FEATURE_NAMES } from "../data/features/catalogue.ts";
import { METRICS } from "../metrics/catalogue.ts";
import { TAKEN_WEIGHTING_NAMES } from "./allocation-schema.ts";
import { TAKEN_MODEL_NAMES } from "./l5-schema.ts";
import { SIGNAL_KINDS } from "./signal-schema.ts";

/** What each kind has beside name, describe and parameters. */
interface KindRules {
  /** Functions it must have. */
  readonly functions: readonly string[];
  /** What it may say, true or false. */
  readonly flags?: readonly string[];
  /** Texts it must have, and the values they may take; null = any. */
  readonly texts?: Readonly<Record<string, readonly string[] | null>>;
  /** Names that are taken. */
  readonly taken: readonly string[];
  /** A key that its parameters stand beside, and so cannot be called. */
  readonly tag?: string;
}

const RULES: Readonly<Record<ExtensionKind, KindRules>> = {
  feature: { functions: ["compute"], taken: FEATURE_NAMES, tag: "name" },
  signal: { functions: ["strength"], taken: SIGNAL_KINDS, tag: "kind" },
  weighting: { functions: ["weigh"], flags: ["usesHistory", "usesStrength"], taken: TAKEN_WEIGHTING_NAMES },
  model: { functions: ["fit", "restore"], taken: TAKEN_MODEL_NAMES },
  metric: {
    functions: ["compute"],
    texts: { label: null, unit: METRIC_UNITS, better: METRIC_DIRECTIONS, group: METRIC_GROUP_NAMES },
    taken: [...METRICS.map(({ key }) => key), "risk_free", "rank", "index", "id", "state", "error"],
  },
};

/** As much as a row of the console has room for. */
const LONGEST_TEXT = 24;

const NAME = /^[a-z][a-z0-9_]*$/;

/** Exports that carry the tag of a define-function, each once. */
export function definitionsIn(exported: Readonly<Record<string, unknown>>): Extension<ExtensionKind>[] {
  const found = new Set<Extension<ExtensionKind>>();
  for (const value of Object.values(exported))
    if (typeof value === "object" && value !== null && EXTENSION_KINDS.includes((value as Definition).extends))
      found.add(value as Extension<ExtensionKind>);
  return [...found];
}

/** What is wrong with a definition, in words that go on from its place; null = nothing. */
export function definitionFault(definition: Extension<ExtensionKind>): string | null {
  const { name, describe, parameters } = definition;
  const { functions, flags = [], texts = {}, taken, tag } = RULES[definition.extends];
  const given = definition as unknown as Readonly<Record<string, unknown>>;
  if (typeof name !== "string" || !NAME.test(name))
    return `name must be lower-case letters, digits and underscores, got ${JSON.stringify(name) ?? "nothing"}`;
  if (taken.includes(name)) return `the name ${name} is taken by a built-in`;
  if (typeof describe !== "string" || describe.trim() === "") return "describe must be a sentence";
  const missing = functions.find((key) => typeof given[key] !== "function");
  if (missing !== undefined) return `${missing} must be a function`;
  const unclear = flags.find((key) => !["boolean", "undefined"].includes(typeof given[key]));
  if (unclear !== undefined) return `${unclear} must be true or false`;
  for (const [key, values] of Object.entries(texts)) {
    const text = given[key];
    if (typeof text !== "string" || text === "") return `${key} must be text`;
    if (text.length > LONGEST_TEXT) return `${key} must have at most ${LONGEST_TEXT} characters, got "${text}"`;
    if (values !== null && !values.includes(text)) return `${key} must be one of ${values.join(", ")}, got "${text}"`;
  }
  return parametersFault(parameters, tag);
}

function parametersFault(parameters: ParameterSchema, tag: string | undefined): string | null {
  if (parameters?._zod?.def?.type !== "object") return "parameters must be a z.strictObject({...}), empty without any";
  const odd = Object.keys(parameters.shape).find((key) => !NAME.test(key) || key === tag);
  if (odd !== undefined)
    return odd === tag
      ? `parameters cannot have the key ${tag}, which names the ${tag === "kind" ? "signal" : "feature"}`
      : `the parameter ${odd} must be called in lower-case letters, digits and underscores`;
  try {
    z.toJSONSchema(parameters);
    return null;
  } catch (error) {
    return `parameters must be plain data that a YAML file can hold: ${(error as Error).message}`;
  }
}

type Definition = { readonly extends: ExtensionKind };
