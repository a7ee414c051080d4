/** What an ensemble combines, by which rules, and what it says about it. A combiner is init and step over one horizon's
 *  panels: row t of its scores hangs on score rows <= t and on labels that end at t or before. */
import type { Floats } from "../../core/panel.ts";
import { labelEndBar } from "../forward-return.ts";
import type { RowSpace } from "./score-row.ts";

/** One horizon's scores and the returns that came of them, [T*N] each. */
export interface EnsemblePanels {
  /** N. */
  readonly assets: number;
  /** Any unit, higher = better; NaN = no score. */
  readonly ranking: Floats;
  /** Out-of-sample predictions alone, higher = better; NaN = none yet. */
  readonly model: Floats;
  /** Forward returns; row t is never read before bar labelEndBar(t, horizonBars, lagBars). */
  readonly labels: Floats;
  readonly horizonBars: number;
  /** 1 for labels from the next open, 0 from the close. */
  readonly lagBars: number;
  /** First bar of the holdout; null = none. No label that ends there or later is read, and nothing is fitted from there
   *  on: what was learnt before it stays as it is. */
  readonly holdoutBar: number | null;
}

export const IC_MEASURES = ["rank_ic", "ic"] as const;

/** Each combiner reads the members it knows. */
export interface EnsemblePolicy {
  /** weighted, and every row on which another combiner falls back to it. */
  readonly wRanking: number;
  readonly wModel: number;
  /** Bars with matured labels that stacking and conditional need before they are trusted. */
  readonly minMaturedBars: number;
  /** stacking: bars from one fit to the next. */
  readonly refitBars: number;
  /** stacking: penalty on coefficients of standardised features, not multiplied by the number of rows. */
  readonly ridgeAlpha: number;
  /** conditional: which IC of the model, over how many of the latest matured bars. */
  readonly icMeasure: (typeof IC_MEASURES)[number];
  readonly icWindowBars: number;
  /** conditional: above it the model is favoured; once chosen a side is kept until the IC is beyond by `hysteresis`. */
  readonly icThreshold: number;
  readonly hysteresis: number;
  /** conditional: weight of the favoured side, the other has the rest. */
  readonly wFavoured: number;
}

export type CombinerName = "weighted" | "stacking" | "conditional";

export const FALLBACK_REASONS = ["no_model_scores", "no_ranking_scores", "no_matured_labels", "singular"] as const;
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** A combiner did not do what its name says on bars fromBar .. toBar: the scores there are of the one side there is, or
 *  weighted. */
export interface EnsembleFallback {
  readonly kind: "ensemble_fallback";
  readonly combiner: CombinerName;
  readonly reason: FallbackReason;
  readonly fromBar: number;
  readonly toBar: number;
  /** Bars with matured labels at `toBar`, and how many are needed; 0 where labels have no part in it. */
  readonly maturedBars: number;
  readonly neededBars: number;
}

/** What stacking learnt at a bar. */
export interface EnsembleFit {
  readonly kind: "ensemble_fit";
  readonly bar: number;
  readonly maturedBars: number;
  /** Cells learnt from. */
  readonly samples: number;
  /** Of score_ranking, score_model, rank_ranking, rank_model, per unit of each. */
  readonly coefficients: readonly number[];
}

/** Conditional favours another side from this bar on. */
export interface EnsembleSwitch {
  readonly kind: "ensemble_switch";
  readonly bar: number;
  readonly favours: "ranking" | "model";
  readonly trailingIc: number;
}

export type EnsembleEvent = EnsembleFallback | EnsembleFit | EnsembleSwitch;

/** Plain data; structuredClone saves it. */
export interface EnsembleState {
  /** First row whose label has not been looked at. */
  nextRow: number;
  readonly events: EnsembleEvent[];
}

export interface Combiner<S extends EnsembleState = EnsembleState> {
  init(policy: EnsemblePolicy): S;
  /**
   * Scores of one bar; bars are taken in order from 0, each once.
   *
   * @param space as rowSpace(assets) makes it
   * @param out   [T*N] its row `bar` is written in full, higher = better; NaN = a score that is needed is missing
   */
  step(state: S, bar: number, panels: EnsemblePanels, policy: EnsemblePolicy, space: RowSpace, out: Float64Array): void;
}

/** True when the label of `row` has ended by the close of `bar`, and before the holdout. */
export function isMatured({ horizonBars, lagBars, holdoutBar }: EnsemblePanels, row: number, bar: number): boolean {
  const end = labelEndBar(row, horizonBars, lagBars);
  return end <= bar && (holdoutBar === null || end < holdoutBar);
}

/** Adds a bar to the last fallback when it goes on, else begins one. */
export function noteFallback(
  { events }: EnsembleState,
  combiner: CombinerName,
  reason: FallbackReason,
  bar: number,
  maturedBars = 0,
  neededBars = 0,
): void {
  const at = events.findLastIndex((event) => event.kind === "ensemble_fallback");
  const last = events[at];
  const goesOn = last?.kind === "ensemble_fallback" && last.reason === reason && last.toBar === bar - 1;
  const fromBar = goesOn ? last.fromBar : bar;
  const event: EnsembleFallback = {
    kind: "ensemble_fallback",
    combiner,
    reason,
    fromBar,
    toBar: bar,
    maturedBars,
    neededBars,
  };
  if (goesOn) events[at] = event;
  else events.push(event);
}
