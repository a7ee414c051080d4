/** Proof that decisions look at nothing later than their bar: the stages run again on what was known at random closes, and
 *  every number up to there must be the same to the bit. Truncating is the whole test: what reads ahead has nothing to
 *  read, so its earlier rows change. */
import type { Floats } from "../core/panel.ts";
import type { Rng } from "../core/rng.ts";
import { type DecisionInputs, inputsHead } from "./decision-inputs.ts";

/** One plane of one stage, [T*N]. */
export interface StagePlane {
  /** As the stages follow one another: "features", "selection". */
  readonly stage: string;
  /** Which of the stage's planes: "momentum_60", "score". */
  readonly column: string;
  readonly values: Floats | Uint8Array;
}

/** Runs every stage before execution; planes in order of the stages. */
export type StageRun = (inputs: DecisionInputs) => Promise<readonly StagePlane[]> | readonly StagePlane[];

/** A number that changed when later rows were taken away. */
export interface Leak {
  readonly stage: string;
  readonly column: string;
  readonly bar: number;
  /** Position on the axes. */
  readonly asset: number;
  /** With all the data. */
  readonly whole: number;
  /** With the data up to `cut`. */
  readonly known: number;
  /** Last bar of the data that was left. */
  readonly cut: number;
}

export interface LookAheadReport {
  /** Last bars of the truncated data, ascending. */
  readonly cuts: readonly number[];
  /** Stages and planes looked at, in order. */
  readonly planes: readonly { readonly stage: string; readonly column: string }[];
  /** Numbers compared over all cuts. */
  readonly compared: number;
  /** The first of the first stage and plane that is not the same; null = proven on these cuts. */
  readonly leak: Leak | null;
}

/**
 * @param count cuts to try; the first leak ends it
 * @param rng   where the cuts come from
 * @param onCut told before each
 */
export async function proveNoLookAhead(
  run: StageRun,
  inputs: DecisionInputs,
  { count, rng }: { readonly count: number; readonly rng: Rng },
  onCut: (cut: number) => void = () => {},
): Promise<LookAheadReport> {
  const bars = inputs.market.axes.time.length;
  const assets = inputs.market.axes.assets.length;
  const whole = await run(inputs);
  const planes = whole.map(({ stage, column }) => ({ stage, column }));
  const cuts = chooseCuts(firstRow(whole, assets), bars, count, rng);
  let compared = 0;
  for (const cut of cuts) {
    onCut(cut);
    const known = await run(inputsHead(inputs, cut + 1));
    const cells = (cut + 1) * assets;
    const leak = firstLeak(whole, known, cells, assets, cut);
    compared += whole.length * cells;
    if (leak !== null) return { cuts: cuts.filter((bar) => bar <= cut), planes, compared, leak };
  }
  return { cuts, planes, compared, leak: null };
}

/** Distinct bars before the last, ascending, from the first on which anything is known: earlier cuts prove nothing. */
function chooseCuts(first: number, bars: number, count: number, rng: Rng): number[] {
  const room = bars - 1 - first;
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, room)) chosen.add(first + rng.integer(room));
  return [...chosen].sort((a, b) => a - b);
}

/** First bar by which every plane that ever says something has said it; 0 without any. */
function firstRow(planes: readonly StagePlane[], assets: number): number {
  let first = 0;
  for (const { values } of planes) {
    let i = 0;
    while (i < values.length && Number.isNaN(values[i]!)) i++;
    if (i < values.length) first = Math.max(first, Math.floor(i / assets));
  }
  return first;
}

function firstLeak(
  whole: readonly StagePlane[],
  known: readonly StagePlane[],
  cells: number,
  assets: number,
  cut: number,
): Leak | null {
  for (const [p, { stage, column, values }] of whole.entries()) {
    const other = known[p];
    if (other === undefined || other.stage !== stage || other.column !== column)
      return { stage, column, bar: cut, asset: 0, whole: values[cells - 1]!, known: Number.NaN, cut };
    for (let i = 0; i < cells; i++)
      if (!Object.is(values[i], other.values[i]))
        return {
          stage,
          column,
          bar: Math.floor(i / assets),
          asset: i % assets,
          whole: values[i]!,
          known: other.values[i]!,
          cut,
        };
  }
  return null;
}
