import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combinatorialPurged } from "../../src/models/combinatorial-purged.ts";
import { labelEndBar } from "../../src/models/forward-return.ts";
import { purgedKFold } from "../../src/models/purged-k-fold.ts";
import { rowCount, type Split } from "../../src/models/split.ts";

const market = (bars: number, horizonBars: number, holdoutBar: number | null = null) => ({
  bars,
  horizonBars,
  holdoutBar,
});
const rules = { folds: 3, embargoBars: 0, minTrainRows: 1 };

describe("purgedKFold, by hand: 14 bars, h = 1, so rows 0 to 11 have labels, in tests of 4", () => {
  const splits = purgedKFold(market(14, 1), rules);

  test("the middle test 4..7 has labels until 9: row 1 ends at 3 and stays, row 2 goes; row 9 goes, row 10 stays", () => {
    expect(splits[1]).toEqual({
      fold: 1,
      train: [
        { from: 0, to: 2 },
        { from: 10, to: 12 },
      ],
      test: [{ from: 4, to: 8 }],
      purgedRows: 4,
      embargoedRows: 0,
      holdout: false,
    });
  });

  test("the first test has training rows after it alone, the last before it alone", () => {
    expect([splits[0]!.test, splits[0]!.train]).toEqual([[{ from: 0, to: 4 }], [{ from: 6, to: 12 }]]);
    expect([splits[2]!.test, splits[2]!.train]).toEqual([[{ from: 8, to: 12 }], [{ from: 0, to: 6 }]]);
  });

  test("an embargo of 1 takes one more on either side", () => {
    const [, middle] = purgedKFold(market(14, 1), { ...rules, embargoBars: 1 });
    expect(middle!.train).toEqual([
      { from: 0, to: 1 },
      { from: 11, to: 12 },
    ]);
    expect([middle!.purgedRows, middle!.embargoedRows]).toEqual([4, 2]);
  });
});

describe("purgedKFold", () => {
  test("a holdout cuts the rows at labels that end before it: t + 2 < 14 of 100 bars is the same as 14 bars", () => {
    expect(purgedKFold(market(100, 1, 14), rules)).toEqual(purgedKFold(market(14, 1), rules));
  });

  test("makes no fold where there is too little", () => {
    expect(purgedKFold(market(4, 1), rules)).toEqual([]);
    expect(purgedKFold(market(0, 1), rules)).toEqual([]);
    expect(purgedKFold(market(100, 1, 0), rules)).toEqual([]);
    expect(
      purgedKFold(market(14, 1), { ...rules, minTrainRows: 5 }).map(({ fold, test }) => [fold, test[0]!.from]),
    ).toEqual([
      [0, 0],
      [1, 8],
    ]);
  });

  test("refuses one fold", () => {
    expect(() => purgedKFold(market(14, 1), { ...rules, folds: 1 })).toThrow(
      "folds must be a whole number >= 2, got 1",
    );
  });
});

