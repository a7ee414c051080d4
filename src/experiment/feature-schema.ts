/** The `features` block of the experiment's YAML: a list of features, each with the parameters that its entry in the
 *  catalogue names. Defaults and limits are those of the entry; here they become keys, messages and JSON Schema. */
import { z } from "zod";
import { FEATURE_NAMES, type FeatureName, type FeatureSpec, featureEntry } from "../data/features/catalogue.ts";
import { type Parameter, parameterName } from "../data/features/feature.ts";
import type { FeatureExtension } from "../data/features/feature-extension.ts";
import { type FeatureRequest, featureName } from "../data/features/feature-name.ts";
import { isRecord } from "./config-faults.ts";
import { extensionKeys } from "./extension-schema.ts";

/** A feature as the YAML has it, every default filled in; the name of one of an extension is in no catalogue. */
export type FeatureConfig = { readonly name: FeatureName } & Readonly<Record<string, number | string | null>>;

/** Features of extensions by name. */
export type FeatureExtensions = ReadonlyMap<string, FeatureExtension>;

const NONE: FeatureExtensions = new Map();

/** `[{name: momentum, lookback_bars: 60}, {name: volatility}]`; two of one column name are refused. */
export function features(extensions: FeatureExtensions = NONE) {
  const names = [...FEATURE_NAMES, ...extensions.keys()];
  const own = Array.from(extensions.values(), (extension) => extensionKeys(extension, "name"));
  const feature = z.discriminatedUnion("name", [...FEATURE_NAMES.map(featureObject), ...own] as [z.ZodObject], {
    error: ({ input }) => {
      if (!isRecord(input)) return "must be a mapping such as {name: momentum, lookback_bars: 60}";
      return `must be one of ${names.join(", ")}`;
    },
  }) as unknown as z.ZodType<FeatureConfig>;
  return z
    .array(feature)
    .min(1)
    .superRefine((configs, context) => {
      const columns = featureSpecs(configs, extensions).map(featureName);
      for (const [i, name] of columns.entries())
        if (columns.indexOf(name) < i)
          context.addIssue({ code: "custom", path: [i], message: `makes the column ${name} a second time` });
    })
    .describe("Features computed from the data, each a column such as momentum_60.");
}

/** What the block asks the data stage for. */
export function featureSpecs(
  block: readonly FeatureConfig[],
  extensions: FeatureExtensions = NONE,
): readonly FeatureRequest[] {
  return block.map((config) => {
    const extension = extensions.get(config.name);
    if (extension === undefined) return specOf(config);
    const { name: _name, ...parameters } = config;
    return { extension, parameters };
  });
}

function specOf({ name, ...keys }: FeatureConfig): FeatureSpec {
  const parameters = Object.keys(featureEntry(name).parameters);
  // Keys and values are those of the entry: the schema was made from it.
  return { name, ...Object.fromEntries(parameters.map((key) => [key, keys[parameterName(key)]])) } as FeatureSpec;
}

function featureObject(name: FeatureName): z.ZodType {
  const { parameters, describe, fault } = featureEntry(name);
  const keys = Object.entries(parameters).map(([key, parameter]) => [parameterName(key), parameterValue(parameter)]);
  const object = z.strictObject({ name: z.literal(name), ...Object.fromEntries(keys) }).describe(describe);
  if (fault === undefined) return object;
  return object.superRefine((config, context) => {
    const found = fault(specOf(config as FeatureConfig));
    if (found !== null) context.addIssue({ code: "custom", path: [parameterName(found.key)], message: found.rule });
  });
}

function parameterValue(parameter: Parameter): z.ZodType {
  const { kind, describe } = parameter;
  switch (kind) {
    case "bars":
      return z.int().min(parameter.least).default(parameter.default).describe(describe);
    case "least":
      return z.int().min(parameter.least).nullable().default(parameter.default).describe(describe);
    case "choice":
      return z.enum(parameter.options).default(parameter.default).describe(describe);
    case "column":
      return z.string().min(1).describe(describe);
  }
}
