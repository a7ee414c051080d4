/** Regime probabilities from a wide file, on the bars of a run. */
import type { RegimePosterior } from "../allocation/weighting.ts";
import { InputError, nearestName } from "../core/errors.ts";
import type { Floats } from "../core/panel.ts";
import { formatBarTime } from "../data/calendar.ts";
import { loadWide } from "../data/wide-csv.ts";

/**
 * @param path   wide CSV `date,<regime>...`, known at each bar's close
 * @param time   [T] of the bars; one the file leaves out has no probabilities
 * @param keyOf  times with the same key are the same bar
 * @param wanted regimes to take; all without it
 * @throws InputError for a regime that is not in the file, or probabilities that are negative or do not sum to 1
 */
export async function loadPosterior(
  path: string,
  time: Floats,
  keyOf: (ms: number) => number,
  wanted?: readonly string[],
): Promise<RegimePosterior> {
  const { axes, values } = await loadWide(path);
  const names = axes.assets;
  const columns = (wanted ?? names).map((regime) => {
    const column = names.indexOf(regime);
    if (column >= 0) return column;
    throw InputError.of({
      where: path,
      rule: "has no such regime",
      got: regime,
      suggestion: nearestName(regime, names),
    });
  });
  const rowOf = new Map<number, number>();
  for (let row = 0; row < axes.time.length; row++) rowOf.set(keyOf(axes.time[row]!), row);
  const regimes = columns.length;
  const onBars = new Float64Array(time.length * regimes).fill(Number.NaN);
  for (let t = 0; t < time.length; t++) {
    const row = rowOf.get(keyOf(time[t]!));
    if (row === undefined) continue;
    for (const [r, column] of columns.entries()) onBars[t * regimes + r] = values[row * names.length + column]!;
    checkRow(onBars.subarray(t * regimes, (t + 1) * regimes), () => `${path}, ${formatBarTime(axes.time)(time[t]!)}`);
  }
  return { regimes, values: onBars };
}

function checkRow(row: Float64Array, where: () => string): void {
  if (row.every((p) => p !== p)) return;
  const sum = row.reduce((total, p) => total + p, 0);
  if (Math.abs(sum - 1) <= 1e-6 && row.every((p) => p >= 0)) return;
  throw InputError.of({
    where: where(),
    rule: "regime probabilities must be >= 0 and sum to 1, or all be missing",
    got: row.join(", "),
  });
}
