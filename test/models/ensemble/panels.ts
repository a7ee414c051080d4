/** Panels and policies for tests of combiners. */
import fc from "fast-check";
import { createRng } from "../../../src/core/rng.ts";
import { COMBINER_NAMES, COMBINERS } from "../../../src/models/ensemble/catalogue.ts";
import type { Combiner, CombinerName, EnsemblePanels, EnsemblePolicy } from "../../../src/models/ensemble/combiner.ts";
import { rowSpace } from "../../../src/models/ensemble/score-row.ts";

/** Small enough that a few bars show everything. */
export const POLICY: EnsemblePolicy = {
  wRanking: 0.6,
  wModel: 0.4,
  minMaturedBars: 2,
  refitBars: 3,
  ridgeAlpha: 1,
  icMeasure: "rank_ic",
  icWindowBars: 4,
  icThreshold: 0.05,
  hysteresis: 0.01,
  wFavoured: 0.7,
};

/** Rows of scores and labels as panels with labels from the next open over one bar. */
export function panelsOf(
  ranking: readonly (readonly number[])[],
  model: readonly (readonly number[])[],
  labels: readonly (readonly number[])[],
  changes: Partial<EnsemblePanels> = {},
): EnsemblePanels {
  return {
    assets: ranking[0]!.length,
    ranking: Float64Array.from(ranking.flat()),
    model: Float64Array.from(model.flat()),
    labels: Float64Array.from(labels.flat()),
    horizonBars: 1,
    lagBars: 1,
    holdoutBar: null,
    ...changes,
  };
}

/** Seeded panels with holes: bars without a model, assets without a score, labels that are missing. */
export const randomPanels = fc
  .record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    bars: fc.integer({ min: 1, max: 40 }),
    assets: fc.integer({ min: 1, max: 7 }),
    horizonBars: fc.integer({ min: 1, max: 5 }),
    lagBars: fc.constantFrom(0, 1),
    holdoutBar: fc.option(fc.integer({ min: 0, max: 40 })),
    modelFrom: fc.integer({ min: 0, max: 12 }),
  })
  .map(({ seed, bars, assets, horizonBars, lagBars, holdoutBar, modelFrom }): EnsemblePanels => {
    const rng = createRng(seed);
    const plane = (holes: number, from: number) =>
      Float64Array.from({ length: bars * assets }, (_, i) => {
        const [hole, value] = [rng.uniform(), rng.normal()];
        return hole < holes || Math.floor(i / assets) < from ? Number.NaN : value;
      });
    return {
      assets,
      ranking: plane(0.05, 0),
      model: plane(0.05, modelFrom),
      labels: plane(0.1, 0),
      horizonBars,
      lagBars,
      holdoutBar: holdoutBar === null ? null : Math.min(holdoutBar, bars),
    };
  });

export const combinerNames = fc.constantFrom<CombinerName>(...COMBINER_NAMES);

/** The first `bars` bars of them. */
export function cutAt(panels: EnsemblePanels, bars: number): EnsemblePanels {
  const cells = bars * panels.assets;
  const { ranking, model, labels } = panels;
  return {
    ...panels,
    ranking: ranking.slice(0, cells),
    model: model.slice(0, cells),
    labels: labels.slice(0, cells),
  };
}

/** Stepped bar by bar, its state saved and loaded before bar `saveAt`. */
export function stepped(name: CombinerName, panels: EnsemblePanels, policy: EnsemblePolicy, saveAt: number) {
  const combiner: Combiner = COMBINERS[name];
  let state = combiner.init(policy);
  let space = rowSpace(panels.assets);
  const scores = new Float64Array(panels.ranking.length);
  for (let bar = 0; bar * panels.assets < scores.length; bar++) {
    if (bar === saveAt) {
      state = structuredClone(state);
      space = rowSpace(panels.assets);
    }
    combiner.step(state, bar, panels, policy, space, scores);
  }
  return { scores, events: state.events };
}