describe("combinatorialPurged", () => {
  const policy = { groups: 4, testGroups: 2, embargoBars: 0, minTrainRows: 1 };

  test("by hand: 26 bars, h = 1, rows 0 to 23 in groups of 6, tests 01 02 03 12 13 23", () => {
    const splits = combinatorialPurged(market(26, 1), policy);
    expect(splits.map(({ test }) => test)).toEqual([
      [{ from: 0, to: 12 }],
      [
        { from: 0, to: 6 },
        { from: 12, to: 18 },
      ],
      [
        { from: 0, to: 6 },
        { from: 18, to: 24 },
      ],
      [{ from: 6, to: 18 }],
      [
        { from: 6, to: 12 },
        { from: 18, to: 24 },
      ],
      [{ from: 12, to: 24 }],
    ]);
    // of 6..11: the labels of 0..5 end at 7, row 9 ends at 11; of 18..23: the labels of 12..17 end at 19
    expect(splits[1]!.train).toEqual([
      { from: 8, to: 10 },
      { from: 20, to: 24 },
    ]);
    expect(splits[1]!.purgedRows).toBe(2 + 2 + 2);
    expect(splits[3]!.train).toEqual([
      { from: 0, to: 4 },
      { from: 20, to: 24 },
    ]);
  });

  test("tests every group equally often: C(5, 2) = 10 times of C(6, 3) = 20", () => {
    const splits = combinatorialPurged(market(62, 1), { ...policy, groups: 6, testGroups: 3 });
    expect(splits).toHaveLength(20);
    const times = new Int32Array(60);
    for (const { test } of splits) for (const { from, to } of test) for (let t = from; t < to; t++) times[t]!++;
    expect(new Set(times)).toEqual(new Set([10]));
    expect(new Set(splits.map(({ test }) => JSON.stringify(test))).size).toBe(20);
  });

  test("one test group is the purged k-fold", () => {
    expect(combinatorialPurged(market(50, 3), { ...policy, groups: 5, testGroups: 1 })).toEqual(
      purgedKFold(market(50, 3), { ...rules, folds: 5 }),
    );
  });

  test("makes nothing of too few rows, and refuses what makes no sense", () => {
    expect(combinatorialPurged(market(5, 1), policy)).toEqual([]);
    expect(() => combinatorialPurged(market(50, 1), { ...policy, testGroups: 4 })).toThrow("testGroups must be below");
    expect(() => combinatorialPurged(market(500, 1), { ...policy, groups: 40, testGroups: 20 })).toThrow(
      "10000 splits",
    );
  });
});

/** Every pair of a training and a test row, by the definition. */
function leaks({ train, test }: Split, h: number, embargo: number): string[] {
  const found: string[] = [];
  for (const learnt of train)
    for (let t = learnt.from; t < learnt.to; t++)
      for (const asked of test)
        for (let s = asked.from; s < asked.to; s++) {
          const apart = t < s ? labelEndBar(t, h, 1) + embargo < s : labelEndBar(s, h, 1) + embargo < t;
          if (!apart) found.push(`${t} and ${s}`);
        }
  return found;
}

test("no training row shares time with a test row, every row that could stay stays, and nothing touches the holdout", () => {
  const whole = (min: number, max: number) => fc.integer({ min, max });
  let splitCount = 0;
  fc.assert(
    fc.property(
      whole(0, 70),
      whole(1, 6),
      whole(0, 4),
      whole(2, 6),
      whole(1, 5),
      fc.option(whole(0, 70)),
      (bars, h, embargoBars, groups, k, at) => {
        const inputs = market(bars, h, at === null ? null : Math.min(at, bars));
        const last = inputs.holdoutBar ?? bars;
        const splits = [
          ...purgedKFold(inputs, { folds: groups, embargoBars, minTrainRows: 1 }),
          ...combinatorialPurged(inputs, {
            groups,
            testGroups: Math.min(k, groups - 1),
            embargoBars,
            minTrainRows: 1,
          }),
        ];
        for (const split of splits) {
          splitCount++;
          expect(leaks(split, h, embargoBars)).toEqual([]);
          const used = [...split.train, ...split.test];
          for (const { from, to } of used) {
            expect(from).toBeGreaterThanOrEqual(0);
            expect(to).toBeGreaterThan(from);
            expect(labelEndBar(to - 1, h, 1)).toBeLessThan(last);
          }
          const rows = Math.max(0, last - 1 - h);
          expect(rowCount(used) + split.purgedRows + split.embargoedRows).toBe(rows);
          for (let t = 0; t < rows; t++) {
            if (used.some(({ from, to }) => t >= from && t < to)) continue;
            expect(leaks({ ...split, train: [{ from: t, to: t + 1 }] }, h, embargoBars)).not.toEqual([]);
          }
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(splitCount).toBeGreaterThan(200);
});
