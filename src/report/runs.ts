/** Stretches of bars on which an asset's code (its state, its step of a ramp) stays the same, few enough to draw. */

/** Stands for bars on which an asset has no code; they belong to no run. */
export const NO_CODE = -1;

export interface Run {
  readonly asset: number;
  readonly code: number;
  readonly fromBar: number;
  /** One past the last bar. */
  readonly toBar: number;
}

export interface Runs {
  /** By asset in the order asked for, then by bar. */
  readonly runs: readonly Run[];
  /** Bars a step; 1 = exact, otherwise each step has the code of most of its bars. */
  readonly stepBars: number;
}

/** As many steps as a chart can show. */
const STEPS_AT_FIRST = 800;

/**
 * Runs of every asset asked for, in steps as fine as `most` allows.
 *
 * @param codeOf whole number >= 0, or NO_CODE
 * @param most   runs in all; exceeded only where there are more assets than that
 */
export function runsOf(
  assets: readonly number[],
  bars: number,
  codeOf: (bar: number, asset: number) => number,
  most: number,
): Runs {
  const inSteps = (stepBars: number): Run[] => assets.flatMap((asset) => runsOfAsset(asset, bars, stepBars, codeOf));
  let stepBars = 1;
  let runs = inSteps(stepBars);
  while (runs.length > most && stepBars < bars) {
    stepBars = Math.max(2 * stepBars, Math.ceil(bars / STEPS_AT_FIRST));
    runs = inSteps(stepBars);
  }
  return { runs, stepBars };
}

function runsOfAsset(
  asset: number,
  bars: number,
  stepBars: number,
  codeOf: (bar: number, asset: number) => number,
): Run[] {
  const runs: Run[] = [];
  let from = 0;
  let code = NO_CODE;
  for (let t = 0; t < bars; t += stepBars) {
    const next = commonest(asset, t, Math.min(bars, t + stepBars), codeOf);
    if (next === code) continue;
    if (code !== NO_CODE) runs.push({ asset, code, fromBar: from, toBar: t });
    from = t;
    code = next;
  }
  if (code !== NO_CODE) runs.push({ asset, code, fromBar: from, toBar: bars });
  return runs;
}

/** The code of most bars of [from, to); the one seen first among equals. */
function commonest(asset: number, from: number, to: number, codeOf: (bar: number, asset: number) => number): number {
  if (to - from === 1) return codeOf(from, asset);
  const counts = new Map<number, number>();
  let best = NO_CODE;
  let most = 0;
  for (let t = from; t < to; t++) {
    const code = codeOf(t, asset);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  for (const [code, count] of counts)
    if (count > most) {
      best = code;
      most = count;
    }
  return best;
}

/** UTC ms at which a run that ends before `toBar` stops: where the next bar is, or one bar's length after the last. */
export function endTime(time: ArrayLike<number>, toBar: number): number {
  const T = time.length;
  if (toBar < T) return time[toBar]!;
  return T > 1 ? 2 * time[T - 1]! - time[T - 2]! : time[T - 1]! + DAY;
}

const DAY = 86_400_000;
