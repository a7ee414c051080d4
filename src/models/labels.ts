/** What a model is fitted to: the return an asset earns from the open after a decision to the open `horizon` bars later,
 *  as it is, less the mean of its date, or ranked within its date. Uses the future by its nature, and says until when. */
import type { Ohlcv } from "../core/ohlcv.ts";
import type { Axes } from "../core/panel.ts";
import { averageRanks, rankSpace } from "../math/rank.ts";
import { forwardReturn, LABEL_LAGS, labelEndBar } from "./forward-return.ts";

export const LABEL_KINDS = ["raw", "demeaned", "ranked"] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

export interface Labels {
  readonly axes: Axes;
  readonly horizonBars: number;
  readonly kind: LabelKind;
  /** [T*N] fraction, ranked: in (0, 1); row t belongs to a decision at the close of t; NaN = no label. */
  readonly values: Float64Array;
  /** [T] t + 1 + horizon, the bar at whose open the label of row t is known; T or more where the data end before. A
   *  fit at the close of bar s may use rows with endBar <= s. */
  readonly endBar: Int32Array;
}

/**
 * raw:      open[t+1+h] / open[t+1] - 1;
 * demeaned: raw less the mean raw label of the row;
 * ranked:   (average rank - 1/2) / n among the n raw labels of the row, highest return highest.
 *
 * An asset without an open at either end has no label and counts for nobody: who was delisted within the horizon is
 * missing, which flatters raw labels of assets that tend to be.
 *
 * @param horizonBars h, whole and >= 1
 * @throws RangeError for any other h
 */
export function forwardReturns(
  { axes, open }: Pick<Ohlcv, "axes" | "open">,
  horizonBars: number,
  kind: LabelKind,
): Labels {
  if (!(Number.isInteger(horizonBars) && horizonBars >= 1))
    throw new RangeError(`forwardReturns: horizonBars must be a whole number >= 1, got ${horizonBars}`);
  const bars = axes.time.length;
  const assets = axes.assets.length;
  const values = new Float64Array(bars * assets).fill(Number.NaN);
  forwardReturn(open, assets, horizonBars, LABEL_LAGS.open, values);
  if (kind === "demeaned") demeanRows(values, assets);
  if (kind === "ranked") rankRows(values, assets);
  return {
    axes,
    horizonBars,
    kind,
    values,
    endBar: Int32Array.from({ length: bars }, (_, t) => labelEndBar(t, horizonBars, LABEL_LAGS.open)),
  };
}

function demeanRows(values: Float64Array, assets: number): void {
  for (let row = 0; row < values.length; row += assets) {
    let sum = 0;
    let present = 0;
    for (let i = row; i < row + assets; i++) {
      if (values[i] !== values[i]) continue;
      sum += values[i]!;
      present++;
    }
    for (let i = row; i < row + assets; i++) values[i] = values[i]! - sum / present;
  }
}

function rankRows(values: Float64Array, assets: number): void {
  const space = rankSpace(assets);
  const ranks = new Float64Array(assets);
  for (let row = 0; row < values.length; row += assets) {
    const present = averageRanks(values, row, assets, space, ranks);
    for (let n = 0; n < assets; n++) values[row + n] = (ranks[n]! - 0.5) / present;
  }
}
