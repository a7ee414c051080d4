import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvRecord, csvRecords, linesOfRecords, scanRecords } from "../../src/data/csv-records.ts";
import { openTableFile, type TableFile } from "../../src/data/table-file.ts";
import { tempFile } from "../support/files.ts";
import { gzipped } from "./tables.ts";

async function allRecords(file: TableFile): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  for await (const record of csvRecords(file)) records.push(record);
  return records;
}

async function recordsIn(text: string): Promise<CsvRecord[]> {
  return allRecords(await openTableFile(tempFile("a.csv", text)));
}

describe("csvRecords", () => {
  test("blank lines and quoted newlines count as lines, CRLF and LF may be mixed", async () => {
    const records = await recordsIn('\uFEFFa,b\r\n\r\n1,"x\ny"\n\n2,"say ""hi"", she said"\r\n3,');
    expect(records.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, "a", "b"],
      [3, "1", "x\ny"],
      [6, "2", 'say "hi", she said'],
      [7, "3", ""],
    ]);
  });

  test("a quote inside a bare cell is a letter like any other", async () => {
    const records = await recordsIn('a,b\n1,5"\n2,6\n');
    expect(records.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, "a", "b"],
      [2, "1", '5"'],
      [3, "2", "6"],
    ]);
  });

  test("an open quote and text after a closing quote are malformed", async () => {
    expect((await recordsIn('a\n"1"x\n')).map((record) => record.malformed)).toEqual([false, true]);
    expect((await recordsIn('a\n"1\n2\n')).map((record) => record.malformed)).toEqual([false, true]);
  });

  test("reads gzip", async () => {
    const records = await allRecords(await openTableFile(gzipped("a,b\n1,2\n")));
    expect(records.map(({ cells }) => cells)).toEqual([
      ["a", "b"],
      ["1", "2"],
    ]);
  });
});

test("linesOfRecords agrees with the scanner on any mixture of quotes, blank lines and line ends", async () => {
  const cell = fc.constantFrom("1", "", "x", '"q"', '"a\nb"', '"a""b"', '5"', '"\r\n"', '""');
  const row = fc.oneof(
    { arbitrary: fc.constant(""), weight: 1 },
    { arbitrary: fc.tuple(cell, cell).map(([a, b]) => `${a},${b}`), weight: 4 },
  );
  const file = fc.array(fc.tuple(row, fc.constantFrom("\n", "\r\n")), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(file, async (rows) => {
      const text = `h,i\n${rows.map(([line, end]) => line + end).join("")}`;
      const table = await openTableFile(tempFile("a.csv", text));
      const scanned = (await allRecords(table)).slice(1).map(({ line }) => line);
      expect(await linesOfRecords(table, [...scanned.keys()])).toEqual(scanned);
      expect(await scanRecords(table, () => {})).toEqual({ records: scanned.length, hasDigitGroups: false });
    }),
    { numRuns: 60 },
  );
});

test("the scanner keeps count of lines over blocks of a megabyte, with a quote here and there and one never closed", async () => {
  // 45 characters a row; quotes on the rows 1,000, 31,000 and 61,000, and a cell from row 90,000 to the end.
  const rows = Array.from({ length: 100_000 }, (_, k) => {
    const name = k === 90_000 ? '"open' : k < 90_000 && k % 30_000 === 1000 ? '"two\nlines"' : "plain";
    return `${name},${"x".repeat(38)}`;
  });
  const records = await recordsIn(`name,rest\n${rows.join("\n")}\n`);
  // The header, 90,000 whole rows, and the one that swallows the rest.
  expect(records).toHaveLength(90_002);
  expect(records.filter(({ malformed }) => malformed)).toHaveLength(1);
  // Three of the rows before 90,000 have a line more.
  expect([records[1001]!.line, records[1002]!.line, records[90_001]!.line]).toEqual([1002, 1004, 90_005]);
  expect(records[1001]!.cells[0]).toBe("two\nlines");
});

test.each([
  ["1_000", true],
  ["1.5_5", true],
  ["BTC_USDT", false],
  ["A_1", false],
  ["1_A", false],
  ["_1", false],
  ["1_", false],
])("scanRecords finds digits grouped by underscores: %s is %s, also across two blocks", async (cell, expected) => {
  for (const letters of [0, 1, 2, 3, 4, 5].map((back) => (1 << 20) - 14 - back).concat(0)) {
    const table = await openTableFile(tempFile("a.csv", `momentum_12_1\n${"x".repeat(letters)},${cell},y\n`));
    expect(await scanRecords(table, () => {})).toEqual({ records: 1, hasDigitGroups: expected });
  }
});

test("linesOfRecords gives 0 for a record the file does not have", async () => {
  const table = await openTableFile(tempFile("a.csv", "h\n1\n\n2"));
  expect(await linesOfRecords(table, [0, 1, 2])).toEqual([2, 4, 0]);
});
