import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeMarket } from "../../src/data/market-writer.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { DAY, day, gzipped, HEADER, load, longCsv, messageOf, parquetOf } from "./tables.ts";

const NAN = Number.NaN;
const THREE = ["2020-01-01,BTC,100,110,90,105,7", "2020-01-02,BTC,105,120,100,115,8", "2020-01-02,ETH,10,12,9,11,70"];

describe("loadMarket", () => {
  test("places rows on bars sorted by time and symbols sorted by name, NaN where there is no row", async () => {
    const { ohlcv, quality } = await load({ path: longCsv(...THREE) });
    expect([...ohlcv.axes.time]).toEqual([day("2020-01-01"), day("2020-01-02")]);
    expect(ohlcv.axes.assets).toEqual(["BTC", "ETH"]);
    expect([...ohlcv.open]).toEqual([100, NAN, 105, 10]);
    expect([...ohlcv.high]).toEqual([110, NAN, 120, 12]);
    expect([...ohlcv.low]).toEqual([90, NAN, 100, 9]);
    expect([...ohlcv.close]).toEqual([105, NAN, 115, 11]);
    expect([...ohlcv.volume]).toEqual([7, NAN, 8, 70]);
    expect([quality.rows, quality.bars, quality.assets]).toEqual([3, 2, 2]);
  });

  test("an empty cell is NaN and never 0, quoted or not, in CSV and in Parquet", async () => {
    const csv = await load({ path: longCsv('2020-01-01,A,,"",1,2,') });
    const parquet = await load({
      path: await parquetOf(`SELECT DATE '2020-01-01' AS date, 'A' AS symbol, NULL::DOUBLE AS open, NULL::FLOAT AS high,
        1 AS low, 2::DECIMAL(9, 2) AS close, NULL::BIGINT AS volume`),
    });
    for (const { ohlcv } of [csv, parquet])
      expect([ohlcv.open, ohlcv.high, ohlcv.low, ohlcv.close, ohlcv.volume].map((plane) => plane[0])).toEqual([
        NAN,
        NAN,
        1,
        2,
        NAN,
      ]);
    expect(parquet.dataHash).toBe(csv.dataHash);
  });

  test("columns may stand in any order and letter case, under any accepted name, and volume may be absent", async () => {
    const path = tempFile("p.csv", "Close,HIGH,low,Open, Ticker ,TimeStamp\n2,3,1,1.5,A,2020-01-01\n");
    const { ohlcv, quality } = await load({ path });
    expect([ohlcv.open[0], ohlcv.high[0], ohlcv.low[0], ohlcv.close[0], ohlcv.volume[0]]).toEqual([1.5, 3, 1, 2, NAN]);
    expect(quality.notes).toContain("no volume");
  });

  test("numeric extra columns become planes, text ones are ignored with a note", async () => {
    const path = tempFile(
      "p.csv",
      "date,symbol,open,high,low,close,cap,sector\n2020-01-01,A,1,1,1,1,5,tech\n2020-01-02,A,1,1,1,1,,tech\n",
    );
    const { ohlcv, quality } = await load({ path });
    expect([...ohlcv.extras.keys()]).toEqual(["cap"]);
    expect([...ohlcv.extras.get("cap")!]).toEqual([5, NAN]);
    expect(quality.notes).toContain('column "sector" is not numeric and was ignored');
  });

  test("Parquet columns of lists, texts and truth values are ignored with a note", async () => {
    const path =
      await parquetOf(`SELECT DATE '2020-01-01' AS date, 'A' AS symbol, 1 AS open, 1 AS high, 1 AS low, 1 AS close,
      [1.5] AS list, 'x' AS word, true AS flag, 7::TINYINT AS whole, 1.25::DECIMAL(9, 2) AS exact`);
    const { ohlcv, quality } = await load({ path });
    expect([...ohlcv.extras].map(([name, values]) => [name, values[0]])).toEqual([
      ["exact", 1.25],
      ["whole", 7],
    ]);
    expect(quality.notes.filter((note) => note.includes("is not numeric"))).toHaveLength(3);
  });

  test("text that turns up late in an extra column makes the whole column text", async () => {
    const lines = Array.from(
      { length: 300 },
      (_, k) => `${new Date(k * DAY).toISOString().slice(0, 10)},A,1,1,1,1,${k < 299 ? k : "x"}`,
    );
    const path = tempFile("p.csv", `date,symbol,open,high,low,close,cap\n${lines.join("\n")}\n`);
    const { ohlcv, quality } = await load({ path });
    expect(ohlcv.extras.size).toBe(0);
    expect(quality.notes).toContain('column "cap" is not numeric and was ignored');
  });

  test("byte order mark, CRLF, mixed line ends, quotes and gzip change nothing", async () => {
    const plain = `${[HEADER, ...THREE].join("\n")}\n`;
    const { dataHash } = await load({ path: tempFile("p.csv", plain) });
    const same = [
      tempFile("bom.csv", `\uFEFF${plain}`),
      tempFile("crlf.csv", plain.replaceAll("\n", "\r\n")),
      tempFile("mixed.csv", plain.replace("\n", "\r\n")),
      tempFile("quoted.csv", plain.replace(/[^,\n]+/g, '"$&"')),
      tempFile("spaced.csv", plain.replaceAll(",", " , ")),
      tempFile("comma.csv", plain.replaceAll("\n", ",\n")),
      gzipped(plain),
    ];
    for (const path of same) expect((await load({ path })).dataHash, path).toBe(dataHash);
  });

  test("no row is lost where line ends are mixed and the header has a quoted newline", async () => {
    const text = 'date,symbol,open,high,low,close,"a\nb"\r\n2020-01-01,A,1,1,1,1,1\n2020-01-02,A,2,2,2,2,2\r\n';
    const { ohlcv, quality } = await load({ path: tempFile("p.csv", text) });
    expect([quality.rows, ...ohlcv.close]).toEqual([2, 1, 2]);
  });

  test("file names that look like patterns or folders that look like partitions are taken literally", async () => {
    const folder = tempDir();
    const { mkdirSync, writeFileSync } = await import("node:fs");
    mkdirSync(join(folder, "symbol=X"));
    writeFileSync(join(folder, "ab.csv"), `${HEADER}\n2020-01-01,WRONG,1,1,1,1,1\n`);
    for (const name of ["a[b].csv", "a*.csv", "it's.csv", "symbol=X/p.csv"]) {
      writeFileSync(join(folder, name), `${HEADER}\n2020-01-01,RIGHT,1,1,1,1,1\n`);
      expect((await load({ path: join(folder, name) })).ohlcv.axes.assets).toEqual(["RIGHT"]);
    }
  });

  test("symbols longer than twelve letters and a newline within one survive", async () => {
    const path = longCsv("2020-01-01,AVERYLONGSYMBOL-USDT-PERP,1,1,1,1,1", '2020-01-01,"B\nC",1,1,1,1,1');
    expect((await load({ path })).ohlcv.axes.assets).toEqual(["AVERYLONGSYMBOL-USDT-PERP", "B\nC"]);
  });
});

