/** The `ranking` block of the experiment's YAML: scores as weighted sums of normalised features. */
import { z } from "zod";
import { NORMALISERS } from "../ranking/normalise.ts";

const leg = z.strictObject({
  feature_weights: z
    .record(z.string().min(1), z.number())
    .refine((weights) => Object.values(weights).some((weight) => weight !== 0), {
      error: "must give at least one feature a weight other than 0",
    })
    .describe("Feature -> weight; a negative weight prefers small values, and only proportions matter to the ranks."),
  normaliser: z
    .enum(NORMALISERS)
    .default("rank")
    .describe("Across the listed symbols of a date: percentile rank, z-score, or z-score after winsorising."),
  winsor_tail: z
    .number()
    .min(0)
    .lt(0.5)
    .default(0.05)
    .describe("Share of each tail that `winsor` pulls in; the others do not read it."),
  min_coverage: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Share of the summed |weight| that an asset's present features need; with less it has no score."),
});

export const ranking = z
  .strictObject({
    short: leg.optional().describe("Leg of the short horizon."),
    long: leg.optional().describe("Leg of the long horizon."),
    alpha: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe("score = alpha * short + (1 - alpha) * long; not read where there is one leg only."),
  })
  .refine(({ short, long }) => short !== undefined || long !== undefined, {
    error: "needs a `short` or a `long` leg",
  });

/** The block once defaults are in. */
export type RankingBlock = z.output<typeof ranking>;
