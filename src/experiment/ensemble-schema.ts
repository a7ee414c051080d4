/** The `ensemble` block of the experiment's YAML: how ranking and model scores become one. */
import { z } from "zod";
import { COMBINER_NAMES } from "../models/ensemble/catalogue.ts";
import { type EnsemblePolicy, IC_MEASURES } from "../models/ensemble/combiner.ts";
import { wholeBars } from "./portfolio-schema.ts";
import { distinct } from "./weighting-schema.ts";

const weight = z.number().min(0).max(1);
const combiner = z.enum(COMBINER_NAMES);

export const ensemble = z.strictObject({
  kind: z
    .union([combiner, z.array(combiner).min(1).refine(distinct, "must name each kind once")], {
      error: `must be one of ${COMBINER_NAMES.join(", ")}, or a list of them`,
    })
    .default("weighted")
    .describe("weighted, stacking, conditional, or a list of them to be compared."),
  w_ranking: weight
    .default(0.6)
    .describe("Weight of the ranking's z-score in `weighted`, and where another kind falls back to it."),
  w_model: weight.default(0.4).describe("Weight of the model's z-score, likewise."),
  min_matured_bars: wholeBars(1)
    .default(20)
    .describe("Bars whose labels have ended that stacking and conditional need; until then they are weighted."),
  refit_bars: wholeBars(1).default(20).describe("stacking: bars from one fit to the next."),
  ridge_alpha: z
    .number()
    .min(0)
    .default(8)
    .describe("stacking: penalty on coefficients of standardised features, not multiplied by the number of rows."),
  ic_measure: z
    .enum(IC_MEASURES)
    .default("rank_ic")
    .describe("conditional: the model's Spearman (rank_ic) or Pearson (ic) IC."),
  ic_window_bars: wholeBars(1)
    .default(60)
    .describe("conditional: latest bars with matured labels that the trailing IC is the mean of."),
  ic_threshold: z
    .number()
    .min(-1)
    .max(1)
    .default(0.05)
    .describe("conditional: above this trailing IC the model is favoured, else the ranking."),
  hysteresis: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe("conditional: how far beyond the threshold the IC has to go before the favour changes sides."),
  w_favoured: z
    .number()
    .min(0.5)
    .max(1)
    .default(0.7)
    .describe("conditional: weight of the favoured side; the other has the rest."),
});

export type EnsembleBlock = z.output<typeof ensemble>;

/** Settings that contradict each other: path below the block, rule, value. */
export function ensembleFaults(
  block: EnsembleBlock,
): readonly (readonly [path: readonly string[], rule: string, got: number])[] {
  const { w_ranking, w_model, min_matured_bars, ic_window_bars } = block;
  const faults: (readonly [readonly string[], string, number])[] = [];
  if (w_ranking + w_model === 0) faults.push([["w_model"], "is 0, and so is w_ranking: nothing is left", w_model]);
  if (ensembleKinds(block).includes("conditional") && min_matured_bars > ic_window_bars)
    faults.push([["min_matured_bars"], `is above ic_window_bars ${ic_window_bars}`, min_matured_bars]);
  return faults;
}

/** The block of an experiment: where a ranking and models both make scores and none is written, that of the defaults. */
export function ensembleOf(config: {
  readonly ensemble?: EnsembleBlock | undefined;
  readonly ranking?: object | undefined;
  readonly l5?: object | undefined;
}): EnsembleBlock | undefined {
  if (config.ensemble !== undefined) return config.ensemble;
  return config.ranking === undefined || config.l5 === undefined ? undefined : ensemble.parse({});
}

/** The kinds to run, as a list. */
export function ensembleKinds({ kind }: EnsembleBlock): readonly (typeof COMBINER_NAMES)[number][] {
  return typeof kind === "string" ? [kind] : kind;
}

/** The block as the policy that combiners run. */
export function ensemblePolicy(block: EnsembleBlock): EnsemblePolicy {
  return {
    wRanking: block.w_ranking,
    wModel: block.w_model,
    minMaturedBars: block.min_matured_bars,
    refitBars: block.refit_bars,
    ridgeAlpha: block.ridge_alpha,
    icMeasure: block.ic_measure,
    icWindowBars: block.ic_window_bars,
    icThreshold: block.ic_threshold,
    hysteresis: block.hysteresis,
    wFavoured: block.w_favoured,
  };
}
