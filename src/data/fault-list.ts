/** How many faults one message lists. */
import type { Fault } from "../core/errors.ts";

/** Faults a message lists before it only counts. */
export const FAULTS_SHOWN = 5;

/**
 * The first faults, and one more that counts the rest when there is any.
 *
 * @param faults at least the first FAULTS_SHOWN, or all
 * @param count  how many there are altogether
 * @param where  the place the count is reported at
 */
export function cutFaults(faults: readonly Fault[], count: number, where: string): Fault[] {
  const shown = faults.slice(0, FAULTS_SHOWN);
  const rest = count - shown.length;
  return rest > 0 ? [...shown, { where, rule: `and ${rest} more like these` }] : shown;
}