describe("bar labels", () => {
  const at = Date.parse("2020-01-31T09:30:00Z");
  test.each(["2020-01-31T09:30:00Z", "2020-01-31 09:30", "2020-01-31T10:30:00+01:00", "1580463000", "1580463000000"])(
    "%s in a CSV",
    async (label) => {
      const { ohlcv } = await load({ path: longCsv(`${label},A,1,1,1,1,1`) });
      expect([...ohlcv.axes.time]).toEqual([at]);
    },
  );

  test.each([
    "TIMESTAMP '2020-01-31 09:30:00'",
    "TIMESTAMP_S '2020-01-31 09:30:00'",
    "TIMESTAMP_MS '2020-01-31 09:30:00'",
    "TIMESTAMP_NS '2020-01-31 09:30:00'",
    "TIMESTAMPTZ '2020-01-31 09:30:00+00'",
    "1580463000::BIGINT",
    "1580463000000::BIGINT",
    "'2020-01-31T09:30:00Z'",
  ])("%s in a Parquet file", async (label) => {
    const path = await parquetOf(
      `SELECT ${label} AS date, 'A' AS symbol, 1.0 AS open, 1.0 AS high, 1.0 AS low, 1.0 AS close`,
    );
    expect([...(await load({ path })).ohlcv.axes.time]).toEqual([at]);
    expect(await messageOf(() => load({ path, end: "2020-01-30" }))).toBe(
      "prices.parquet: no rows from the beginning to 2020-01-30; the file runs from 2020-01-31T09:30:00Z to 2020-01-31T09:30:00Z",
    );
  });

  test("one bar written two ways is one bar", async () => {
    const path = longCsv("2020-01-01,A,1,1,1,1,1", "2020-01-01T00:00:00Z,B,1,1,1,1,1");
    expect((await load({ path })).ohlcv.axes.time.length).toBe(1);
  });
});

