import { expect, test } from "vitest";
import { renderQuality } from "../../src/data/quality-text.ts";
import { tempFile } from "../support/files.ts";
import { DAY, day, HEADER, load, longCsv } from "./tables.ts";

test("prints counts first and what stands behind them below", async () => {
  const path = longCsv(
    "2020-01-01,A,10,10,10,10,5",
    "2020-01-02,A,10,10,10,10,0",
    "2020-01-04,A,,40,10,40,5",
    "2020-01-02,B,1,1,2,1,5",
    "2020-01-03,B,1,1,1,1,5",
    "2020-01-04,B,1,1,1,1,5",
  );
  const { quality } = await load({ path, ohlcViolations: "report" });
  expect(renderQuality({ ...quality, source: "prices.csv" })).toBe(
    `prices.csv
2020-01-01 to 2020-01-04
4 bars, 2 symbols, 6 rows, 365 periods per year

  Late listings             1
  Delisted                  0
  Holes                     1 bar in 1 symbol
  Missing opens             1
  Moves beyond 50%          1
  OHLC violations           1
  Closes stale for 5+ bars  0
  Zero volume               1 bar in 1 symbol
  Zeros in other columns    0
  Thinnest bar              2020-01-03, 1 symbol with a close
  Repair                    none

Late listings
  B 2020-01-02

Holes
  A 2020-01-03 1 bar

Missing opens
  A 2020-01-04

Moves beyond 50%
  A 2020-01-04 +300%

OHLC violations
  B 2020-01-02: low 2 is above close 1

Zero volume
  A 1 bar`,
  );
});

test("never exceeds 80 columns and cuts long lists with a count", async () => {
  const symbols = Array.from({ length: 100 }, (_, n) => `A-RATHER-LONG-PERPETUAL-CONTRACT-${n}`);
  const lines = symbols.flatMap((symbol, n) =>
    [n, n + 1, n + 2].map(
      (t) => `${new Date(day("2020-01-01") + t * DAY).toISOString()},${symbol},1,1,1,${t % 2 ? 1 : 9},0`,
    ),
  );
  const path = tempFile("p.csv", `${[HEADER, ...lines].join("\n")}\n`);
  const { quality } = await load({ path, ohlcViolations: "report" });
  const text = renderQuality({ ...quality, source: "p.csv" });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain("\n  ... and 63 more (use --json for all)\n");
});

test("repairs are counted in rows", async () => {
  const { quality } = await load({
    path: longCsv("2020-01-01,A,10,10,11,10,5", "2020-01-02,A,1,1,1,1,1"),
    repair: "clip",
  });
  expect(renderQuality(quality)).toContain("Repair                    clip: 0 rows dropped, 1 row clipped");
});
