import { describe, expect, it } from "vitest";
import type { ModelRecord, ScorerEvaluation } from "../../src/core/model-record.ts";
import { createAxes } from "../../src/core/panel.ts";
import { scoreDifferences } from "../../src/experiment/score-differences.ts";
import { fabricateModels } from "../report/fabricate-models.ts";

const axes = createAxes(
  Array.from({ length: 10 }, (_, t) => Date.UTC(2020, 0, 1 + t)),
  ["A", "B", "C"],
);
const base = fabricateModels(axes, { models: ["ridge", "ols"], combiners: [] });
const ridge = { kind: "model", name: "ridge", label: "ridge" } as const;

/** Both models' short scores alone, with ICs on bars of our choice; horizon 1, so lag 0. */
function record(
  own: Partial<ScorerEvaluation>,
  other: Partial<ScorerEvaluation>,
  holdoutBar: number | null,
): ModelRecord {
  const of = (name: string) => base.evaluations.find((one) => one.name === name && one.score === "short")!;
  const evaluations = [
    { ...of("ridge"), horizonBars: 1, ...other },
    { ...of("ols"), horizonBars: 1, ...own },
  ];
  return { ...base, holdoutBar, evaluations };
}

describe("scoreDifferences", () => {
  it("by hand: on bars 1, 2 and 4, which both have, .3 .1 .2; mean .2, squares .02, t = .2 / sqrt(.02 / 2 / 3)", () => {
    const models = record(
      { bars: [1, 2, 3, 4], rankIc: [0.4, 0.3, 0.9, 0.1], holdout: null },
      { bars: [0, 1, 2, 4], rankIc: [0.9, 0.1, 0.2, -0.1], holdout: null },
      null,
    );
    const [found, ...rest] = scoreDifferences(models, ridge);
    expect(rest).toEqual([]);
    expect(found).toMatchObject({ name: "ols", score: "short", horizon: "short", holdout: null });
    expect(found!.development.dates).toBe(3);
    expect(found!.development.ahead).toBe(1);
    expect(found!.development.mean).toBeCloseTo(0.2, 12);
    expect(found!.development.tStatNeweyWest).toBeCloseTo(0.2 / Math.sqrt(0.02 / 2 / 3), 9);
  });

  it("keeps development and holdout apart at the holdout's first bar", () => {
    const models = record(
      { bars: [1, 2, 5, 6], rankIc: [0.2, 0.4, -0.2, -0.4] },
      { bars: [1, 2, 5, 6], rankIc: [0, 0, 0, 0] },
      5,
    );
    const [found] = scoreDifferences(models, ridge);
    expect(found!.development.mean).toBeCloseTo(0.3, 12);
    expect(found!.holdout!.mean).toBeCloseTo(-0.3, 12);
    expect([found!.development.dates, found!.holdout!.dates]).toEqual([2, 2]);
  });

  it("takes the horizon less one as the lag", () => {
    // Differences .1 .3 .2 .4 on neighbouring bars: at lag 1 .0325 in place of .05, see ic-difference.
    const ics = { bars: [1, 2, 3, 4], horizonBars: 2, holdout: null };
    const models = record({ ...ics, rankIc: [0.1, 0.3, 0.2, 0.4] }, { ...ics, rankIc: [0, 0, 0, 0] }, null);
    expect(scoreDifferences(models, ridge)[0]!.development.tStatNeweyWest).toBeCloseTo(
      0.25 / Math.sqrt(0.0325 / 3 / 4),
      9,
    );
  });
});
