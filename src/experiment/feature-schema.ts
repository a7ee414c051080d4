/** The `features` block of the experiment's YAML: a list of features, each with the parameters that its entry in the
 *  catalogue names. Defaults and limits are those of the entry; here they become keys, messages and JSON Schema. */
import { z } from "zod";
import { FEATURE_NAMES, type FeatureName, type FeatureSpec, featureEntry } from "../data/features/catalogue.ts";
import { type Parameter, parameterName } from "../data/features/feature.ts";
import { featureName } from "../data/features/feature-name.ts";
import { isRecord } from "./config-faults.ts";

/** A feature as the YAML has it, every default filled in. */
export type FeatureConfig = { readonly name: FeatureName } & Readonly<Record<string, number | string | null>>;

const feature = z.discriminatedUnion("name", FEATURE_NAMES.map(featureObject) as [z.ZodObject], {
  error: ({ input }) => {
    if (!isRecord(input)) return "must be a mapping such as {name: momentum, lookback_bars: 60}";
    return `must be one of ${FEATURE_NAMES.join(", ")}`;
  },
}) as unknown as z.ZodType<FeatureConfig>;

/** `[{name: momentum, lookback_bars: 60}, {name: volatility}]`; two of one column name are refused. */
export const features = z
  .array(feature)
  .min(1)
  .superRefine((configs, context) => {
    const names = featureSpecs(configs).map(featureName);
    for (const [i, name] of names.entries())
      if (names.indexOf(name) < i)
        context.addIssue({ code: "custom", path: [i], message: `makes the column ${name} a second time` });
  })
  .describe("Features computed from the data, each a column such as momentum_60.");

/** What the block asks the data stage for. */
export function featureSpecs(block: readonly FeatureConfig[]): readonly FeatureSpec[] {
  return block.map(specOf);
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
