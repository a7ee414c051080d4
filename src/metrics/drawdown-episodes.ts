/** Single drawdowns of an equity curve, from the peak through the trough to the recovery, deepest first. */
import type { Floats } from "../core/panel.ts";

/** Bars are positions on the equity's own axis. */
export interface DrawdownEpisode {
  /** Last bar at the peak. */
  readonly peakBar: number;
  readonly troughBar: number;
  /** First bar back at or above the peak; -1 when the data end before it. */
  readonly recoveryBar: number;
  /** Equity at the trough over the peak less 1, fraction < 0. */
  readonly depth: number;
  /** Bars from the peak to the recovery, or to the last bar of the data. */
  readonly lengthBars: number;
}

/**
 * The deepest episodes of `equity`, deepest first, the earlier first among equals.
 *
 * @param equity [T] currency at the close; a NaN bar is passed over
 * @param count  most episodes to return
 */
export function drawdownEpisodes(equity: Floats, count: number): readonly DrawdownEpisode[] {
  const episodes: DrawdownEpisode[] = [];
  let peakBar = -1;
  let troughBar = -1;
  const close = (recoveryBar: number): void => {
    if (troughBar < 0) return;
    const depth = equity[troughBar]! / equity[peakBar]! - 1;
    const end = recoveryBar < 0 ? equity.length - 1 : recoveryBar;
    episodes.push({ peakBar, troughBar, recoveryBar, depth, lengthBars: end - peakBar });
    troughBar = -1;
  };
  for (let t = 0; t < equity.length; t++) {
    const value = equity[t]!;
    if (value !== value) continue;
    if (peakBar < 0 || value >= equity[peakBar]!) {
      close(t);
      peakBar = t;
    } else if (troughBar < 0 || value < equity[troughBar]!) troughBar = t;
  }
  close(-1);
  return episodes.sort((a, b) => a.depth - b.depth || a.peakBar - b.peakBar).slice(0, count);
}
