/** A plausible ModelRecord from random numbers, for tests of the report alone: no model was ever trained. */
import type {
  CombinerEvent,
  FoldFit,
  HorizonName,
  IcPairStatistics,
  IcStatistics,
  ModelRecord,
  PeriodEvaluation,
  ScorerEvaluation,
  ScorerKind,
  SplitLine,
} from "../../src/core/model-record.ts";
import type { Axes } from "../../src/core/panel.ts";
import { createRng, type Rng } from "../../src/core/rng.ts";

export interface FabricateModelsOptions {
  readonly models?: readonly string[];
  readonly combiners?: readonly string[];
  /** Share of the bars before the holdout; 1 = none. */
  readonly development?: number;
  readonly features?: number;
  readonly folds?: number;
  readonly seed?: number;
}

const HORIZONS: readonly (readonly [name: HorizonName, bars: number])[] = [
  ["short", 5],
  ["long", 20],
];
const QUANTILES = 5;
const LINEAR = ["ridge", "ols", "theil_sen"];

export function fabricateModels(axes: Axes, options: FabricateModelsOptions = {}): ModelRecord {
  const { models = ["ridge", "xgboost"], combiners = ["weighted", "stacking", "conditional"] } = options;
  const { development = 0.8, features: F = 8, folds = 6, seed = 11 } = options;
  const rng = createRng(seed);
  const T = axes.time.length;
  const holdoutBar = development < 1 ? Math.floor(T * development) : null;
  const features = Array.from({ length: F }, (_, f) => `feature_${f}_${20 * (f + 1)}`);
  const splits = Object.fromEntries(
    HORIZONS.map(([name, bars]) => [name, fabricateSplits(T, holdoutBar, bars, folds)]),
  );
  const scorers: readonly (readonly [ScorerKind, string, string])[] = [
    ["ranking", "ranking", "ranking"],
    ...models.map((name) => ["model", name, name] as const),
    ...combiners.map((name) => ["ensemble", name, `${name} (${models[0]})`] as const),
  ];
  return {
    axes,
    features,
    labelKind: "raw",
    alpha: 0.5,
    holdoutBar,
    horizons: HORIZONS.map(([name, horizonBars]) => ({ name, horizonBars, splits: splits[name]! })),
    models,
    combiners,
    traded: combiners.length > 0 ? { kind: "ensemble", name: combiners[0]! } : { kind: "model", name: models[0]! },
    fits: models.flatMap((model) =>
      HORIZONS.flatMap(([name]) => splits[name]!.map((split) => fabricateFit(model, name, split, F, rng))),
    ),
    evaluations: scorers.flatMap(([kind, name, label], k) =>
      HORIZONS.flatMap(([score]) => [[score, score] as const])
        .concat(HORIZONS.map(([horizon]) => ["mix" as HorizonName, horizon] as const))
        .map(([score, horizon]) => {
          const horizonBars = HORIZONS.find(([other]) => other === horizon)![1];
          const edge = 0.012 + 0.006 * k;
          const scorer = { kind, name, label, score: score as ScorerEvaluation["score"], horizon, horizonBars };
          return fabricateEvaluation(
            scorer,
            splits[horizon]!,
            holdoutBar,
            T,
            edge,
            rng.fork(`${label} ${score} ${horizon}`),
          );
        }),
    ),
    combinerEvents: combiners.flatMap((combiner) => fabricateEvents(combiner, F, T)),
  };
}

function fabricateSplits(T: number, holdoutBar: number | null, horizonBars: number, folds: number): SplitLine[] {
  const end = holdoutBar ?? T;
  const start = Math.floor(0.4 * end);
  const length = Math.max(1, Math.ceil((end - start) / folds));
  const lines: SplitLine[] = [];
  const add = (from: number, to: number, holdout: boolean) => {
    const trainEnd = from - horizonBars - 2;
    lines.push({
      fold: lines.length,
      trainStart: 0,
      trainEnd,
      trainRows: trainEnd + 1,
      purgedRows: horizonBars + 1,
      embargoedRows: 0,
      testStart: from,
      testEnd: to - 1,
      testRows: to - from,
      holdout,
    });
  };
  for (let from = start; from < end; from += length) add(from, Math.min(from + length, end), false);
  if (holdoutBar !== null) add(holdoutBar, T, true);
  return lines;
}

function fabricateFit(model: string, horizon: HorizonName, split: SplitLine, F: number, rng: Rng): FoldFit {
  const linear = LINEAR.includes(model);
  const list = (scale: number, shift: number) =>
    Array.from({ length: F }, (_, f) => scale * (shift + (F - f) / F + 0.3 * rng.normal()));
  return {
    model,
    horizon,
    fold: split.fold,
    holdout: split.holdout,
    trainingRows: split.trainRows * 20,
    trials: linear
      ? [1, 8, 64].map((ridge_alpha) => ({ parameters: { ridge_alpha }, meanRankIc: 0.02 + 0.01 * rng.normal() }))
      : [],
    chosenTrial: linear ? split.fold % 3 : -1,
    coefficients: linear ? list(0.001, -0.6) : null,
    rawCoefficients: linear ? list(0.1, -0.6) : null,
    gain: linear ? null : list(3, 0.2).map(Math.abs),
    permutation: list(0.01, -0.3),
    shap: linear ? null : list(0.0004, 0.1).map(Math.abs),
    rounds: model === "xgboost" ? { kept: 120, trained: 140 } : null,
  };
}

