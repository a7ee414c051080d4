import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { openTableFile } from "../../src/data/table-file.ts";
import { tempDir, tempFile } from "../support/files.ts";
import { messageOf } from "./tables.ts";

test.each([
  ["empty.csv", "", "empty.csv: is empty"],
  ["binary.csv", Uint8Array.of(1, 2, 0, 5), "binary.csv: is not a text file (it holds NUL bytes)"],
  ["utf16.csv", Uint8Array.of(0xff, 0xfe, 65, 0), "utf16.csv: is UTF-16 text; save it as UTF-8"],
  ["table.csv", "PAR1....", "table.csv: is a Parquet file; name it .parquet"],
  ["table.csv", gzipSync("a"), "table.csv: is gzip data; name it .csv.gz"],
  ["table.csv.gz", "a,b", "table.csv.gz: is not gzip data; name it .csv if it is plain text"],
  ["table.csv.gz", gzipSync(Uint8Array.of(1, 0, 2)), "table.csv.gz: is not a text file (it holds NUL bytes)"],
  ["table.parquet", "a,b", "table.parquet: is not a Parquet file (its first bytes are not PAR1)"],
  ["table.xlsx", "PK", "table.xlsx: must end in .csv, .csv.gz or .parquet"],
])("%s that is not what it says is refused in one line", async (name, content, message) => {
  expect(await messageOf(() => openTableFile(tempFile(name, content)))).toBe(message);
});

test("a missing file, a directory and no path at all are refused", async () => {
  expect(await messageOf(() => openTableFile("nowhere/prices.csv"))).toBe("nowhere/prices.csv: no such file");
  const folder = tempDir();
  expect(await messageOf(() => openTableFile(folder))).toContain(
    "is a directory, expected a .csv, .csv.gz or .parquet file",
  );
  expect(await messageOf(() => openTableFile(""))).toBe('"": no such file');
});

test("extensions count in any letter case", async () => {
  expect((await openTableFile(tempFile("A.CSV", "a\n"))).format).toBe("csv");
  expect((await openTableFile(tempFile("A.CSV.GZ", gzipSync("a\n")))).format).toBe("csv.gz");
});
