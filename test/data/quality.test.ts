import { describe, expect, test } from "vitest";
import type { DataQuality } from "../../src/core/data-quality.ts";
import { createAxes, type Floats } from "../../src/core/panel.ts";
import { describeMarket } from "../../src/data/market.ts";
import { DAY } from "./tables.ts";

const NAN = Number.NaN;

/** Quality of closes given as rows of bars; bar t is day t of 1970. */
function qualityOf(
  closes: readonly (readonly number[])[],
  more: {
    open?: number[][];
    volume?: number[][];
    cap?: number[][];
    delistAfterBars?: number;
    synthetic?: boolean;
  } = {},
): DataQuality {
  const width = closes[0]?.length ?? 0;
  const axes = createAxes(
    closes.map((_, t) => t * DAY),
    Array.from({ length: width }, (_, n) => `S${n}`),
  );
  const plane = (rows: readonly (readonly number[])[]): Floats => Float64Array.from(rows.flat());
  const close = plane(closes);
  const extras = new Map(more.cap === undefined ? [] : [["cap", plane(more.cap)]]);
  const volume = more.volume === undefined ? plane(closes) : plane(more.volume);
  const open = more.open === undefined ? close : plane(more.open);
  const { delistAfterBars = 20, synthetic = false } = more;
  return describeMarket(
    { axes, open, high: close, low: close, close, volume, extras },
    { source: "test", rows: close.length, synthetic, delistAfterBars },
  ).quality;
}

describe("per asset", () => {
  test("counts bars, holes and where they begin", () => {
    const [asset] = qualityOf([[1], [NAN], [2], [NAN], [NAN], [3]]).perAsset;
    expect(asset).toMatchObject({
      first: 0,
      last: 5 * DAY,
      bars: 3,
      missingBars: 3,
      lateListing: false,
      delisted: false,
    });
    expect(asset!.holes).toEqual([
      { time: DAY, bars: 1 },
      { time: 3 * DAY, bars: 2 },
    ]);
  });

  test("a late listing begins after the first bar of the data", () => {
    const assets = qualityOf([
      [1, NAN],
      [2, 5],
    ]).perAsset;
    expect(assets.map(({ lateListing, first }) => [lateListing, first])).toEqual([
      [false, 0],
      [true, DAY],
    ]);
  });

  test("an asset is delisted when at least delistAfterBars bars without a price run to the end", () => {
    const closes = [
      [1, 1],
      [1, 2],
      [NAN, 3],
      [NAN, 4],
    ];
    expect(qualityOf(closes, { delistAfterBars: 3 }).perAsset[0]!.delisted).toBe(false);
    expect(qualityOf(closes, { delistAfterBars: 2 }).perAsset[0]!.delisted).toBe(true);
    expect(qualityOf(closes, { delistAfterBars: 1 }).perAsset[0]!.delisted).toBe(true);
  });

  test("an open is a price as well, so that an asset with one is not delisted", () => {
    const closes = [
      [1, 1],
      [NAN, 2],
      [NAN, 3],
      [NAN, 4],
    ];
    const opened = (bar: number): number[][] => closes.map((_, t) => [t === 0 || t === bar ? 1 : NAN, 1]);
    const isDelisted = (open: number[][]): boolean =>
      qualityOf(closes, { open, delistAfterBars: 2 }).perAsset[0]!.delisted;
    expect(isDelisted(opened(2))).toBe(false);
    expect(isDelisted(opened(1))).toBe(true);
  });

  test("what never had a price is not delisted, what only ever had an open may be", () => {
    const closes = [
      [NAN, NAN, 1],
      [NAN, NAN, 1],
      [NAN, NAN, 1],
    ];
    const open = [
      [NAN, 5, 1],
      [NAN, NAN, 1],
      [NAN, NAN, 1],
    ];
    const { perAsset } = qualityOf(closes, { open, delistAfterBars: 2 });
    expect(perAsset.map(({ delisted }) => delisted)).toEqual([false, true, false]);
  });

  test("a missing open counts only where there is a close", () => {
    const quality = qualityOf([[1], [NAN], [3]], { open: [[1], [NAN], [NAN]] });
    expect(quality.perAsset[0]!.missingOpens).toEqual([2 * DAY]);
  });

  test("the longest stale run is named by its first bar, and a hole ends it", () => {
    const [asset] = qualityOf([[5], [5], [NAN], [5], [7], [7], [7], [8]]).perAsset;
    expect([asset!.longestStaleRun, asset!.staleRunStart]).toEqual([3, 4 * DAY]);
    expect(qualityOf([[1], [2], [3]]).perAsset[0]).toMatchObject({ longestStaleRun: 0, staleRunStart: NAN });
  });

  test("zero volume is counted, missing volume is not", () => {
    expect(qualityOf([[1], [2], [3]], { volume: [[0], [NAN], [4]] }).perAsset[0]!.zeroVolumeBars).toBe(1);
  });

  test("an asset without any close has neither first nor last and is named", () => {
    const quality = qualityOf([
      [NAN, 1],
      [NAN, 2],
    ]);
    expect(quality.perAsset[0]).toMatchObject({
      first: NAN,
      last: NAN,
      bars: 0,
      missingBars: 0,
      lateListing: false,
      delisted: false,
    });
    expect(quality.notes).toContain("no close at all: S0");
  });
});

