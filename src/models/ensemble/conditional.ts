/** Favours the model while its trailing IC is above a threshold, else the ranking. The IC is the mean over the latest
 *  bars whose labels have ended; a bar on which the model had no IC counts for nobody. Undecided, it is weighted. */
import { rowIc } from "../information-coefficient.ts";
import { type Combiner, type EnsemblePolicy, type EnsembleState, isMatured, noteFallback } from "./combiner.ts";
import { scaleRow, writeOneSide, writeWeighted } from "./score-row.ts";

export interface ConditionalState extends EnsembleState {
  /** [icWindowBars] IC of row t at t % icWindowBars; NaN = none. */
  readonly ics: Float64Array;
  /** null until enough labels have matured. */
  favours: "ranking" | "model" | null;
}

export const conditional: Combiner<ConditionalState> = {
  init({ icWindowBars }) {
    return { nextRow: 0, events: [], ics: new Float64Array(icWindowBars).fill(Number.NaN), favours: null };
  },

  step(state, bar, panels, policy, space, out) {
    const { assets, model, labels } = panels;
    const row = bar * assets;
    for (; isMatured(panels, state.nextRow, bar); state.nextRow++)
      state.ics[state.nextRow % policy.icWindowBars] = rowIc(
        model,
        labels,
        state.nextRow * assets,
        assets,
        policy.icMeasure,
        space.ic,
      );
    const matured = choose(state, bar, policy);
    const missing = scaleRow(panels, bar, space);
    if (missing !== null) {
      if (missing !== "neither") noteFallback(state, "conditional", missing, bar);
      writeOneSide(missing, space, row, out);
    } else if (state.favours === null) {
      noteFallback(state, "conditional", "no_matured_labels", bar, matured, policy.minMaturedBars);
      writeWeighted(policy.wRanking, policy.wModel, space, row, out);
    } else {
      const other = 1 - policy.wFavoured;
      if (state.favours === "model") writeWeighted(other, policy.wFavoured, space, row, out);
      else writeWeighted(policy.wFavoured, other, space, row, out);
    }
  },
};

/** Favours a side by what is known at `bar`. @returns bars the trailing IC is the mean of */
function choose(
  state: ConditionalState,
  bar: number,
  { icWindowBars, icThreshold, hysteresis, minMaturedBars }: EnsemblePolicy,
): number {
  let sum = 0;
  let matured = 0;
  for (let t = Math.max(0, state.nextRow - icWindowBars); t < state.nextRow; t++) {
    const ic = state.ics[t % icWindowBars]!;
    if (ic !== ic) continue;
    sum += ic;
    matured++;
  }
  if (matured < minMaturedBars) {
    state.favours = null;
    return matured;
  }
  const trailingIc = sum / matured;
  const band = state.favours === null ? 0 : state.favours === "model" ? -hysteresis : hysteresis;
  const favours = trailingIc > icThreshold + band ? "model" : "ranking";
  if (favours !== state.favours) state.events.push({ kind: "ensemble_switch", bar, favours, trailingIc });
  state.favours = favours;
  return matured;
}
