/** Garbage in: each row of these tables is a file, and the lines a person gets to read. */
import { describe, expect, test } from "vitest";
import { tempFile } from "../support/files.ts";
import { HEADER, load, longCsv, messageOf, parquetOf } from "./tables.ts";

const GOOD = "2020-01-01,BTC,100,110,90,105,7";

describe("a row that breaks a rule is named by file, line, symbol and value", () => {
  test.each([
    ["text in a price cell", "2020-01-02,ETH,abc,1,1,1,1", 'prices.csv:3 ETH open: is not a number, got "abc"'],
    [
      "digits grouped by underscores",
      "2020-01-02,ETH,1_000,1,1,1,1",
      'prices.csv:3 ETH open: is not a number, got "1_000"',
    ],
    ["thousands separators", '2020-01-02,ETH,"1,000",1,1,1,1', 'prices.csv:3 ETH open: is not a number, got "1,000"'],
    ["hexadecimal", "2020-01-02,ETH,1,0x10,1,1,1", 'prices.csv:3 ETH high: is not a number, got "0x10"'],
    ...["NaN", "NA", "null", "N/A", "None"].map((word) => [
      `the word ${word}`,
      `2020-01-02,ETH,1,1,1,${word},1`,
      `prices.csv:3 ETH close: is not a number (leave the cell empty when the value is missing), got "${word}"`,
    ]),
    [
      "an infinite price",
      "2020-01-02,ETH,1,inf,1,1,1",
      "prices.csv:3 ETH high: must be a positive price, got Infinity",
    ],
    [
      "a price beyond doubles",
      "2020-01-02,ETH,1,1e999,1,1,1",
      "prices.csv:3 ETH high: must be a positive price, got Infinity",
    ],
    ["a negative price", "2020-01-02,ETH,-1,1,1,1,1", "prices.csv:3 ETH open: must be a positive price, got -1"],
    ["a zero price", "2020-01-02,ETH,1,1,0,1,1", "prices.csv:3 ETH low: must be a positive price, got 0"],
    ["negative volume", "2020-01-02,ETH,1,1,1,1,-5", "prices.csv:3 ETH volume: must be a volume of at least 0, got -5"],
    [
      "infinite volume",
      "2020-01-02,ETH,1,1,1,1,Infinity",
      "prices.csv:3 ETH volume: must be a volume of at least 0, got Infinity",
    ],
    ["low above close", "2020-01-02,ETH,101.5,102,101.2,100.9,1", "prices.csv:3 ETH: low 101.2 is above close 100.9"],
    ["low above open", "2020-01-02,ETH,1,9,2,8,1", "prices.csv:3 ETH: low 2 is above open 1"],
    ["high below open", "2020-01-02,ETH,3,2,1,1,1", "prices.csv:3 ETH: high 2 is below open 3"],
    [
      "both sides broken",
      "2020-01-02,ETH,4,5,6,7,1",
      "prices.csv:3 ETH: low 6 is above open 4 and high 5 is below close 7",
    ],
    ["low above high without open and close", "2020-01-02,ETH,,1,2,,1", "prices.csv:3 ETH: low 2 is above high 1"],
    [
      "a second row for a bar",
      "2020-01-01,BTC,1,1,1,1,1",
      "prices.csv:3 BTC 2020-01-01: is a second row for this bar, the first is line 2",
    ],
    ["an impossible date", "2020-02-30,ETH,1,1,1,1,1", 'prices.csv:3 ETH date: no such date or time, got "2020-02-30"'],
    [
      "a compact date",
      "20200131,ETH,1,1,1,1,1",
      'prices.csv:3 ETH date: is not a date (YYYY-MM-DD, an ISO 8601 timestamp, or epoch seconds or milliseconds), got "20200131"',
    ],
    ["no date", ",ETH,1,1,1,1,1", "prices.csv:3 ETH date: the date is missing"],
    ["no symbol", "2020-01-02,,1,1,1,1,1", "prices.csv:3: the symbol is empty"],
    ["too few cells", "2020-01-02,ETH,1", "prices.csv:3: has 3 cells where the header has 7"],
    ["too many cells", "2020-01-02,ETH,1,1,1,1,1,9", "prices.csv:3: has 8 cells where the header has 7"],
    [
      "an open quote",
      '2020-01-02,"ETH,1,1,1,1,1',
      "prices.csv:3: a quoted cell is never closed, or text follows its closing quote",
    ],
  ])("%s", async (_, line, message) => {
    expect(await messageOf(() => load({ path: longCsv(GOOD, line) }))).toBe(message);
  });

  test("bytes that are not UTF-8", async () => {
    const bytes = Buffer.concat([Buffer.from(`${HEADER}\n2020-01-02,`), Buffer.of(0xe9), Buffer.from(",1,1,1,1,1\n")]);
    expect(await messageOf(() => load({ path: tempFile("p.csv", bytes) }))).toBe("p.csv:2: is not UTF-8 text");
  });

  test("lines are physical: blank lines and quoted newlines before the fault count", async () => {
    const path = longCsv("", GOOD, "", '2020-01-02,"B\nC",1,1,1,1,1', "2020-01-03,BTC,1,1,1,-1,1");
    expect(await messageOf(() => load({ path }))).toBe("prices.csv:7 BTC close: must be a positive price, got -1");
  });

  test("five faults are listed in file order whatever their kind, the rest are counted", async () => {
    const broken = Array.from({ length: 4 }, (_, k) => `2020-02-0${k + 1},ETH,-1,1,1,1,1`);
    const path = longCsv(...broken, "2020-02-06,ETH,x,1,1,1,1", ...broken);
    const lines = (await messageOf(() => load({ path }))).split("\n");
    expect(lines.map((line) => line.slice(0, 24))).toEqual([
      "prices.csv:2 ETH open: m",
      "prices.csv:3 ETH open: m",
      "prices.csv:4 ETH open: m",
      "prices.csv:5 ETH open: m",
      "prices.csv:6 ETH open: i",
      "prices.csv: and 8 more l",
    ]);
  });

  test("faults of symbols that were not asked for do no harm", async () => {
    const market = await load({ path: longCsv(GOOD, "2020-01-01,ETH,x,1,1,1,1"), symbols: ["BTC"] });
    expect(market.ohlcv.axes.assets).toEqual(["BTC"]);
  });
});

