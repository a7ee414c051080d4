import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelEndBar } from "../../src/models/forward-return.ts";
import { splitTable } from "../../src/models/split.ts";
import { type WalkForwardPolicy, walkForwardSplits } from "../../src/models/walk-forward.ts";

const policy = (changes: Partial<WalkForwardPolicy> = {}): WalkForwardPolicy => ({
  kind: "expanding",
  trainBars: 10,
  testBars: 4,
  stepBars: 4,
  embargoBars: 0,
  minTrainRows: 1,
  ...changes,
});
const market = (bars: number, horizonBars: number, holdoutBar: number | null = null) => ({
  bars,
  horizonBars,
  holdoutBar,
});

describe("walkForwardSplits, the last training row by hand", () => {
  test("h = 1, test from 10: row 7 has its label from open 8 to open 9 and stays; row 8 ends at open 10 and goes", () => {
    const [first] = walkForwardSplits(market(20, 1), policy());
    expect(first).toEqual({
      fold: 0,
      train: [{ from: 0, to: 8 }],
      test: [{ from: 10, to: 14 }],
      purgedRows: 2,
      embargoedRows: 0,
      holdout: false,
    });
  });

  test("h = 3, test from 10: row 5 ends at 9 and stays, rows 6 to 9 are the 4 that go", () => {
    const [first] = walkForwardSplits(market(20, 3), policy());
    expect([first!.train, first!.purgedRows]).toEqual([[{ from: 0, to: 6 }], 4]);
  });

  test("h = 3 and an embargo of 2: row 3 ends at 7, and 7 + 2 < 10; row 4 would make it 10 < 10", () => {
    const [first] = walkForwardSplits(market(20, 3), policy({ embargoBars: 2 }));
    expect([first!.train, first!.purgedRows, first!.embargoedRows]).toEqual([[{ from: 0, to: 4 }], 4, 2]);
  });
});

describe("walkForwardSplits", () => {
  test("goes on by steps, the last test ending with the bars", () => {
    const splits = walkForwardSplits(market(20, 1), policy());
    expect(splits.map(({ test: [test] }) => [test!.from, test!.to])).toEqual([
      [10, 14],
      [14, 18],
      [18, 20],
    ]);
    expect(splits.map(({ train: [train] }) => [train!.from, train!.to])).toEqual([
      [0, 8],
      [0, 12],
      [0, 16],
    ]);
  });

  test("rolling keeps as many bars before each test, purged ones among them", () => {
    const splits = walkForwardSplits(market(20, 1), policy({ kind: "rolling" }));
    expect(splits.map(({ train: [train] }) => [train!.from, train!.to])).toEqual([
      [0, 8],
      [4, 12],
      [8, 16],
    ]);
    expect(splits.map(({ purgedRows }) => purgedRows)).toEqual([2, 2, 2]);
  });

  test("a step above the test leaves bars out, one below it predicts bars twice", () => {
    const starts = (stepBars: number) =>
      walkForwardSplits(market(20, 1), policy({ stepBars })).map(({ test: [test] }) => [test!.from, test!.to]);
    expect(starts(6)).toEqual([
      [10, 14],
      [16, 20],
    ]);
    expect(starts(3).slice(0, 2)).toEqual([
      [10, 14],
      [13, 17],
    ]);
  });

  test("no test reaches into the holdout, which is one fold learnt from labels that end before it", () => {
    const splits = walkForwardSplits(market(30, 2, 16), policy());
    expect(splits.map(({ test: [test], holdout }) => [test!.from, test!.to, holdout])).toEqual([
      [10, 14, false],
      [14, 16, false],
      [16, 30, true],
    ]);
    // t + 1 + 2 < 16
    expect(splits[2]!.train).toEqual([{ from: 0, to: 13 }]);
    expect(walkForwardSplits(market(30, 2, 16), policy({ kind: "rolling" }))[2]!.train).toEqual([{ from: 6, to: 13 }]);
  });

  test("a holdout from the first bar on, or of no bars, leaves nothing to learn from or nothing to hold out", () => {
    expect(walkForwardSplits(market(30, 2, 0), policy())).toEqual([]);
    expect(walkForwardSplits(market(20, 1, 20), policy())).toEqual(walkForwardSplits(market(20, 1), policy()));
  });

  test("a holdout before the training bars are full learns from what there is", () => {
    expect(walkForwardSplits(market(30, 1, 6), policy())).toEqual([
      {
        fold: 0,
        train: [{ from: 0, to: 4 }],
        test: [{ from: 6, to: 30 }],
        purgedRows: 2,
        embargoedRows: 0,
        holdout: true,
      },
    ]);
  });

  test("folds with too few rows are not made: expanding gets there, rolling never does", () => {
    const [first, ...rest] = walkForwardSplits(market(20, 1), policy({ minTrainRows: 9 }));
    expect([first!.fold, first!.test, rest.length]).toEqual([0, [{ from: 14, to: 18 }], 1]);
    expect(walkForwardSplits(market(20, 1), policy({ kind: "rolling", minTrainRows: 9 }))).toEqual([]);
    expect(walkForwardSplits(market(20, 50), policy())).toEqual([]);
  });

  test("there is no fold without bars", () => {
    expect(walkForwardSplits(market(0, 1), policy())).toEqual([]);
    expect(walkForwardSplits(market(10, 1), policy())).toEqual([]);
  });

  test("refuses numbers that make no sense", () => {
    expect(() => walkForwardSplits(market(20, 0), policy())).toThrow("horizonBars must be a whole number >= 1, got 0");
    expect(() => walkForwardSplits(market(20, 1), policy({ testBars: 0 }))).toThrow("testBars");
    expect(() => walkForwardSplits(market(20, 1), policy({ stepBars: 1.5 }))).toThrow("stepBars");
    expect(() => walkForwardSplits(market(20, 1), policy({ embargoBars: -1 }))).toThrow("embargoBars");
    expect(() => walkForwardSplits(market(20, 1, 21), policy())).toThrow("holdoutBar must be a bar of 0..20, got 21");
  });
});

