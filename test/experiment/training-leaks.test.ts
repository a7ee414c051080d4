/** What must not reach a fit, and what would show if it did. Each guard is shown to be able to fail. */
import { describe, expect, test } from "vitest";
import { createRng } from "../../src/core/rng.ts";
import { combineModels } from "../../src/experiment/combine-models.ts";
import { stagePlanes } from "../../src/experiment/decide.ts";
import type { DecisionInputs } from "../../src/experiment/decision-inputs.ts";
import { NO_EXTENSIONS } from "../../src/experiment/extensions.ts";
import { proveNoLookAhead } from "../../src/experiment/look-ahead.ts";
import { modelRecord } from "../../src/experiment/model-record.ts";
import { scoreAssets } from "../../src/experiment/scores.ts";
import { SCORES_ONLY, type TrainedFold, type TrainedModels } from "../../src/experiment/train-models.ts";
import { combineScores } from "../../src/models/ensemble/catalogue.ts";
import { evaluateScores } from "../../src/models/evaluate-scores.ts";
import { forwardReturn } from "../../src/models/forward-return.ts";
import { noiseMarket, type TrainingConfig, train, trainingConfig, withOtherFuture } from "../support/training.ts";

const market = noiseMarket(5, 240, 12);

const foldOf = ({ folds }: TrainedModels, horizon: string, fold: number): TrainedFold =>
  folds.find((each) => each.horizon === horizon && each.split.fold === fold)!;

function inputsOf(of = market): DecisionInputs {
  return {
    market: of,
    periodsPerYear: 252,
    fundingRate: null,
    fromFile: null,
    posterior: null,
    linearProgram: null,
    extensions: NO_EXTENSIONS,
  };
}

describe("a fold's fit", () => {
  // Tests start at 60, 90, 120, ...; fold 2 of horizon 5 learns from labels that end by bar 119, which are those of rows
  // 0 .. 113, from open 114 to open 119.
  const config = trainingConfig(
    "label: demeaned, tune: {folds: 3, min_train_rows: 5, params: {ridge: {ridge_alpha: [1, 1000]}}}",
  );

  test("hangs on nothing from its test's first bar on: a scaler of all rows or a purge one bar short would", async () => {
    const whole = await train(config, market);
    const other = await train(config, withOtherFuture(market, 120));
    for (const [horizon, bars] of [
      ["short", 2],
      ["long", 5],
    ] as const) {
      const [before, after] = [foldOf(whole, horizon, 2), foldOf(other, horizon, 2)];
      expect(before.split.test[0]!.from).toBe(120);
      expect(before.split.train[0]!.to).toBe(120 - bars - 1);
      expect(after.result.model).toEqual(before.result.model);
      expect(after.result.trials).toEqual(before.result.trials);
    }
  });

  test("does hang on the bar before it, so that the purge takes no more than it must", async () => {
    const whole = await train(config, market);
    const other = await train(config, withOtherFuture(market, 119));
    for (const horizon of ["short", "long"])
      expect(foldOf(other, horizon, 2).result.model).not.toEqual(foldOf(whole, horizon, 2).result.model);
  });

  test("tunes on nothing from its test's first bar on, and differently in each window", async () => {
    const { folds } = await train(config, market);
    expect(folds.every(({ result }) => result.trials.length === 2 && result.chosenTrial >= 0)).toBe(true);
    const ics = folds.map(({ result }) => result.trials[0]!.meanRankIc);
    expect(new Set(ics).size).toBe(ics.length);
  });
});

describe("the holdout", () => {
  const date = new Date(Number(market.axes.time[200])).toISOString().slice(0, 10);
  const config = trainingConfig("", `validation: {holdout_start: ${date}}`);
  const combining = trainingConfig(
    "",
    `validation: {holdout_start: ${date}}
ranking: {short: {feature_weights: {noise_a: 1}}, long: {feature_weights: {slow: 1}}}
ensemble: {kind: [weighted, stacking, conditional], min_matured_bars: 5, refit_bars: 3, ic_window_bars: 20, ic_threshold: 0}`,
  );

  test("changes no fit, its own included, and no number of the development period", async () => {
    const run = async (of = market) => {
      const { models } = await scoreAssets(combining, inputsOf(of), { ...SCORES_ONLY, workers: 1, explain: true });
      const { trained, combined } = models!;
      return { trained, record: modelRecord(combining, of, trained, combined) };
    };
    const [whole, other] = [await run(), await run(withOtherFuture(market, 200))];
    expect(whole.trained.holdoutBar).toBe(200);
    const held = whole.trained.folds.filter(({ split }) => split.holdout);
    expect(held.map(({ split }) => split.test[0])).toEqual([
      { from: 200, to: 240 },
      { from: 200, to: 240 },
    ]);
    for (const [i, { result, split }] of whole.trained.folds.entries()) {
      const again = other.trained.folds[i]!.result;
      expect(again.model).toEqual(result.model);
      if (!split.holdout) expect(again).toEqual(result);
    }
    for (const [i, { development, holdout, folds }] of whole.record.evaluations.entries()) {
      const again = other.record.evaluations[i]!;
      expect(again.development).toEqual(development);
      expect(again.folds.filter((fold) => !fold.holdout)).toEqual(folds.filter((fold) => !fold.holdout));
      expect(again.holdout).not.toEqual(holdout);
    }
    const learnt = whole.record.combinerEvents.flatMap((event) => (event.kind === "fit" ? [event.bar] : []));
    expect(learnt.length).toBeGreaterThan(20);
    expect(Math.max(...learnt)).toBeLessThan(200);
    expect(other.record.combinerEvents).toEqual(whole.record.combinerEvents);
  });

  test("does not count labels of development rows that end in it", async () => {
    // Folds start at 60, 90, ... 180; the last development row whose label of horizon 5 ends by bar 199 is 193.
    const trained = await train(config, market);
    const { evaluations } = modelRecord(config, market, trained, combineModels(config, 12, null, trained));
    const { bars, development, holdout } = evaluations.find(
      ({ score, horizon }) => score === "long" && horizon === "long",
    )!;
    expect(bars.filter((bar) => bar < 200)).toEqual(Array.from({ length: 134 }, (_, i) => 60 + i));
    expect(development.ic.dates).toBe(134);
    // 200 .. 233: the label of 233 ends at bar 239, the last there is
    expect(bars.filter((bar) => bar >= 200)).toEqual(Array.from({ length: 34 }, (_, i) => 200 + i));
    expect(holdout!.ic.dates).toBe(34);
  });
});