describe("a file that is no price table gets one line", () => {
  test.each([
    ["header only", `${HEADER}\n`, "p.csv: has a header but no rows"],
    ["blank lines only", "\n\n", "p.csv: is empty"],
    ["semicolons", "date;symbol;open\n1;2;3\n", 'p.csv:1: columns must be separated by commas, got "date;symbol;open"'],
    [
      "a misspelt column",
      "date,symbol,open,hihg,low,close\n",
      'p.csv:1: column high is missing; found date, symbol, open, hihg, low, close; is "hihg" meant?',
    ],
    [
      "prose",
      "Dear Sir\n",
      "p.csv:1: columns date (or timestamp, datetime, time), symbol (or ticker, asset), open, high, low, close are missing; found Dear Sir",
    ],
    ["a column twice", "date,symbol,open,high,low,close,Close\n", 'p.csv:1: column "close" is named twice'],
    ["old Macintosh line ends", `${HEADER}\r${GOOD}\r`, "p.csv:1: lines must end in LF or CRLF, not in CR alone"],
  ])("%s", async (_, content, message) => {
    expect(await messageOf(() => load({ path: tempFile("p.csv", content) }))).toBe(message);
  });

  test("a damaged Parquet file", async () => {
    const path = tempFile("p.parquet", `PAR1${"x".repeat(50)}PAR1`);
    expect(await messageOf(() => load({ path }))).toBe(
      "p.parquet: cannot be read as Parquet; it is damaged or cut short",
    );
  });
});

describe("Parquet rows are named by their number in the file", () => {
  test("broken prices, also behind a selection", async () => {
    const path = await parquetOf(`SELECT * FROM (VALUES
      (DATE '2020-01-01', 'BTC', 1.0, 1.0, 1.0, 1.0), (DATE '2020-01-02', 'BTC', 1.0, 1.0, 1.0, 1.0),
      (DATE '2020-01-02', 'ETH', 1.0, 1.0, 1.0, -2.0)) AS t(date, symbol, open, high, low, close)`);
    const message = "prices.parquet row 3 ETH close: must be a positive price, got -2";
    expect(await messageOf(() => load({ path }))).toBe(message);
    expect(await messageOf(() => load({ path, symbols: ["ETH"], start: "2020-01-02" }))).toBe(message);
  });

  test("a missing date, a missing symbol and a column of the wrong type", async () => {
    const empty = await parquetOf(`SELECT * FROM (VALUES (NULL::DATE, 'A', 1.0), (DATE '2020-01-01', NULL, 1.0))
      AS t(date, symbol, open), (SELECT 1.0 AS high, 1.0 AS low, 1.0 AS close)`);
    expect(await messageOf(() => load({ path: empty }))).toBe(
      "prices.parquet row 1 A: the date is missing\nprices.parquet row 2: the symbol is empty",
    );
    const text = await parquetOf(
      `SELECT '2020-01-01' AS date, 'A' AS symbol, 'x' AS open, 1 AS high, 1 AS low, 1 AS close`,
    );
    expect(await messageOf(() => load({ path: text }))).toBe(
      'prices.parquet open: must be a numeric column, got "VARCHAR"',
    );
  });
});