const whole = (min: number, max: number) => fc.integer({ min, max });
const settings = fc.record({
  kind: fc.constantFrom("expanding", "rolling"),
  trainBars: whole(1, 60),
  testBars: whole(1, 20),
  stepBars: whole(1, 25),
  embargoBars: whole(0, 8),
  minTrainRows: whole(1, 10),
}) as fc.Arbitrary<WalkForwardPolicy>;

test("every label learnt from ends, embargo included, before its test and the holdout begin, and one row more would not", () => {
  let folds = 0;
  fc.assert(
    fc.property(settings, whole(0, 150), whole(1, 12), fc.option(whole(0, 150)), (rules, bars, h, at) => {
      const holdoutBar = at === null ? null : Math.min(at, bars);
      for (const split of walkForwardSplits(market(bars, h, holdoutBar), rules)) {
        folds++;
        const [train, test] = [split.train[0]!, split.test[0]!];
        expect(labelEndBar(train.to - 1, h, 1) + rules.embargoBars).toBeLessThan(test.from);
        expect(labelEndBar(train.to, h, 1) + rules.embargoBars).toBeGreaterThanOrEqual(test.from);
        expect(train.to - train.from).toBeGreaterThanOrEqual(rules.minTrainRows);
        expect(train.to + split.purgedRows + split.embargoedRows).toBe(test.from);
        expect(test.to).toBeLessThanOrEqual(bars);
        if (holdoutBar !== null) {
          expect(labelEndBar(train.to - 1, h, 1)).toBeLessThan(holdoutBar);
          expect(split.holdout ? test.from === holdoutBar : test.to <= holdoutBar).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(folds).toBeGreaterThan(500);
});

test("bars that are added later change no fold but the last one before them", () => {
  fc.assert(
    fc.property(settings, whole(1, 150), whole(1, 12), whole(1, 50), (rules, bars, h, more) => {
      const now = walkForwardSplits(market(bars, h), rules);
      const later = walkForwardSplits(market(bars + more, h), rules);
      for (const [k, split] of now.entries()) {
        expect(later[k]!.train).toEqual(split.train);
        expect(later[k]!.test[0]!.from).toBe(split.test[0]!.from);
        if (split.test[0]!.to < bars) expect(later[k]).toEqual(split);
      }
    }),
  );
});

test("the table names first and last bars", () => {
  expect(splitTable(walkForwardSplits(market(14, 1), policy({ embargoBars: 1 })))).toEqual([
    {
      fold: 0,
      trainStart: 0,
      trainEnd: 6,
      trainRows: 7,
      purgedRows: 2,
      embargoedRows: 1,
      testStart: 10,
      testEnd: 13,
      testRows: 4,
      holdout: false,
    },
  ]);
});
