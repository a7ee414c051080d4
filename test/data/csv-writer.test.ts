import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { writeTable, writeWideCsv } from "../../src/data/csv-writer.ts";
import { loadWide } from "../../src/data/wide-csv.ts";
import { tempDir } from "../support/files.ts";
import { DAY } from "./tables.ts";

describe("writeWideCsv", () => {
  test("writes dates, shortest numbers, empty cells for NaN, and quotes only where needed", async () => {
    const path = join(tempDir(), "w.csv");
    await writeWideCsv(
      path,
      Float64Array.of(0, DAY),
      ["A", "b,c", 'd"e'],
      Float64Array.of(0.1, Number.NaN, 1e21, -2, 1 / 3, 0),
    );
    expect(readFileSync(path, "utf8")).toBe(
      'date,A,"b,c","d""e"\n1970-01-01,0.1,,1e+21\n1970-01-02,-2,0.3333333333333333,0\n',
    );
  });

  test("what is written reads back to the same doubles, names and bars", async () => {
    const name = fc
      .string({ minLength: 1, maxLength: 6 })
      .filter((text) => text.trim() === text && !/[\0\uFFFD\uFEFF]/.test(text));
    const table = fc.uniqueArray(name, { minLength: 1, maxLength: 4 }).chain((names) =>
      fc.record({
        names: fc.constant(names),
        time: fc.uniqueArray(fc.integer({ min: 0, max: 4e12 }), { minLength: 1, maxLength: 6 }),
        cells: fc.array(fc.oneof(fc.double({ noDefaultInfinity: true }), fc.constant(Number.NaN)), {
          minLength: 24,
          maxLength: 24,
        }),
      }),
    );
    const folder = tempDir();
    await fc.assert(
      fc.asyncProperty(table, async ({ names, time, cells }) => {
        const bars = Float64Array.from(time).sort();
        const values = Float64Array.from(cells.slice(0, bars.length * names.length));
        const path = join(folder, "w.csv");
        await writeWideCsv(path, bars, names, values);
        const read = await loadWide(path);
        expect(read.axes.assets).toEqual(names);
        expect([...read.axes.time]).toEqual([...bars]);
        expect([...read.values]).toEqual([...values].map((value) => value + 0));
      }),
      { numRuns: 15 },
    );
  });
});

test("writeTable writes texts and numbers side by side, and a header alone for no rows", async () => {
  const path = join(tempDir(), "t.csv");
  await writeTable(path, [
    ["date", ["2020-01-01", "2020-01-02"]],
    ["symbol", ["A", "B,C"]],
    ["quantity", Float64Array.of(1.5, Number.NaN)],
  ]);
  expect(readFileSync(path, "utf8")).toBe('date,symbol,quantity\n2020-01-01,A,1.5\n2020-01-02,"B,C",\n');
  await writeTable(path, [["date", []]]);
  expect(readFileSync(path, "utf8")).toBe("date\n");
});
