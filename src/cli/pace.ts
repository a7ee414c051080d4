/** How far counted work is, how fast it goes and how long the rest will take, in words. */

/** Where counting began: what was done already came from the cache and says nothing about the pace. */
export interface PaceStart {
  readonly done: number;
  readonly ms: number;
}

/**
 * `250 of 1000 trials, 71 a second, 11 s left`; without rate and rest until something was done since the start.
 *
 * @param ms now, on the clock of the start
 */
export function paceText(what: string, done: number, of: number, start: PaceStart, ms: number): string {
  const count = `${done} of ${of} ${what}`;
  const perSecond = (1000 * (done - start.done)) / (ms - start.ms);
  if (!(perSecond > 0 && perSecond < Number.POSITIVE_INFINITY)) return count;
  if (done >= of) return `${count}, ${rateText(perSecond)}`;
  return `${count}, ${rateText(perSecond)}, ${durationText((of - done) / perSecond)} left`;
}

function rateText(perSecond: number): string {
  if (perSecond >= 9.95) return `${Math.round(perSecond)} a second`;
  return perSecond >= 1 ? `${perSecond.toFixed(1)} a second` : `one in ${durationText(1 / perSecond)}`;
}

function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
