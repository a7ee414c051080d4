/** The stops of one lane, in the reference's own arithmetic. */
import { ExitTerms } from "./exit-terms";

export const NONE: f64 = NaN;

/** The stop nearest to the price; infinitely far where there is none. */
export function levelOf(exits: ExitTerms, at: usize, side: f64, entry: f64, best: f64, distance: f64): f64 {
  let nearest = -side * Infinity;
  const stop = exits.stop(at, side, entry);
  if (side * (stop - nearest) > 0) nearest = stop;
  const trail = exits.trail(at, side, best);
  if (side * (trail - nearest) > 0) nearest = trail;
  if (distance > 0) {
    const range = entry - side * distance;
    if (side * (range - nearest) > 0) nearest = range;
  }
  return nearest;
}
