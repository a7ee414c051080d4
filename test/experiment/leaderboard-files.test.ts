import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import type { SweepRecord } from "../../src/core/sweep-record.ts";
import { sqlText, withDuckDb } from "../../src/data/duckdb-session.ts";
import { writeLeaderboard } from "../../src/experiment/leaderboard-files.ts";
import { fabricateSweep } from "../report/fabricate-sweep.ts";
import { tempDir } from "../support/files.ts";

const SMALL: SweepRecord = {
  ...fabricateSweep(),
  axes: [
    { path: "allocation.method", values: ["hrp", "1,2"] },
    { path: "sharpe", values: [0.5, 2] },
    { path: "a.flag", values: [true, false] },
    { path: "a.mixed", values: [null, 3] },
  ],
  trials: [
    {
      index: 0,
      id: "aa",
      values: ["hrp", 0.5, true, null],
      state: "done",
      error: null,
      metrics: { sharpe: 1, zz: 2, cagr: 0.1 },
    },
    { index: 1, id: "", values: ["hrp", 2, false, 3], state: "invalid", error: 'no "such" thing', metrics: {} },
    {
      index: 2,
      id: "cc",
      values: ["1,2", 2, undefined, undefined],
      state: "done",
      error: null,
      metrics: { sharpe: 3, cagr: Number.NaN },
    },
    { index: 3, id: "dd", values: ["1,2", undefined, true, 3], state: "failed", error: "two\nlines", metrics: {} },
  ],
  ranking: [2, 0],
  bars: createAxes([0, 86_400_000], ["AAA"]),
  best: [
    { trial: 2, equity: Float64Array.of(100, 110.5) },
    { trial: 0, equity: Float64Array.of(100, 90) },
  ],
};

async function written(record: SweepRecord): Promise<string> {
  const folder = tempDir();
  await writeLeaderboard(folder, record);
  return folder;
}

function text(folder: string, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

describe("the leaderboard as CSV", () => {
  it("has ranked trials first, the others by index, and empty cells for what there is not", async () => {
    expect(text(await written(SMALL), "leaderboard.csv")).toBe(
      [
        "rank,index,id,state,allocation.method,axis.sharpe,a.flag,a.mixed,cagr,sharpe,zz,error",
        '1,2,cc,done,"1,2",2,,,,3,,',
        "2,0,aa,done,hrp,0.5,true,null,0.1,1,2,",
        ',1,,invalid,hrp,2,false,3,,,,"no ""such"" thing"',
        ',3,dd,failed,"1,2",,true,3,,,,"two\nlines"',
        "",
      ].join("\n"),
    );
  });

  it("has the header alone when nothing was tried", async () => {
    const csv = text(await written({ ...SMALL, axes: [], trials: [], ranking: [] }), "leaderboard.csv");
    expect(csv).toBe("rank,index,id,state,error\n");
  });
});

describe("the leaderboard as Parquet", () => {
  it("holds the same rows, typed, with NULL for what there is not", async () => {
    const path = join(await written(SMALL), "leaderboard.parquet");
    const { types, rows } = await withDuckDb(async (connection) => {
      const table = `read_parquet(${sqlText(path)})`;
      const schema = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
      const read = await connection.runAndReadAll(`SELECT * FROM ${table}`);
      return { types: schema.getRows().map(([name, type]) => `${name} ${type}`), rows: read.getRows() };
    });
    expect(types).toEqual([
      "rank INTEGER",
      "index INTEGER",
      "id VARCHAR",
      "state VARCHAR",
      "allocation.method VARCHAR",
      "axis.sharpe DOUBLE",
      "a.flag BOOLEAN",
      "a.mixed VARCHAR",
      "cagr DOUBLE",
      "sharpe DOUBLE",
      "zz DOUBLE",
      "error VARCHAR",
    ]);
    expect(rows).toEqual([
      [1, 2, "cc", "done", "1,2", 2, null, null, null, 3, null, null],
      [2, 0, "aa", "done", "hrp", 0.5, true, "null", 0.1, 1, 2, null],
      [null, 1, null, "invalid", "hrp", 2, false, "3", null, null, null, 'no "such" thing'],
      [null, 3, "dd", "failed", "1,2", null, true, "3", null, null, null, "two\nlines"],
    ]);
  });
});

describe("the equity of the best", () => {
  it("is one column a trial, best first", async () => {
    expect(text(await written(SMALL), "top_equity.csv")).toBe(
      "date,trial_2,trial_0\n1970-01-01,100,100\n1970-01-02,110.5,90\n",
    );
  });
});

describe("the files of 1,000 trials", () => {
  it("have a line a trial and equal bytes for equal records", async () => {
    const [one, two] = [await written(fabricateSweep()), await written(fabricateSweep())];
    expect(text(one, "leaderboard.csv").split("\n")).toHaveLength(1 + 1000 + 1);
    for (const name of ["leaderboard.csv", "leaderboard.parquet", "top_equity.csv"])
      expect(readFileSync(join(one, name)).equals(readFileSync(join(two, name)))).toBe(true);
  });
});
