/** Combinatorial purged cross-validation, Lopez de Prado (2018) ch. 12: rows in G groups, every choice of k of them a
 *  test, purged as in purged-k-fold. Each group is tested C(G - 1, k - 1) times, which makes that many whole paths. */
import { evenBlocks } from "./purged-k-fold.ts";
import {
  type BarRange,
  checkSplitNumbers,
  developmentRows,
  purgedSplit,
  rowCount,
  type Split,
  type SplitInputs,
} from "./split.ts";

export interface CombinatorialPolicy {
  /** G >= 2. */
  readonly groups: number;
  /** k, 1 .. G - 1. */
  readonly testGroups: number;
  readonly embargoBars: number;
  /** Splits with fewer training bars left are not made. */
  readonly minTrainRows: number;
}

/** More splits than this are a slip, not a plan. */
const MOST_SPLITS = 10_000;

/**
 * @returns C(G, k) splits in lexical order of their groups; empty where there are fewer rows than groups. Neighbouring
 *          test groups are one stretch: nothing is purged between them.
 * @throws RangeError for a number that is not whole or out of range, or for more than 10,000 splits
 */
export function combinatorialPurged(inputs: SplitInputs, policy: CombinatorialPolicy): readonly Split[] {
  const { groups, testGroups, embargoBars, minTrainRows } = policy;
  checkSplitNumbers("combinatorialPurged", inputs, [
    ["groups", groups, 2],
    ["testGroups", testGroups, 1],
    ["embargoBars", embargoBars, 0],
    ["minTrainRows", minTrainRows, 1],
  ]);
  if (testGroups >= groups)
    throw new RangeError(`combinatorialPurged: testGroups must be below groups ${groups}, got ${testGroups}`);
  const count = choices(groups, testGroups);
  if (count > MOST_SPLITS)
    throw new RangeError(`combinatorialPurged: ${testGroups} of ${groups} groups make more than ${MOST_SPLITS} splits`);
  const rows = developmentRows(inputs);
  const blocks = evenBlocks(rows, groups);
  const splits: Split[] = [];
  if (blocks.length === 0) return splits;
  const chosen = Array.from({ length: testGroups }, (_, k) => k);
  for (let i = 0; i < count; i++) {
    const test = joined(chosen.map((k) => blocks[k]!));
    const split = purgedSplit(splits.length, rows, test, inputs.horizonBars, embargoBars);
    if (rowCount(split.train) >= minTrainRows) splits.push(split);
    nextChoice(chosen, groups);
  }
  return splits;
}

function choices(n: number, k: number): number {
  let count = 1;
  for (let i = 1; i <= Math.min(k, n - k); i++) count = (count * (n - i + 1)) / i;
  return count;
}

/** The next one in lexical order, in place; the last one is followed by nothing of use. */
function nextChoice(chosen: number[], n: number): void {
  let i = chosen.length - 1;
  while (i >= 0 && chosen[i] === n - chosen.length + i) i--;
  if (i < 0) return;
  chosen[i]!++;
  for (let j = i + 1; j < chosen.length; j++) chosen[j] = chosen[j - 1]! + 1;
}

/** Ranges that touch become one. */
function joined(ranges: readonly BarRange[]): BarRange[] {
  const apart: BarRange[] = [];
  for (const range of ranges) {
    const last = apart.at(-1);
    if (last?.to === range.from) apart[apart.length - 1] = { from: last.from, to: range.to };
    else apart.push(range);
  }
  return apart;
}
