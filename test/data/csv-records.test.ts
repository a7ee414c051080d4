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
      expect(await scanRecords(table, () => {})).toBe(scanned.length);
    }),
    { numRuns: 60 },
  );
});

test("linesOfRecords gives 0 for a record the file does not have", async () => {
  const table = await openTableFile(tempFile("a.csv", "h\n1\n\n2"));
  expect(await linesOfRecords(table, [0, 1, 2])).toEqual([2, 4, 0]);
});
