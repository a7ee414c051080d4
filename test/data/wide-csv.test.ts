import { describe, expect, test } from "vitest";
import { loadWide } from "../../src/data/wide-csv.ts";
import { tempFile } from "../support/files.ts";
import { day, gzipped, messageOf, parquetOf } from "./tables.ts";

const NAN = Number.NaN;
const wide = (content: string): string => tempFile("w.csv", content);

describe("loadWide", () => {
  test("keeps the order of columns, sorts the bars, and remembers each bar's line", async () => {
    const panel = await loadWide(wide("date,Z,A\n2020-01-03,5,-6\n\n2020-01-01,1,2\n2020-01-02,3,0\n"));
    expect(panel.axes.assets).toEqual(["Z", "A"]);
    expect([...panel.axes.time]).toEqual(["2020-01-01", "2020-01-02", "2020-01-03"].map(day));
    expect([...panel.values]).toEqual([1, 2, 3, 0, 5, -6]);
    expect([0, 1, 2].map((t) => panel.lineOf(t))).toEqual([4, 5, 2]);
  });

  test("an empty or nan cell is NaN, quoted or not, and a zero is a zero", async () => {
    const panel = await loadWide(wide('Date,A,B,C,D\n2020-01-01,,"",nan,0\n2020-01-02,NaN,NAN,-nan,-0\n'));
    expect([...panel.values]).toEqual([NAN, NAN, NAN, 0, NAN, NAN, NAN, -0]);
  });

  test("reads what the fast reader will not: quoted newlines and mixed line ends", async () => {
    const panel = await loadWide(wide('date,"A\nB"\r\n2020-01-01,1\n2020-01-02,2\r\n'));
    expect([panel.axes.assets, [...panel.values], panel.lineOf(1)]).toEqual([["A\nB"], [1, 2], 4]);
  });

  test("reads gzip, timestamps and an unnamed index column", async () => {
    const panel = await loadWide(gzipped(",A\n2020-01-01T12:00:00Z,1\n"));
    expect([...panel.axes.time]).toEqual([day("2020-01-01") + 43_200_000]);
  });

  test.each(["DATE '2020-01-02'", "'2020-01-02'", "TIMESTAMP '2020-01-02'", "1577923200::BIGINT"])(
    "reads Parquet with %s",
    async (label) => {
      const panel = await loadWide(
        await parquetOf(`SELECT ${label} AS date, 1 AS "A", NULL::DOUBLE AS "B", 'nan'::FLOAT AS "C"`),
      );
      expect([...panel.axes.time]).toEqual([day("2020-01-02")]);
      expect([panel.axes.assets, [...panel.values]]).toEqual([
        ["A", "B", "C"],
        [1, NAN, NAN],
      ]);
    },
  );
});

describe("garbage is named by file, line and column", () => {
  test.each([
    ["text", "date,A\n2020-01-01,x\n", 'w.csv:2 A: is not a number, got "x"'],
    ["digits grouped by underscores", "date,A\n2020-01-01,1_000\n", 'w.csv:2 A: is not a number, got "1_000"'],
    [
      "the word NA",
      "date,A\n2020-01-01,NA\n",
      'w.csv:2 A: is not a number (leave the cell empty when the value is missing), got "NA"',
    ],
    ["an infinity", "date,A\n2020-01-01,-inf\n", "w.csv:2 A: must be finite, got -Infinity"],
    [
      "a date twice",
      "date,A\n2020-01-01,1\n2020-01-02,1\n2020-01-01,2\n",
      "w.csv:4 2020-01-01: is a second row for this date, the first is line 2",
    ],
    ["a column twice", "date,A,A\n2020-01-01,1,2\n", 'w.csv:1: column "A" is named twice'],
    ["a nameless column", "date,A,\n2020-01-01,1,2\n", "w.csv:1: column 3 has no name"],
    ["an impossible date", "date,A\n2020-02-30,1\n", 'w.csv:2 date: no such date or time, got "2020-02-30"'],
    ["a missing date", "date,A\n,1\n", "w.csv:2 date: the date is missing"],
    ["a ragged row", "date,A\n2020-01-01,1,2\n", "w.csv:2: has 3 cells where the header has 2"],
    ["no date column", "A,B\n1,2\n", 'w.csv:1: the first column must be date (or timestamp, datetime, time), got "A"'],
    ["semicolons", "date;A\n2020-01-01;1\n", 'w.csv:1: columns must be separated by commas, got "date;A"'],
    ["no other column", "date\n2020-01-01\n", "w.csv:1: has no column after the date"],
    ["header only", "date,A\n", "w.csv: has a header but no rows"],
    ["nothing", "\n", "w.csv: is empty"],
  ])("%s", async (_, content, message) => {
    expect(await messageOf(() => loadWide(wide(content)))).toBe(message);
  });

  test("a Parquet column of text", async () => {
    const path = await parquetOf(`SELECT DATE '2020-01-01' AS date, 'x' AS "A"`);
    expect(await messageOf(() => loadWide(path))).toBe('prices.parquet A: must be a numeric column, got "VARCHAR"');
  });
});
