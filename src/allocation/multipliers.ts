/** How much of its planned weight each asset gets while the selector takes it out or brings it back: x_i = m_i s_i w_i.
 *  A change of m is a decision of its own for that asset, whatever the calendar says; somebody who comes or goes asks
 *  for new weights, since those are computed over the assets with m > 0. Without multipliers all are 1. */
import type { Floats } from "../core/panel.ts";

/** The portfolio that stands, plain data. */
export interface StandingTargets {
  /** [N] w_i of the last decision. */
  readonly weight: Float64Array;
  /** [N] s_i, what the weight is multiplied by; it includes any scale that is applied. */
  readonly direction: Float64Array;
  /** [N] m_i when the asset last had a price; NaN = never had one. */
  readonly multiplier: Float64Array;
  /** [N] 1 where it changed at the last bar. */
  readonly changed: Uint8Array;
}

export function initStanding(assets: number): StandingTargets {
  return {
    weight: new Float64Array(assets),
    direction: new Float64Array(assets),
    multiplier: new Float64Array(assets).fill(Number.NaN),
    changed: new Uint8Array(assets),
  };
}

/** Where the rows of decisions go; whole planes [T*N], of which a step writes its own row. */
export interface DecisionPlanes {
  /** NaN = no decision. */
  readonly targets: Float64Array;
  /** 1 = a multiplier fell, so that the decision waits for nothing; null without a selector. */
  readonly immediate: Uint8Array | null;
}

/** @returns every plane without a decision */
export function decisionPlanes(cells: number, multiplier: Floats | null): DecisionPlanes {
  return {
    targets: new Float64Array(cells).fill(Number.NaN),
    immediate: multiplier === null ? null : new Uint8Array(cells),
  };
}

/** What the multipliers of one bar changed. */
export interface MultiplierChange {
  readonly any: boolean;
  /** Somebody who stands or is wanted went to 0 or came back from it. */
  readonly comesOrGoes: boolean;
}

const NO_CHANGE: MultiplierChange = { any: false, comesOrGoes: false };

/**
 * Takes in the multipliers of bar t and marks those that fell in `out.immediate`: less risk waits for nobody, more of it
 * is a decision like any other.
 *
 * @param listed     [T*N] NaN = not listed: its multiplier is not looked at
 * @param multiplier [T*N] 0..1; null = all 1
 * @param wanted     true where an asset's coming would matter
 */
export function noteMultipliers(
  standing: StandingTargets,
  t: number,
  listed: Floats,
  multiplier: Floats | null,
  wanted: (cell: number) => boolean,
  out: DecisionPlanes,
): MultiplierChange {
  if (multiplier === null) return NO_CHANGE;
  const { changed } = standing;
  const assets = changed.length;
  let any = false;
  let comesOrGoes = false;
  for (let n = 0; n < assets; n++) {
    const cell = t * assets + n;
    const before = standing.multiplier[n]!;
    const now = multiplier[cell]!;
    changed[n] = 0;
    if (before === now || listed[cell] !== listed[cell]) continue;
    standing.multiplier[n] = now;
    if (before !== before) continue;
    any = true;
    changed[n] = 1;
    if (now < before) out.immediate![cell] = 1;
    if (before > 0 !== now > 0 && (standing.weight[n] !== 0 || wanted(cell))) comesOrGoes = true;
  }
  return any ? { any, comesOrGoes } : NO_CHANGE;
}

/**
 * Writes the targets of bar t: all listed assets, or those alone whose multiplier changed.
 *
 * @param redistribute true: what the multipliers take from some goes to the others, so that the sum stays what the
 *                     largest multiplier makes of it; then every asset is written
 */
export function writeTargets(
  standing: StandingTargets,
  t: number,
  listed: Floats,
  multiplier: Floats | null,
  redistribute: boolean,
  scope: "all" | "changed",
  out: DecisionPlanes,
): void {
  const assets = standing.weight.length;
  const steady = multiplier !== null && redistribute ? steadyFactor(standing, t, listed, multiplier) : 1;
  for (let n = 0; n < assets; n++) {
    const cell = t * assets + n;
    if (listed[cell] !== listed[cell]) continue;
    if (scope === "changed" && !redistribute && standing.changed[n] === 0) continue;
    const share = multiplier === null ? 1 : multiplier[cell]! * steady;
    const weight = standing.weight[n]!;
    out.targets[cell] = weight === 0 || share === 0 ? 0 : weight * standing.direction[n]! * share;
  }
}

/** max m * sum |w| / sum m |w| over the listed assets with a weight; 1 where nothing is left. */
function steadyFactor({ weight }: StandingTargets, t: number, listed: Floats, multiplier: Floats): number {
  const assets = weight.length;
  let largest = 0;
  let whole = 0;
  let left = 0;
  for (let n = 0; n < assets; n++) {
    const cell = t * assets + n;
    if (weight[n] === 0 || listed[cell] !== listed[cell]) continue;
    const m = multiplier[cell]!;
    if (m > largest) largest = m;
    whole += Math.abs(weight[n]!);
    left += m * Math.abs(weight[n]!);
  }
  return left > 0 ? (largest * whole) / left : 1;
}
