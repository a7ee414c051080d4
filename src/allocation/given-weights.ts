/** Targets somebody else decided, such as those of a file, under the selector's multipliers: x_i = m_i f_i. */
import type { Floats } from "../core/panel.ts";
import {
  type DecisionPlanes,
  decisionPlanes,
  initStanding,
  noteMultipliers,
  type StandingTargets,
  writeTargets,
} from "./multipliers.ts";

/** All [T*N]. */
export interface GivenInputs {
  /** Target weights; NaN = no decision. */
  readonly given: Floats;
  /** NaN where an asset is not listed: what is given for it is passed on as it is. */
  readonly listed: Floats;
  /** 0..1; null = all 1. */
  readonly multiplier: Floats | null;
}

/** Decides at bar t: what is given there, and what the multipliers changed. */
export function stepGivenWeights(
  standing: StandingTargets,
  t: number,
  { given, listed, multiplier }: GivenInputs,
  redistribute: boolean,
  out: DecisionPlanes,
): void {
  const assets = standing.weight.length;
  const change = noteMultipliers(standing, t, listed, multiplier, () => false, out);
  let decides = false;
  for (let n = 0; n < assets; n++) {
    const weight = given[t * assets + n]!;
    if (weight !== weight) continue;
    decides = true;
    standing.weight[n] = weight;
    standing.direction[n] = 1;
  }
  if (multiplier !== null && (change.any || (decides && redistribute)))
    writeTargets(standing, t, listed, multiplier, redistribute, "changed", out);
  if (!decides) return;
  for (let n = 0; n < assets; n++) {
    const cell = t * assets + n;
    const weight = given[cell]!;
    if (weight !== weight || out.targets[cell] === out.targets[cell]) continue;
    const isScaled = multiplier !== null && listed[cell] === listed[cell];
    out.targets[cell] = isScaled ? weight * multiplier[cell]! : weight;
  }
}

/** @returns the decisions of a whole run, by the step above */
export function planGivenWeights(inputs: GivenInputs, assets: number, redistribute: boolean): DecisionPlanes {
  const out = decisionPlanes(inputs.given.length, inputs.multiplier);
  const standing = initStanding(assets);
  const bars = inputs.given.length / Math.max(1, assets);
  for (let t = 0; t < bars; t++) stepGivenWeights(standing, t, inputs, redistribute, out);
  return out;
}
