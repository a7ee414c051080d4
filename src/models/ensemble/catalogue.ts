/** Every combiner by name, and the loop that runs one over all bars. A new one is a file beside this and a line here. */
import type { Combiner, CombinerName, EnsembleEvent, EnsemblePanels, EnsemblePolicy } from "./combiner.ts";
import { conditional } from "./conditional.ts";
import { rowSpace } from "./score-row.ts";
import { stacking } from "./stacking.ts";
import { weighted } from "./weighted.ts";

export const COMBINERS = { weighted, stacking, conditional } as const satisfies Readonly<
  Record<CombinerName, Combiner>
>;

export const COMBINER_NAMES = Object.keys(COMBINERS) as readonly CombinerName[] as [CombinerName, ...CombinerName[]];

export interface EnsembleScores {
  /** [T*N] higher = better; NaN = no score. */
  readonly scores: Float64Array;
  readonly events: readonly EnsembleEvent[];
}

/**
 * One horizon's ensemble scores.
 *
 * @throws RangeError when panels differ in shape, or a number of the policy would leave nothing to do
 */
export function combineScores(name: CombinerName, panels: EnsemblePanels, policy: EnsemblePolicy): EnsembleScores {
  const bars = checkedBars(panels, policy);
  const combiner: Combiner = COMBINERS[name];
  const state = combiner.init(policy);
  const space = rowSpace(panels.assets);
  const scores = new Float64Array(panels.ranking.length);
  for (let bar = 0; bar < bars; bar++) combiner.step(state, bar, panels, policy, space, scores);
  return { scores, events: state.events };
}

function checkedBars({ assets, ranking, model, labels, horizonBars, lagBars }: EnsemblePanels, policy: EnsemblePolicy) {
  if (!(assets >= 1) || ranking.length % assets !== 0)
    throw new RangeError(`combineScores: ranking has ${ranking.length} cells, not a multiple of ${assets} assets`);
  if (model.length !== ranking.length || labels.length !== ranking.length)
    throw new RangeError(
      `combineScores: ranking has ${ranking.length} cells, model ${model.length}, labels ${labels.length}`,
    );
  for (const [what, value, least] of [
    ["horizonBars", horizonBars, 1],
    ["lagBars", lagBars, 0],
    ["refitBars", policy.refitBars, 1],
    ["icWindowBars", policy.icWindowBars, 1],
    ["minMaturedBars", policy.minMaturedBars, 1],
  ] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw new RangeError(`combineScores: ${what} must be a whole number >= ${least}, got ${value}`);
  return ranking.length / assets;
}
