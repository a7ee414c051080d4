import { expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { alignTargets } from "../../src/data/align.ts";
import { loadWide } from "../../src/data/wide-csv.ts";
import { tempFile } from "../support/files.ts";
import { day, messageOf } from "./tables.ts";

const NAN = Number.NaN;
const axes = createAxes(["2020-01-01", "2020-01-02", "2020-01-06"].map(day), ["ADA", "BTC", "ETH"]);
const align = async (content: string): Promise<number[]> => [
  ...alignTargets(await loadWide(tempFile("w.csv", content)), axes, "w.csv"),
];

test("weights land on their bar and symbol, everything else is no decision", async () => {
  expect(await align("date,ETH,ADA\n2020-01-06,0.5,\n2020-01-01,0.25,0.75\n")).toEqual([
    0.75,
    NAN,
    0.25,
    NAN,
    NAN,
    NAN,
    NAN,
    NAN,
    0.5,
  ]);
});

test("a symbol the market lacks is an error with the nearest one", async () => {
  expect(await messageOf(() => align("date,BTCC\n2020-01-01,1\n"))).toBe(
    'w.csv BTCC: the market has no such symbol, did you mean "BTC"?',
  );
});

test("a date that is no bar is an error with its line and the bars around it", async () => {
  expect(await messageOf(() => align("date,BTC\n2020-01-01,1\n2020-01-04,1\n"))).toBe(
    "w.csv:3 2020-01-04: the market has no bar at this date; the bars around it are 2020-01-02 and 2020-01-06",
  );
  expect(await messageOf(() => align("date,BTC\n2020-02-01,1\n"))).toBe(
    "w.csv:2 2020-02-01: the market has no bar at this date; the nearest bar is 2020-01-06",
  );
});

test("long lists of faults are cut", async () => {
  const names = Array.from({ length: 9 }, (_, n) => `UNKNOWN${n}`);
  const message = await messageOf(() => align(`date,${names.join(",")}\n2020-01-01${",1".repeat(9)}\n`));
  expect(message.split("\n")).toHaveLength(6);
  expect(message).toMatch(/\nw\.csv: and 4 more like these$/);
});

test("an unknown symbol or date without any value is passed over", async () => {
  expect(await align("date,BTC,XXX\n2020-01-02,1,\n2020-01-04,,\n")).toEqual([
    NAN,
    NAN,
    NAN,
    NAN,
    1,
    NAN,
    NAN,
    NAN,
    NAN,
  ]);
});
