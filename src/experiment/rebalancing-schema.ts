/** The `rebalancing` block of the experiment's YAML: when decided weights are traded, and in how many steps. */
import { z } from "zod";
import { DRIFT_MEASURES } from "../core/contracts.ts";
import { CALENDAR_PERIODS, MOST_GROUPS, SPLIT_ROUNDING, TRIGGERS } from "../rebalancing/rebalancing-policy.ts";
import { wholeBars } from "./portfolio-schema.ts";
import { distinct } from "./weighting-schema.ts";

/** What holds where a trigger reads a key that is not given. */
export const REBALANCING_DEFAULTS = { interval: 1, drift: "max" } as const;

/** Assets of no group, where there are groups. */
export const REST_GROUP = "other";

const sumsToOne = (parts: readonly number[]) =>
  Math.abs(parts.reduce((sum, part) => sum + part, 0) - 1) <= SPLIT_ROUNDING;

export const rebalancing = z.strictObject({
  trigger: z
    .enum(TRIGGERS)
    .default("calendar")
    .describe(
      "`calendar` trades decisions on the bars of `interval`; `threshold` whenever drift from the targets is large enough; `hybrid` only looks at drift on the bars of `interval`.",
    ),
  interval: z
    .union([z.enum(CALENDAR_PERIODS), wholeBars(1)], {
      error: "must be week, month or a whole number of bars, at least 1",
    })
    .optional()
    .describe(
      `Bars from one opening to the next, counted from the first decision, or the end of every week or month; ${REBALANCING_DEFAULTS.interval} without it.`,
    ),
  threshold: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe("Drift, as a fraction of equity, from which on `threshold` and `hybrid` trade."),
  drift: z
    .enum(DRIFT_MEASURES)
    .optional()
    .describe(
      `Largest distance of an asset from its target, or the sum over assets; ${REBALANCING_DEFAULTS.drift} without it.`,
    ),
  debounce_bars: wholeBars(1)
    .default(1)
    .describe("Closes for which a change of the targets must hold before it is traded; 1 = at once. Never risk exits."),
  split: z
    .array(z.number().gt(0).max(1))
    .min(1)
    .refine(sumsToOne, "must sum to 1")
    .default([1])
    .describe("Parts of the way that the slices of a plan go, one a bar."),
  groups: z
    .record(z.string(), z.array(z.string().min(1)).min(1).refine(distinct, "must name each symbol once"))
    .refine((groups) => Object.keys(groups).length < MOST_GROUPS, `must be fewer than ${MOST_GROUPS} groups`)
    .optional()
    .describe(
      `Symbols of each group: a change inside one waits and trades apart from the rest. Symbols of none form "${REST_GROUP}".`,
    ),
});

export type RebalancingBlock = z.output<typeof rebalancing>;

/** Defaults of the block, for experiments that leave it out: decisions are traded as they come. */
export function defaultRebalancing(): RebalancingBlock {
  return rebalancing.parse({});
}
