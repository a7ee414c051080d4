/** The real files: their known flaws, listed by hand in the README beside them, are the ones the table names. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { sqlPath, withDuckDb } from "../../src/data/duckdb-session.ts";
import { renderQuality } from "../../src/data/quality-text.ts";
import { tempDir } from "../support/files.ts";
import { day, load, messageOf } from "./tables.ts";

const folder = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const missing = existsSync(join(folder, "sp500_5yr_daily.parquet")) ? "" : " (skipped: ../shared/data is not there)";
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

describe.skipIf(missing !== "")(`sp500_5yr_daily.parquet${missing}`, () => {
  const path = join(folder, "sp500_5yr_daily.parquet");

  test("names every known flaw", async () => {
    const { quality, ohlcv, periodsPerYear } = await load({ path, ohlcViolations: "report" });
    expect([quality.rows, quality.bars, quality.assets, periodsPerYear]).toEqual([619_040, 1259, 505, 252]);
    expect([iso(quality.first), iso(quality.last)]).toEqual(["2013-02-08", "2018-02-07"]);
    const late = quality.perAsset.filter(({ lateListing }) => lateListing).sort((a, b) => a.first - b.first);
    expect(late).toHaveLength(29);
    expect([late[0]!.symbol, iso(late[0]!.first), late[28]!.symbol, iso(late[28]!.first)]).toEqual([
      "IQV",
      "2013-05-09",
      "APTV",
      "2017-12-05",
    ]);
    const holed = quality.perAsset.filter(({ holes }) => holes.length > 0).map(({ symbol }) => symbol);
    expect(holed).toEqual(["BMY", "DHR", "ES", "ICE", "O", "ORCL"]);
    expect(quality.thinnest).toEqual({ time: day("2013-04-26"), assets: 472 });
    expect(
      quality.perAsset.flatMap(({ symbol, missingOpens }) => missingOpens.map((time) => `${symbol} ${iso(time)}`)),
    ).toEqual([
      "BHF 2017-07-26",
      "DHR 2015-07-17",
      "DHR 2016-01-12",
      "ES 2015-07-17",
      "FTV 2016-07-01",
      "O 2015-07-17",
      "O 2016-01-12",
      "REGN 2015-06-09",
      "UA 2016-04-07",
      "VRTX 2015-05-12",
      "WRK 2015-06-26",
    ]);
    expect(quality.ohlcViolations).toHaveLength(12);
    expect(quality.perAsset.reduce((sum, { zeroVolumeBars }) => sum + zeroVolumeBars, 0)).toBe(4);
    expect(quality.perAsset.filter(({ delisted }) => delisted)).toEqual([]);
    expect(quality.notes.some((note) => note.startsWith("survivorship bias likely"))).toBe(true);
    const large = quality.suspiciousMoves.filter(({ move }) => Math.abs(move) > 0.6);
    expect(large.map(({ symbol, time }) => `${symbol} ${iso(time)}`)).toEqual([
      "VRTX 2013-04-19",
      "NI 2015-07-02",
      "LNT 2016-05-20",
    ]);
    expect(ohlcv.open.includes(0)).toBe(false);
    const text = renderQuality(quality);
    for (const flaw of [
      "APTV 2017-12-05",
      "ORCL 2013-07-15",
      "BHF 2017-07-26",
      "LNT 2016-05-19",
      "UA 2016-06-10",
      "2013-04-26, 472 symbols",
    ])
      expect(text).toContain(flaw);
  });

  test("is refused as it stands, naming rows of the file", async () => {
    const message = await messageOf(() => load({ path }));
    expect(message.split("\n")[0]).toBe(`${path} row 153941 AOS: high 23.595 is below close 24.445`);
    expect(message.split("\n").at(-1)).toBe(`${path}: and 7 more like these`);
  });

  test("as CSV it is the same market to the bit", async () => {
    const csv = join(tempDir(), "sp500.csv");
    await withDuckDb(async (connection) => {
      await connection.run(
        `COPY (FROM read_parquet(${sqlPath(path)}) ORDER BY symbol DESC, date) TO ${sqlPath(csv)} (HEADER)`,
      );
    });
    const [fromCsv, fromParquet] = [await load({ path: csv, repair: "clip" }), await load({ path, repair: "clip" })];
    expect(fromCsv.dataHash).toBe(fromParquet.dataHash);
    expect(fromCsv.quality.perAsset).toEqual(fromParquet.quality.perAsset);
    expect(fromCsv.quality.repairs).toEqual({ mode: "clip", dropped: 0, clipped: 12 });
  });
});

describe.skipIf(missing !== "")(`crypto_daily.csv${missing}`, () => {
  const path = join(folder, "crypto_daily.csv");

  test("names every known flaw", async () => {
    const { quality, periodsPerYear } = await load({ path });
    expect([quality.rows, quality.assets, periodsPerYear]).toEqual([37_082, 23, 365]);
    expect([iso(quality.first), iso(quality.last)]).toEqual(["2013-04-29", "2021-07-06"]);
    expect(quality.ohlcViolations).toEqual([]);
    const holes = quality.perAsset.filter(({ missingBars }) => missingBars > 0);
    expect(holes.map(({ symbol, missingBars }) => [symbol, missingBars])).toEqual([
      ["USDT", 5],
      ["XMR", 1],
    ]);
    const silent = quality.perAsset.filter(({ zeroVolumeBars }) => zeroVolumeBars > 0);
    const bars = (symbol: string): number => silent.find((asset) => asset.symbol === symbol)?.zeroVolumeBars ?? 0;
    expect(silent.map(({ symbol }) => symbol)).toEqual(["AAVE", "BTC", "DOGE", "LTC", "XRP"]);
    expect([bars("XRP"), bars("DOGE"), bars("AAVE")]).toEqual([144, 11, 1]);
    expect(quality.zeroExtras.map(({ column, symbol }) => `${column} ${symbol}`)).toEqual(
      ["ATOM", "CRO", "DOT", "EOS", "SOL", "TRX", "USDC", "WBTC"].map((symbol) => `marketcap ${symbol}`),
    );
    expect(quality.suspiciousMoves.filter(({ move }) => Math.abs(move) > 0.6)).toHaveLength(41);
    expect(quality.perAsset.filter(({ lateListing }) => !lateListing).map(({ symbol }) => symbol)).toEqual([
      "BTC",
      "LTC",
    ]);
  });

  test("a selection loads only what it names", async () => {
    const { ohlcv } = await load({ path, symbols: ["ETH", "BTC"], start: "2018-01-01", end: "2018-01-31" });
    expect(ohlcv.axes.assets).toEqual(["BTC", "ETH"]);
    expect([iso(ohlcv.axes.time[0]!), iso(ohlcv.axes.time[30]!), ohlcv.axes.time.length]).toEqual([
      "2018-01-01",
      "2018-01-31",
      31,
    ]);
  });
});
