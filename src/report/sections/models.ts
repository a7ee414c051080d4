/** The training stage of a run: how good each score was out of sample, fold by fold, and what the models go by. */
import type { RunRecord } from "../../core/contracts.ts";
import type { ModelRecord } from "../../core/model-record.ts";
import type { Chart } from "../chart.ts";
import { scorersOf } from "../scorers.ts";
import { type Block, html, type Section } from "../section.ts";
import { cumulativeIcChart } from "../specs/cumulative-ic.ts";
import { featureImportanceChart } from "../specs/feature-importance.ts";
import { foldIcChart } from "../specs/fold-ic.ts";
import { quantileReturnsChart } from "../specs/quantile-returns.ts";
import { combinerEventBlocks, fitsTable, icTable, splitsTable } from "./score-tables.ts";

/** @returns null when no model was trained */
export function modelsSection({ models }: RunRecord): Section | null {
  if (models === null) return null;
  const { kind, name } = models.traded;
  const traded = scorersOf(models).find((scorer) => scorer.kind === kind && scorer.name === name)?.label ?? name;
  return {
    id: "models",
    title: "Models and scores",
    blocks: [
      ...charts(models.horizons.map((horizon) => cumulativeIcChart(models, horizon))),
      ...tables(
        icTable(models, "development", ` The run trades the mix of ${traded}.`),
        icTable(models, "holdout", " Not to choose by: whatever was chosen after a look at these was fitted to them."),
      ),
      ...charts([
        ...models.horizons.map((horizon) => foldIcChart(models, horizon)),
        quantileReturnsChart(models),
        ...importanceCharts(models),
      ]),
      ...tables(splitsTable(models), fitsTable(models)),
      ...combinerEventBlocks(models),
    ],
  };
}

/** One a model that says something about its features. */
export function importanceCharts(models: ModelRecord): (Chart | null)[] {
  return models.models.map((model) => featureImportanceChart(models, model));
}

export function charts(some: readonly (Chart | null)[]): Block[] {
  return some.flatMap((chart): Block[] => (chart === null ? [] : [{ kind: "chart", chart }]));
}

/** @param some markup; "" = nothing to show */
export function tables(...some: readonly string[]): Block[] {
  return some.filter((markup) => markup !== "").map(html);
}