describe("selection", () => {
  test.each(["csv", "parquet"])("keeps the symbols and the dates asked for, both ends included (%s)", async (kind) => {
    const csv = longCsv(...THREE, "2020-01-03,BTC,1,1,1,1,1");
    const path = kind === "csv" ? csv : await parquetOf(`SELECT * FROM read_csv('${csv}')`);
    const market = await load({ path, symbols: ["BTC"], start: "2020-01-02", end: "2020-01-03" });
    expect(market.ohlcv.axes.assets).toEqual(["BTC"]);
    expect([...market.ohlcv.close]).toEqual([115, 1]);
    expect(market.quality.rows).toBe(2);
  });

  test.each(["csv", "parquet"])("an unknown symbol is an error with the nearest one (%s)", async (kind) => {
    const csv = longCsv(...THREE);
    const path = kind === "csv" ? csv : await parquetOf(`SELECT * FROM read_csv('${csv}')`);
    expect(await messageOf(() => load({ path, symbols: ["BTC", "ETHH"] }))).toBe(
      `symbols: prices.${kind} has no such symbol, got "ETHH", did you mean "ETH"?`,
    );
  });

  test("a known symbol without a row in the range is left out with a note", async () => {
    const { ohlcv, quality } = await load({
      path: longCsv(...THREE),
      end: "2020-01-01",
      symbols: ["ETH", "BTC"],
    });
    expect(ohlcv.axes.assets).toEqual(["BTC"]);
    expect(quality.notes).toContain("ETH has no rows in the selected range and was left out");
  });

  test("an empty selection names the range of the file", async () => {
    expect(await messageOf(() => load({ path: longCsv(...THREE), start: "2021-01-01" }))).toBe(
      "prices.csv: no rows from 2021-01-01 to the end; the file runs from 2020-01-01 to 2020-01-02",
    );
  });
});

describe("repair", () => {
  const broken = [
    "2020-01-01,A,10,12,11,11,1", // low 11 above open 10
    "2020-01-02,A,10,12,9,11,-1",
    "2020-01-03,A,10,12,9,11,1",
    "2020-01-03,A,20,22,19,21,1",
    "2020-01-04,A,0,12,9,11,1",
  ];

  test("drop leaves broken rows out, keeps the first of duplicates, and counts", async () => {
    const { ohlcv, quality } = await load({ path: longCsv(...broken), repair: "drop" });
    expect([...ohlcv.axes.time]).toEqual([day("2020-01-03")]);
    expect([...ohlcv.open]).toEqual([10]);
    expect(quality.repairs).toEqual({ mode: "drop", dropped: 4, clipped: 0 });
    expect(quality.rows).toBe(5);
    expect(quality.notes).toContain("repair: drop left out 4 rows");
    expect(quality.ohlcViolations).toEqual([
      { time: day("2020-01-01"), symbol: "A", line: 2, rule: "low 11 is above open 10", value: 11 },
    ]);
  });

  test("a broken first row does not take a sound duplicate with it", async () => {
    const path = longCsv("2020-01-01,A,-1,1,1,1,1", "2020-01-01,A,2,2,2,2,2");
    expect([...(await load({ path, repair: "drop" })).ohlcv.open]).toEqual([2]);
  });

  test("clip widens low and high around open and close and lists the rows as they stood", async () => {
    const path = longCsv("2020-01-01,A,10,12,11,11,1", "2020-01-02,A,10,8,9,11,1");
    const { ohlcv, quality } = await load({ path, repair: "clip" });
    expect([...ohlcv.low]).toEqual([10, 9]);
    expect([...ohlcv.high]).toEqual([12, 11]);
    expect(quality.repairs).toEqual({ mode: "clip", dropped: 0, clipped: 2 });
    expect(quality.ohlcViolations.map(({ line, rule }) => `${line} ${rule}`)).toEqual([
      "2 low 11 is above open 10",
      "3 high 8 is below close 11",
    ]);
  });

  test("clip mends nothing else", async () => {
    expect(await messageOf(() => load({ path: longCsv(...broken), repair: "clip" }))).toBe(
      [
        "prices.csv:3 A volume: must be a volume of at least 0, got -1",
        "prices.csv:5 A 2020-01-03: is a second row for this bar, the first is line 4",
        "prices.csv:6 A open: must be a positive price, got 0",
      ].join("\n"),
    );
  });

  test("no repair covers a cell that cannot be read", async () => {
    const path = longCsv(...broken, "2020-01-05,A,x,1,1,1,1");
    expect(await messageOf(() => load({ path, repair: "drop" }))).toBe('prices.csv:7 A open: is not a number, got "x"');
  });

  test("nothing left after dropping is an error", async () => {
    const path = longCsv("2020-01-01,A,-1,1,1,1,1");
    expect(await messageOf(() => load({ path, repair: "drop" }))).toBe("prices.csv: no row is left after dropping 1");
  });

  test("ohlcViolations: report keeps the row as it is and lists it, and refuses everything else", async () => {
    const { ohlcv, quality } = await load({ path: longCsv(broken[0]!), ohlcViolations: "report" });
    expect([ohlcv.low[0], quality.ohlcViolations.length, quality.repairs.mode]).toEqual([11, 1, "none"]);
    expect(await messageOf(() => load({ path: longCsv(broken[1]!), ohlcViolations: "report" }))).toContain("volume");
  });
});

