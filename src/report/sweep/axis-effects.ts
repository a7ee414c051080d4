/** What each axis of a sweep does to the ranking metric, the other axes left as they fell: the spread of the trials at
 *  each of its levels, and the same over pairs of axes. Trials not done, and those without a value, take no part. */
import type { SweepRecord, Trial } from "../../core/sweep-record.ts";
import { formatPercent } from "../number-format.ts";
import { axisLevels } from "./axis-levels.ts";
import { rankedValue } from "./ranking-metric.ts";

/** Trials of one level; figures are NaN where none has a value. */
export interface LevelEffect {
  readonly label: string;
  /** Trials at this level in any state, and those with a value. */
  readonly tried: number;
  readonly count: number;
  readonly mean: number;
  /** Quartiles, linear between order statistics. */
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly best: number;
  /** Trial.index of the best; -1 = none. */
  readonly bestTrial: number;
}

export interface AxisEffect {
  /** Position in SweepRecord.axes. */
  readonly axis: number;
  readonly levels: readonly LevelEffect[];
  /** Share of the variance of all values that lies between the levels, less what as many levels take up by chance
   *  (epsilon squared, Kelley 1935): 1 = all, 0 or below = no more than chance. NaN when all values are equal or no
   *  level has two. */
  readonly explained: number;
}

export interface PairEffect {
  /** Positions in SweepRecord.axes. */
  readonly rows: number;
  readonly columns: number;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  /** [rows * columns] mean over the trials of a cell; NaN where none has a value. */
  readonly mean: Float64Array;
  readonly count: Float64Array;
  /** As AxisEffect.explained, between the cells. */
  readonly explained: number;
}

/** One entry an axis, in the order of the axes. */
export function axisEffects(record: SweepRecord): AxisEffect[] {
  return record.axes.map((_, axis) => {
    const { labels, members } = grouped(record, axis);
    const values = members.map((trials) => presentValues(record, trials));
    return {
      axis,
      levels: labels.map((label, k) => levelEffect(record, label, members[k]!, values[k]!)),
      explained: explainedShare(values),
    };
  });
}

/** Axes with more than one level, the one that explains most first; ties in order of the axes. */
export function byEffect(effects: readonly AxisEffect[]): AxisEffect[] {
  return effects.filter(({ levels }) => levels.length > 1).sort((a, b) => mostExplained(a, b) || a.axis - b.axis);
}

/** Order of effects, the one that explains most first; where it is unknown, last. */
export function mostExplained(a: Pick<AxisEffect, "explained">, b: Pick<AxisEffect, "explained">): number {
  const share = ({ explained }: Pick<AxisEffect, "explained">): number =>
    explained === explained ? explained : -Number.MAX_VALUE;
  return share(b) - share(a);
}

/** Explained variance as text: no more than chance is nothing. */
export function explainedText(explained: number): string {
  return formatPercent(explained < 0 ? 0 : explained);
}

/** Cells of two axes, the levels of `rows` by those of `columns`. */
export function pairEffect(record: SweepRecord, rows: number, columns: number): PairEffect {
  const down = axisLevels(record.axes[rows]!);
  const across = axisLevels(record.axes[columns]!);
  const width = across.labels.length;
  const cells = Array.from({ length: down.labels.length * width }, (): number[] => []);
  for (const trial of record.trials) {
    const value = rankedValue(record, trial);
    const row = down.levelOf(trial.values[rows]);
    const column = across.levelOf(trial.values[columns]);
    if (Number.isFinite(value) && row >= 0 && column >= 0) cells[row * width + column]!.push(value);
  }
  return {
    rows,
    columns,
    rowLabels: down.labels,
    columnLabels: across.labels,
    mean: Float64Array.from(cells, meanOf),
    count: Float64Array.from(cells, ({ length }) => length),
    explained: explainedShare(cells),
  };
}

/** Quantile of ascending values, linear between order statistics; NaN of none. @param share 0 to 1 */
export function spreadQuantile(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below] ?? Number.NaN;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? Number.NaN;
  return low + (high - low) * (place - below);
}

/** Trials by level of an axis; those to which it does not apply are in none. */
function grouped(record: SweepRecord, axis: number): { labels: readonly string[]; members: Trial[][] } {
  const { labels, levelOf } = axisLevels(record.axes[axis]!);
  const members = labels.map((): Trial[] => []);
  for (const trial of record.trials) members[levelOf(trial.values[axis])]?.push(trial);
  return { labels, members };
}

function presentValues(record: SweepRecord, trials: readonly Trial[]): number[] {
  return trials.map((trial) => rankedValue(record, trial)).filter(Number.isFinite);
}

function levelEffect(record: SweepRecord, label: string, trials: readonly Trial[], values: number[]): LevelEffect {
  const ascending = [...values].sort((a, b) => a - b);
  const best = (record.rankAscending ? ascending[0] : ascending[ascending.length - 1]) ?? Number.NaN;
  return {
    label,
    tried: trials.length,
    count: values.length,
    mean: meanOf(values),
    lower: spreadQuantile(ascending, 0.25),
    median: spreadQuantile(ascending, 0.5),
    upper: spreadQuantile(ascending, 0.75),
    best,
    bestTrial: trials.find((trial) => rankedValue(record, trial) === best)?.index ?? -1,
  };
}

/** 1 - (1 - eta squared) (n - 1) / (n - k), n values in k groups. */
function explainedShare(groups: readonly (readonly number[])[]): number {
  const present = groups.filter(({ length }) => length > 0);
  const all = present.flat();
  if (all.length <= present.length) return Number.NaN;
  const grand = meanOf(all);
  const squares = (values: readonly number[], centre: number): number =>
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const total = squares(all, grand);
  if (!(total > 0)) return Number.NaN;
  const within = present.reduce((sum, group) => sum + squares(group, meanOf(group)), 0);
  return 1 - ((within / total) * (all.length - 1)) / (all.length - present.length);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}
