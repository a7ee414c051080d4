/** w_ranking * z_ranking + w_model * z_model. An asset needs both; where a bar has no score at all of one side, the
 *  other side's z stands alone, and the events say so. */
import { type Combiner, type EnsembleState, noteFallback } from "./combiner.ts";
import { scaleRow, writeOneSide, writeWeighted } from "./score-row.ts";

export const weighted: Combiner = {
  init(): EnsembleState {
    return { nextRow: 0, events: [] };
  },

  step(state, bar, panels, policy, space, out) {
    const row = bar * panels.assets;
    const missing = scaleRow(panels, bar, space);
    if (missing === null) writeWeighted(policy.wRanking, policy.wModel, space, row, out);
    else {
      if (missing !== "neither") noteFallback(state, "weighted", missing, bar);
      writeOneSide(missing, space, row, out);
    }
  },
};