describe("labels", () => {
  test("start at the next open: what a bar's own open and close say foretells none of them", async () => {
    // From this bar's open, one bar too early, the label holds the bar's own intraday return: its IC is far above 0.
    const { features: _all, ...base } = trainingConfig("label: demeaned");
    const features = [{ name: "intraday_return", lookback_bars: 1, min_bars: null }];
    const config = { ...base, features } as unknown as TrainingConfig;
    const { horizons } = await train(config, market);
    const { scores, splits } = horizons[0]!;
    const plane = scores.get("ridge")!;
    const evaluate = (open: Float64Array) =>
      evaluateScores({ scores: plane, fittedTo: null, open, assets: 12, horizonBars: 2, splits, holdoutBar: null });
    const open = Float64Array.from(market.open);
    expect(Math.abs(evaluate(open).development.rankIc.tStatNeweyWest)).toBeLessThan(3);
    const early = new Float64Array(open.length).fill(Number.NaN);
    early.set(open.subarray(0, -12), 12);
    expect(Math.abs(evaluate(early).development.rankIc.tStatNeweyWest)).toBeGreaterThan(5);
  });
});

describe("the look-ahead proof", () => {
  const others = `
ranking: {short: {feature_weights: {noise_a: 1}}, long: {feature_weights: {slow: 1}}}
ensemble: {kind: [weighted, stacking, conditional], min_matured_bars: 5, refit_bars: 7, ic_window_bars: 20, ic_threshold: 0, hysteresis: 0}
signal: {kind: scores, select: {top_k: 3}}
allocation: {lookback_bars: 5}
`;

  test("passes models and combiners retrained on the data up to each cut, incomplete last folds included", async () => {
    const config = trainingConfig("label: ranked", others);
    const report = await proveNoLookAhead((known) => stagePlanes(config, known), inputsOf(), {
      count: 12,
      rng: createRng(4),
    });
    expect(report.leak).toBe(null);
    const named = report.planes.filter(({ stage }) => stage === "models" || stage === "ensemble");
    expect(named.map(({ column }) => column)).toEqual(
      ["ridge", "weighted", "stacking", "conditional"].flatMap((name) =>
        ["short", "long", "mix"].map((s) => `${name} ${s}`),
      ),
    );
  });

  test("passes a holdout that lies before the cut, within it, or after it", async () => {
    const config = trainingConfig("", `${others}\nvalidation: {holdout_start: 2015-06-20}`);
    const report = await proveNoLookAhead((known) => stagePlanes(config, known), inputsOf(), {
      count: 12,
      rng: createRng(5),
    });
    expect(report.leak).toBe(null);
    expect(report.cuts.some((cut) => cut < 170) && report.cuts.some((cut) => cut > 170)).toBe(true);
  });

  for (const combiner of ["stacking", "conditional"] as const)
    test(`catches ${combiner} that takes labels for known before they are`, async () => {
      const { l5 } = trainingConfig();
      const policy = {
        wRanking: 0.6,
        wModel: 0.4,
        minMaturedBars: 5,
        refitBars: 1,
        ridgeAlpha: 1,
        icMeasure: "rank_ic" as const,
        icWindowBars: 10,
        icThreshold: 0,
        hysteresis: 0,
        wFavoured: 0.7,
      };
      const run = (horizonBars: number) =>
        proveNoLookAhead(
          ({ market: known }) => {
            const labels = new Float64Array(known.open.length);
            forwardReturn(known.open, 12, l5.horizons.long, 1, labels);
            const [ranking, model] = ["noise_a", "noise_b"].map((name) => known.extras.get(name)!);
            const panels = {
              assets: 12,
              ranking: ranking!,
              model: model!,
              labels,
              horizonBars,
              lagBars: 1,
              holdoutBar: null,
            };
            return [{ stage: "ensemble", column: combiner, values: combineScores(combiner, panels, policy).scores }];
          },
          inputsOf(),
          { count: 30, rng: createRng(6) },
        );
      expect((await run(l5.horizons.long)).leak).toBe(null);
      expect((await run(l5.horizons.long - 1)).leak).toMatchObject({ stage: "ensemble", column: combiner });
    });
});