test("moves beyond 50% either way are listed, also over a hole; 50% itself is not", () => {
  const moves = qualityOf([
    [100, 100, 100],
    [151, NAN, 50],
    [75, 49, 75],
  ]).suspiciousMoves;
  expect(moves).toEqual([
    { time: DAY, symbol: "S0", move: 0.51 },
    { time: 2 * DAY, symbol: "S0", move: 75 / 151 - 1 },
    { time: 2 * DAY, symbol: "S1", move: -0.51 },
  ]);
});

describe("the thinnest bar", () => {
  test("is the one on which most listed assets have no close, not one before most were listed", () => {
    const closes = [
      [1, NAN, NAN],
      [1, 1, 1],
      [NAN, NAN, 1],
      [1, 1, 1],
    ];
    expect(qualityOf(closes).thinnest).toEqual({ time: 2 * DAY, assets: 1 });
  });

  test("is the one with the fewest assets when none is ever missing", () => {
    expect(
      qualityOf([
        [1, NAN],
        [1, 1],
      ]).thinnest,
    ).toEqual({ time: 0, assets: 1 });
  });
});

describe("zeros in other columns", () => {
  const closes = [
    [1, 1],
    [1, 1],
    [1, 1],
  ];
  test("are counted where the column is otherwise positive", () => {
    expect(
      qualityOf(closes, {
        cap: [
          [0, 4],
          [5, 4],
          [5, 0],
        ],
      }).zeroExtras,
    ).toEqual([
      { column: "cap", symbol: "S0", bars: 1 },
      { column: "cap", symbol: "S1", bars: 1 },
    ]);
  });

  test("are ordinary where the column takes negative values or is mostly zero", () => {
    expect(
      qualityOf(closes, {
        cap: [
          [0, 4],
          [5, -1],
          [5, 0],
        ],
      }).zeroExtras,
    ).toEqual([]);
    expect(
      qualityOf(closes, {
        cap: [
          [0, 1],
          [0, 0],
          [0, 1],
        ],
      }).zeroExtras,
    ).toEqual([]);
  });
});

describe("the survivorship note", () => {
  const prices = (assets: number, lastBar: (n: number) => number): number[][] => [
    Array.from({ length: assets }, () => 1),
    Array.from({ length: assets }, (_, n) => lastBar(n)),
  ];
  const isWarned = (quality: DataQuality): boolean => quality.notes.some((note) => note.startsWith("survivorship"));

  test("comes when twenty assets or more all run to the last bar", () => {
    expect(isWarned(qualityOf(prices(20, () => 2)))).toBe(true);
    expect(isWarned(qualityOf(prices(19, () => 2)))).toBe(false);
  });

  test("does not come when one of them ends before, or when the data are synthetic", () => {
    expect(isWarned(qualityOf(prices(20, (n) => (n === 3 ? NAN : 2))))).toBe(false);
    const synthetic = qualityOf(
      prices(20, () => 2),
      { synthetic: true },
    );
    expect(isWarned(synthetic)).toBe(false);
    expect(synthetic.notes[0]).toMatch(/^synthetic data/);
  });
});

test("a market without bars is described, not crashed on", () => {
  const quality = qualityOf([]);
  expect(quality).toMatchObject({ bars: 0, assets: 0, first: NAN, last: NAN, thinnest: { time: NAN, assets: 0 } });
});
