/** Parameters chosen inside one training window: every candidate is fitted on inner folds, purged like the outer ones,
 *  and the one with the highest mean rank IC over the inner test dates wins. No row outside of the window is seen. */
import type { TuningTrial } from "../core/model-record.ts";
import { type AnyModel, MODELS, type ModelKind, type ModelParameters } from "./catalogue.ts";
import { combinatorialPurged } from "./combinatorial-purged.ts";
import { groupByDate, sumRankIc } from "./date-groups.ts";
import { LABEL_LAGS, labelEndBar } from "./forward-return.ts";
import type { FitContext, FittedModel, ModelDefinition, TrainingSet } from "./model.ts";
import type { ExtensionParameters } from "./model-extension.ts";
import { purgedKFold } from "./purged-k-fold.ts";
import { ridgePath } from "./ridge.ts";
import type { BarRange, Split } from "./split.ts";
import { rowsWithin } from "./training-subset.ts";

/** Parameters of one model, whichever it is. */
export type AnyParameters = ModelParameters[ModelKind] | ExtensionParameters;

export interface TuningPolicy {
  /** k of purged k-fold; groups of combinatorial purged cross-validation. */
  readonly folds: number;
  /** Groups that are tested together: 1 is purged k-fold. */
  readonly testFolds: number;
  readonly embargoBars: number;
  /** Inner folds with fewer training bars are not made. */
  readonly minTrainRows: number;
}

/** One set of parameters to try: what is tried, as the YAML names it, and all parameters with it. */
export interface Candidate {
  readonly tried: TuningTrial["parameters"];
  readonly parameters: AnyParameters;
}

export interface Tuned {
  /** As the candidates. */
  readonly trials: readonly TuningTrial[];
  /** Position of the best; the first of equals, and the first of all where none has an IC. */
  readonly chosen: number;
}

/**
 * @param window the outer training window; its rows are those of the set
 * @throws InputError and FitCancelledError as the model does
 */
export function tune(
  model: AnyModel,
  candidates: readonly Candidate[],
  policy: TuningPolicy,
  { set, window, horizonBars }: { readonly set: TrainingSet; readonly window: BarRange; readonly horizonBars: number },
  context: FitContext,
): Tuned {
  const sums = candidates.map(() => ({ sum: 0, dates: 0 }));
  for (const split of innerSplits(window, horizonBars, policy)) {
    const train = rowsWithin(set, split.train);
    const test = rowsWithin(set, split.test);
    if (train.y.length === 0 || test.y.length === 0) continue;
    const dates = groupByDate(test.bar);
    const scores = new Float64Array(test.y.length);
    for (const [c, fitted] of fitEach(model, candidates, train, context)) {
      fitted.score(test.x, test.y.length, scores);
      const { sum, dates: counted } = sumRankIc(dates, scores, test.y);
      sums[c]!.sum += sum;
      sums[c]!.dates += counted;
    }
  }
  const trials = candidates.map(({ tried }, c) => ({
    parameters: tried,
    meanRankIc: sums[c]!.sum / sums[c]!.dates,
  }));
  let chosen = 0;
  for (const [c, { meanRankIc }] of trials.entries())
    if (meanRankIc > trials[chosen]!.meanRankIc || Number.isNaN(trials[chosen]!.meanRankIc)) chosen = c;
  return { trials, chosen: Number.isNaN(trials[chosen]!.meanRankIc) ? 0 : chosen };
}

/** The inner splits, their bars those of the axes. Every label of the window has ended; none ends beyond `bars`. */
export function innerSplits(
  window: BarRange,
  horizonBars: number,
  { folds, testFolds, embargoBars, minTrainRows }: TuningPolicy,
): Split[] {
  const bars = labelEndBar(window.to - window.from, horizonBars, LABEL_LAGS.open);
  const inputs = { bars, horizonBars, holdoutBar: null };
  const splits =
    testFolds === 1
      ? purgedKFold(inputs, { folds, embargoBars, minTrainRows })
      : combinatorialPurged(inputs, { groups: folds, testGroups: testFolds, embargoBars, minTrainRows });
  const moved = (ranges: readonly BarRange[]) =>
    ranges.map(({ from, to }) => ({ from: from + window.from, to: to + window.from }));
  return splits.map((split) => ({ ...split, train: moved(split.train), test: moved(split.test) }));
}

/** Models of the candidates, one at a time; ridge needs one pass over the rows for all penalties. */
function* fitEach(
  model: AnyModel,
  candidates: readonly Candidate[],
  train: TrainingSet,
  context: FitContext,
): Generator<readonly [candidate: number, model: FittedModel]> {
  if (model === "ridge") {
    const each = candidates.map(({ parameters }) => parameters as ModelParameters["ridge"]);
    const alphas = each.map(({ alpha }) => alpha);
    yield* ridgePath(train, alphas, each[0]!.missing).entries();
  } else for (const [c, { parameters }] of candidates.entries()) yield [c, fitModel(model, train, parameters, context)];
}

/** @throws InputError and FitCancelledError as the model does */
export function fitModel(
  model: AnyModel,
  set: TrainingSet,
  parameters: AnyParameters,
  context: FitContext,
): FittedModel {
  const definition = typeof model === "string" ? MODELS[model] : model;
  return (definition as ModelDefinition<AnyParameters>).fit(set, parameters, context);
}
