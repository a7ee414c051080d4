/** The `strategy_weighting` policy file: how a world of strategies is weighted, with overrides per stage. */
import { z } from "zod";
import { WEIGHTING_METHOD_NAMES } from "../allocation/methods/catalogue.ts";
import { isRecord, type Path } from "./config-faults.ts";
import { parseStrictYaml, readYamlText } from "./strict-yaml.ts";
import { methodKeys, tier, weightLimitFaults, weightLimits } from "./weighting-schema.ts";

export const STAGES = ["backtest", "paper", "live"] as const;
export type Stage = (typeof STAGES)[number];

const block = z.strictObject({
  method: z.enum(WEIGHTING_METHOD_NAMES).default("equal_weight").describe("Weighting method."),
  lookback_days: z
    .int()
    .min(2)
    .nullable()
    .default(90)
    .describe("Days of returns the method sees; null = the whole series."),
  min_history_days: z.int().min(2).default(20).describe("Strategies with fewer days in the lookback get 0."),
  rebalance_interval: z
    .enum(["daily", "weekly", "monthly"])
    .default("weekly")
    .describe("How often the plan is meant to be made; said in the plan, kept by whoever schedules it."),
  periods_per_year: z.number().positive().default(365).describe("Days a year of the series, for annualising."),
  risk_free: z.number().gt(-1).default(0).describe("Annual rate."),
  ...methodKeys,
  moe: z
    .strictObject({
      regimes: z.array(z.string().min(1)).min(1).optional().describe("Columns of the posterior file; all without it."),
      temperature: z.number().positive().default(1).describe("Of the softmax over conditional Sharpe ratios."),
      smoothing_half_life_days: z.number().positive().optional().describe("Of the probabilities; none without it."),
    })
    .prefault({}),
  constraints: z
    .strictObject({
      ...weightLimits,
      min_trades_total: z.int().min(0).default(0).describe("Strategies with fewer trades get 0; needs trade counts."),
    })
    .prefault({}),
  smoothing_half_life_days: z.number().positive().optional().describe("Of the way from the last plan to the new one."),
  tier,
});

const file = z.strictObject({
  strategy_weighting: z.looseObject({ stages: z.partialRecord(z.enum(STAGES), z.looseObject({})).optional() }),
});

export type StrategyWeighting = z.output<typeof block>;

/**
 * @param stage whose overrides apply; null = the block as it stands
 * @throws InputError naming the line of everything that is wrong
 */
export function loadStrategyWeighting(path: string, stage: Stage | null): StrategyWeighting {
  const text = readYamlText(path);
  const least = "`strategy_weighting`";
  parseStrictYaml(text, path, [], { schema: file, least });
  const whole = z.strictObject({ strategy_weighting: block });
  let overrides: unknown;
  const prepare = (raw: Readonly<Record<string, unknown>>) => {
    const { stages, ...common } = raw.strategy_weighting as Record<string, unknown>;
    overrides = stage === null || !isRecord(stages) ? undefined : stages[stage];
    return { strategy_weighting: isRecord(overrides) ? merged(common, overrides) : common };
  };
  const origin = (at: Path): Path =>
    isWritten(overrides, at.slice(1)) ? ["strategy_weighting", "stages", stage!, ...at.slice(1)] : at;
  const faults = ({ strategy_weighting: { constraints } }: z.output<typeof whole>) =>
    weightLimitFaults(constraints).map(([at, rule, got]) => ({
      path: ["strategy_weighting", "constraints", ...at],
      rule,
      got,
    }));
  return parseStrictYaml(text, path, [], { schema: whole, least, prepare, origin, faults }).strategy_weighting;
}

/** Mappings are merged key by key, anything else is replaced. */
function merged(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const both = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const present = both[key];
    both[key] = isRecord(present) && isRecord(value) ? merged(present, value) : value;
  }
  return both;
}

function isWritten(value: unknown, path: Path): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return false;
  if (!isRecord(value) || !Object.hasOwn(value, key)) return false;
  return rest.length === 0 || isWritten(value[key], rest);
}