type Named = Pick<ScorerEvaluation, "kind" | "name" | "label" | "score" | "horizon" | "horizonBars">;

function fabricateEvaluation(
  scorer: Named,
  splits: readonly SplitLine[],
  holdoutBar: number | null,
  T: number,
  edge: number,
  rng: Rng,
): ScorerEvaluation {
  const { horizonBars } = scorer;
  const bars: number[] = [];
  for (const { testStart, testEnd, holdout } of splits) {
    const limit = (holdout ? T : (holdoutBar ?? T)) - horizonBars - 1;
    for (let t = testStart; t <= Math.min(testEnd, limit - 1); t++) bars.push(t);
  }
  let drift = 0;
  const rankIc = bars.map(() => {
    drift = (1 - 1 / horizonBars) * drift + 0.06 * rng.normal();
    return Math.max(-1, Math.min(1, edge + drift + 0.1 * rng.normal()));
  });
  const ic = rankIc.map((value) => 0.9 * value + 0.02 * rng.normal());
  const within = (inside: (bar: number) => boolean): IcPairStatistics => {
    const of = (values: readonly number[]) => statistics(values.filter((_, d) => inside(bars[d]!)));
    return { ic: of(ic), rankIc: of(rankIc) };
  };
  const isHeld = (bar: number) => holdoutBar !== null && bar >= holdoutBar;
  const period = (held: boolean): PeriodEvaluation => ({
    ...within((bar) => isHeld(bar) === held),
    quantiles: {
      meanReturns: spread(edge, horizonBars, 0.001, rng),
      demeanedReturns: spread(edge, horizonBars, 0, rng),
      dates: new Array(QUANTILES).fill(bars.length),
      turnover: [0.1, 0.2, 0.25, 0.2, 0.1],
      spread: statistics(rankIc.map((value) => value * 0.02 * Math.sqrt(horizonBars))),
    },
    rankAutocorrelation: 0.95,
    decay: [1, 5, 10, 20, 60].map((bars) => ({
      horizonBars: bars,
      ...within((bar) => isHeld(bar) === held && bar % 3 > 0),
    })),
    fit:
      scorer.kind === "model" && scorer.score !== "mix"
        ? { pairs: 20 * bars.length, rmse: 0.04, signHit: 0.513 }
        : null,
  });
  return {
    ...scorer,
    bars,
    ic,
    rankIc,
    folds: splits.map(({ fold, holdout, testStart, testEnd }) => ({
      fold,
      holdout,
      ...within((bar) => bar >= testStart && bar <= testEnd),
    })),
    development: period(false),
    holdout: holdoutBar === null ? null : period(true),
  };
}

function spread(edge: number, horizonBars: number, shift: number, rng: Rng): number[] {
  return Array.from(
    { length: QUANTILES },
    (_, q) => shift + (q - 2) * edge * 0.01 * horizonBars + 0.0004 * rng.normal(),
  );
}

function statistics(values: readonly number[]): IcStatistics {
  const dates = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / dates;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (dates - 1));
  const icir = mean / deviation;
  return {
    dates,
    mean,
    deviation,
    icir,
    tStat: icir * Math.sqrt(dates),
    tStatNeweyWest: 0.6 * icir * Math.sqrt(dates),
    hitRatio: values.filter((value) => value > 0).length / dates,
  };
}

function fabricateEvents(combiner: string, F: number, T: number): CombinerEvent[] {
  return HORIZONS.flatMap(([horizon]): CombinerEvent[] => {
    const start = Math.floor(0.3 * T);
    const fallback: CombinerEvent = {
      kind: "fallback",
      combiner,
      horizon,
      reason: "no_matured_labels",
      fromBar: start,
      toBar: start + 25,
      maturedBars: 19,
      neededBars: 20,
    };
    if (combiner === "weighted") return [{ ...fallback, reason: "no_model_scores", maturedBars: 0, neededBars: 0 }];
    if (combiner === "stacking")
      return [
        fallback,
        ...[40, 60, 80].map(
          (bars): CombinerEvent => ({
            kind: "fit",
            combiner,
            horizon,
            bar: start + bars,
            maturedBars: bars,
            samples: bars * F,
            coefficients: [0.001, 0.002, 0.0003, -0.0001],
          }),
        ),
      ];
    return [
      fallback,
      { kind: "switch", combiner, horizon, bar: start + 40, favours: "model", trailingIc: 0.071 },
      { kind: "switch", combiner, horizon, bar: start + 90, favours: "ranking", trailingIc: 0.012 },
    ];
  });
}