describe("the same numbers are the same market", () => {
  const price = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
  const cell = fc.oneof({ arbitrary: price, weight: 5 }, { arbitrary: fc.constant(undefined), weight: 1 });
  const row = fc.record({
    bar: fc.integer({ min: 0, max: 40 }),
    symbol: fc.constantFrom("A", "BB", "a,b", 'q"', "LONGER-THAN-TWELVE"),
    close: cell,
    volume: cell,
    cap: cell,
  });
  const rows = fc.uniqueArray(row, { minLength: 1, maxLength: 40, selector: ({ bar, symbol }) => `${bar} ${symbol}` });
  const textOf = (
    list: readonly {
      bar: number;
      symbol: string;
      close?: number | undefined;
      volume?: number | undefined;
      cap?: number | undefined;
    }[],
  ): string =>
    `date,symbol,open,high,low,close,volume,cap\n${list
      .map(({ bar, symbol, close = "", volume = "", cap = "" }) =>
        [
          new Date(bar * DAY).toISOString().slice(0, 10),
          `"${symbol.replaceAll('"', '""')}"`,
          close,
          close,
          close,
          close,
          volume,
          cap,
        ].join(","),
      )
      .join("\n")}\n`;

  test("in whatever order the rows come, and an empty cell is never 0", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.infiniteStream(fc.nat()), async (list, keys) => {
        const sorted = await load({ path: tempFile("p.csv", textOf(list)) });
        const shuffled = list.map((item) => [keys.next().value, item] as const).sort(([a], [b]) => a - b);
        const other = await load({ path: tempFile("p.csv", textOf(shuffled.map(([, item]) => item))) });
        expect(other.dataHash).toBe(sorted.dataHash);
        expect(other.ohlcv).toEqual(sorted.ohlcv);
        const { axes, close, volume, extras } = sorted.ohlcv;
        for (const { bar, symbol, ...cells } of list) {
          const at = axes.time.indexOf(bar * DAY) * axes.assets.length + axes.assets.indexOf(symbol);
          expect([close[at], volume[at], extras.get("cap")?.[at]]).toEqual([
            cells.close ?? NAN,
            cells.volume ?? NAN,
            cells.cap ?? NAN,
          ]);
        }
        expect(close.includes(0)).toBe(false);
      }),
      { numRuns: 12 },
    );
  });

  test("a market written out and read back has the same panels and hash", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        const market = await load({
          path: tempFile("p.csv", textOf(list.map((item) => ({ ...item, close: item.close ?? 1 })))),
        });
        const path = join(tempDir(), "again.csv");
        await writeMarket(path, market.ohlcv);
        expect((await load({ path })).dataHash).toBe(market.dataHash);
      }),
      { numRuns: 8 },
    );
  });

  test("one changed number, name or date changes the hash", async () => {
    const hashes = [
      "2020-01-01,A,1,1,1,1,1",
      "2020-01-01,A,1,1,1,1,2",
      "2020-01-01,B,1,1,1,1,1",
      "2020-01-02,A,1,1,1,1,1",
      "2020-01-01,A,1,1,1,1,",
    ].map(async (line) => (await load({ path: longCsv(line) })).dataHash);
    expect(new Set(await Promise.all(hashes)).size).toBe(5);
  });
});

test("a Parquet date at infinity or beyond year 9999 is a fault, not a defect", async () => {
  const row = "'A' AS symbol, 1.0 AS open, 1.0 AS high, 1.0 AS low, 1.0 AS close";
  for (const date of ["DATE 'infinity'", "DATE '294000-01-01'", "TIMESTAMP 'infinity'"]) {
    const path = await parquetOf(`SELECT ${date} AS date, ${row}`);
    expect(await messageOf(() => load({ path }))).toMatch(/row 1 A.*(beyond year 9999|date is missing)/);
  }
});

test("a file that is one endless record is given up early and told so in a short line", async () => {
  const path = tempFile("prices.csv", "x,".repeat(3_000_000));
  const message = await messageOf(() => load({ path }));
  expect(message.length).toBeLessThan(1000);
  expect(message).toMatch(/longer than 4194304 characters/);
});
