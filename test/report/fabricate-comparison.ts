/** A plausible ModelComparison for tests of its report alone: fabricated models, and a random walk for every score. */
import type { DifferenceStatistics, ModelComparison, PeriodPerformance } from "../../src/core/model-comparison.ts";
import type { TrainingNotes } from "../../src/core/model-record.ts";
import { createRng } from "../../src/core/rng.ts";
import { scorersOf } from "../../src/report/scorers.ts";
import { type FabricateModelsOptions, fabricateModels } from "./fabricate-models.ts";
import { fabricateRecord } from "./fabricate-record.ts";

export function fabricateComparison(
  bars: number,
  options: FabricateModelsOptions = {},
): { comparison: ModelComparison; notes: TrainingNotes } {
  const record = fabricateRecord({ bars, assets: 6 });
  const { axes } = record.account;
  const models = fabricateModels(axes, options);
  const rng = createRng(5);
  const scorers = scorersOf(models);
  const against = scorers.find(({ kind }) => kind === "model")!;
  const held = models.holdoutBar !== null;
  const difference = (): DifferenceStatistics => {
    const tStatNeweyWest = rng.normal();
    return { dates: 400, mean: 0.005 * tStatNeweyWest, tStatNeweyWest, pValue: 0.3, ahead: 0.5 };
  };
  const performance = (): PeriodPerformance => ({
    bars: 400,
    totalReturn: 0.2,
    cagr: 0.1,
    volatility: 0.15,
    sharpe: 0.7 + 0.1 * rng.normal(),
    maxDrawdown: -0.2,
    turnover: 12.5,
    costDrag: 0.01,
  });
  const comparison: ModelComparison = {
    name: "fabricated",
    description: "Nothing was trained.",
    id: "fabricated-1",
    synthetic: true,
    periodsPerYear: 252,
    riskFreeAnnual: 0,
    models,
    scorers,
    against,
    differences: models.evaluations
      .filter(({ name }) => name !== against.name)
      .map(({ kind, name, label, score, horizon, horizonBars }) => ({
        kind,
        name,
        label,
        score,
        horizon,
        horizonBars,
        development: difference(),
        holdout: held ? difference() : null,
      })),
    firstBar: models.horizons[0]?.splits[0]?.testStart ?? 0,
    backtests: scorers.map((scorer) => {
      let logarithm = Math.log(100_000);
      return {
        ...scorer,
        equity: Float64Array.from(axes.time, () => {
          logarithm += 0.01 * rng.normal();
          return Math.exp(logarithm);
        }),
        development: performance(),
        holdout: held ? performance() : null,
      };
    }),
    provenance: record.provenance,
    warnings: [],
    config: "name: fabricated\n",
  };
  const notes: TrainingNotes = {
    fits: models.fits.map(({ model, horizon, fold }) => ({
      model,
      horizon,
      fold,
      ms: 250,
      fromCache: model === "ridge",
    })),
    workers: 2,
    threadsPerWorker: 1,
    holdoutLooks: held ? 3 : null,
  };
  return { comparison, notes };
}
