/** An axis as tables and charts show it: its values in order, each with a text of its own; many numbers become ranges.
 *  Axes are called by the shortest end of their path that no other axis ends in. */
import type { AxisValue, SweepAxis } from "../../core/sweep-record.ts";

/** Distinct numbers shown one by one; more are gathered into ranges. */
const MOST_NUMBERS = 12;
const RANGES = 8;
/** Of values that are not numbers; those first given stand alone, the rest together. */
const MOST_TEXTS = 24;

/** Where an axis of another list does not apply. */
export const NOT_APPLICABLE = "–";

export interface AxisLevels {
  /** Distinct. */
  readonly labels: readonly string[];
  /** Level of a value; -1 where the axis does not apply. */
  readonly levelOf: (value: AxisValue | undefined) => number;
}

/** A value as text, a fraction to six significant digits; a text that could be taken for a number, a boolean or null
 *  is quoted. */
export function axisText(value: AxisValue | undefined): string {
  if (value === undefined) return NOT_APPLICABLE;
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : shortNumber(value, 6);
  if (typeof value !== "string") return String(value);
  const ambiguous = value.trim() === "" || /^(?:true|false|null|–)$/.test(value) || Number.isFinite(Number(value));
  return ambiguous ? JSON.stringify(value) : value;
}

/** [axis] the shortest end of each path, in whole keys, that tells it from the others. */
export function axisNames(axes: readonly SweepAxis[]): string[] {
  const ends = (path: string, keys: number): string => path.split(".").slice(-keys).join(".");
  return axes.map(({ path }, a) => {
    const most = path.split(".").length;
    for (let keys = 1; keys < most; keys++) {
      const name = ends(path, keys);
      if (axes.every((other, b) => b === a || ends(other.path, keys) !== name)) return name;
    }
    return path;
  });
}

/** Numbers ascending, then the other values in the order they were first given. */
export function axisLevels({ values }: SweepAxis): AxisLevels {
  const numbers = sortedNumbers(values);
  const others = values.filter((value) => typeof value !== "number");
  const ranges = numbers.length > MOST_NUMBERS ? equalRanges(numbers, RANGES) : numbers.map((value) => [value]);
  const alone = others.length > MOST_TEXTS ? others.slice(0, MOST_TEXTS - 1) : others;
  const short = ranges.map(rangeText);
  const exact = ranges.map((range) => [...new Set([range[0], range[range.length - 1]])].join(" to "));
  const labels = [...(new Set(short).size === short.length ? short : exact), ...alone.map(axisText)];
  if (alone.length < others.length) labels.push(`${others.length - alone.length} others`);
  const levels = new Map<AxisValue, number>();
  for (const [level, range] of ranges.entries()) for (const value of range) levels.set(value, level);
  for (const [k, value] of others.entries()) levels.set(value, ranges.length + Math.min(k, alone.length));
  return { labels, levelOf: (value) => (value === undefined ? -1 : (levels.get(value) ?? -1)) };
}

/** The numbers among an axis's values, ascending: those with neighbours. */
export function sortedNumbers(values: readonly AxisValue[]): number[] {
  return values.filter((value) => typeof value === "number").sort((a, b) => a - b);
}

/** Runs of ascending values, as equal in length as they can be. */
function equalRanges(ascending: readonly number[], count: number): number[][] {
  const edge = (k: number): number => Math.round((k * ascending.length) / count);
  return Array.from({ length: count }, (_, k) => ascending.slice(edge(k), edge(k + 1)));
}

function rangeText(range: readonly number[]): string {
  if (range.length === 1) return axisText(range[0]);
  return `${shortNumber(range[0]!, 3)} to ${shortNumber(range[range.length - 1]!, 3)}`;
}

function shortNumber(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
