/** The blocks of the experiment's YAML that name weighting methods: `allocation`, `benchmark` and `comparison`. Methods of
 *  extensions are named like the built-in ones, and have a block of parameters each in `allocation`. */
import { z } from "zod";
import { WEIGHTING_METHOD_NAMES } from "../allocation/methods/catalogue.ts";
import type { WeightingExtension } from "../allocation/weighting-extension.ts";
import { spareExtensionBlock } from "./extension-schema.ts";
import { wholeBars } from "./portfolio-schema.ts";
import { distinct, methodKeys, tier, weightLimits } from "./weighting-schema.ts";

/** Methods of extensions by name. */
export type WeightingExtensions = ReadonlyMap<string, WeightingExtension>;

function methodName(extensions: WeightingExtensions): z.ZodType<string, string> {
  return z.enum([...WEIGHTING_METHOD_NAMES, ...extensions.keys()]);
}

/** Keys of the allocation block beside the method. */
const ownKeys = {
  lookback_bars: wholeBars(2).default(60).describe("Returns the method sees, counted back from the decision."),
  rebalance_bars: wholeBars(1).default(5).describe("Bars between decisions."),
  min_history_bars: wholeBars(2)
    .optional()
    .describe("Returns an asset needs in the lookback to take part; half of the lookback without it."),
  ...methodKeys,
  moe: z
    .strictObject({
      posterior: z
        .string()
        .min(1)
        .optional()
        .describe("Wide CSV `date,<regime>...` of regime probabilities known at each close."),
      temperature: z.number().positive().default(1).describe("Of the softmax over conditional Sharpe ratios."),
      smoothing_half_life_bars: z.number().positive().optional().describe("Of the probabilities; none without it."),
    })
    .prefault({}),
  constraints: z.strictObject(weightLimits).prefault({}),
  smoothing_half_life_bars: z
    .number()
    .positive()
    .optional()
    .describe("Part of the way to a new plan, 1 - 2^(-bars/half-life); the whole way without it."),
  apply_scale: z
    .boolean()
    .default(false)
    .describe("Multiply targets by the scale of a volatility target or the leverage of Kelly, else only reported."),
  tier,
};

/** What a method of an extension cannot be called: keys of the block, and what a plan without a method says of itself. */
export const TAKEN_WEIGHTING_NAMES: readonly string[] = [
  ...WEIGHTING_METHOD_NAMES,
  "method",
  ...Object.keys(ownKeys),
  "previous",
  "cash",
];

/** Parameters of extensions are at the name of each; read them with `extensionParameters`. */
export function allocation(extensions: WeightingExtensions) {
  const blocks = Object.fromEntries(Array.from(extensions, ([name, each]) => [name, spareExtensionBlock(each)]));
  return z.strictObject({
    method: methodName(extensions).default("equal_weight").describe("Weighting method."),
    ...ownKeys,
    ...(blocks as Record<never, never>),
  });
}

export function benchmark(extensions: WeightingExtensions) {
  return z.strictObject({
    method: methodName(extensions)
      .optional()
      .describe("Weighting method of the benchmark portfolio, all its parameters at their defaults."),
    symbol: z.string().min(1).optional().describe("Or one symbol, bought and held."),
    lookback_bars: wholeBars(2).optional().describe("As in allocation, which it follows without this."),
    rebalance_bars: wholeBars(1).optional().describe("As in allocation, which it follows without this."),
  });
}

export function comparison(extensions: WeightingExtensions) {
  return z.strictObject({
    methods: z
      .array(methodName(extensions))
      .min(1)
      .refine(distinct, "must name each method once")
      .describe("Weighting methods, each run like the experiment's own."),
  });
}
