/** Five years of the S&P 500 with their holes and wrong prints, at the lookbacks people use. */
import { expect, test } from "vitest";
import type { Ohlcv } from "../../../src/core/ohlcv.ts";
import { createRng } from "../../../src/core/rng.ts";
import { FEATURE_NAMES } from "../../../src/data/features/catalogue.ts";
import { computeFeatures } from "../../../src/data/features/compute-features.ts";
import { describeWith, sharedPath } from "../../support/oracle.ts";
import { load } from "../tables.ts";
import { cutAt, specOf } from "./random-market.ts";

const sum = (x: readonly number[]): number => x.reduce((total, value) => total + value, 0);
const mean = (x: readonly number[]): number => sum(x) / x.length;
const count = (x: Float64Array, is: (value: number) => boolean): number => {
  let found = 0;
  for (const value of x) if (is(value)) found++;
  return found;
};
const moment = (x: readonly number[], power: number): number => mean(x.map((value) => (value - mean(x)) ** power));

describeWith("data/sp500_5yr_daily.parquet", "features of sp500_5yr_daily.parquet", () => {
  let kept: Ohlcv | undefined;
  const market = async (): Promise<Ohlcv> => {
    kept ??= (await load({ path: sharedPath("data/sp500_5yr_daily.parquet"), ohlcViolations: "report" })).ohlcv;
    return kept;
  };

  test("are finite or NaN, and to the bit the same when the data end at bar 901", async () => {
    const ohlcv = await market();
    const assets = ohlcv.axes.assets.length;
    const whole = { market: ohlcv, fundingRate: new Float64Array(ohlcv.close.length) };
    const specs = FEATURE_NAMES.map((name) => specOf(name, name === "column" ? { column: "volume" } : {}));
    const planes = computeFeatures(ohlcv, specs, whole);
    for (const [name, plane] of planes) {
      const [finite, missing] = [count(plane, Number.isFinite), count(plane, Number.isNaN)];
      expect(finite, name).toBeGreaterThan(450_000);
      expect(finite + missing, name).toBe(plane.length);
    }
    const cut = 901;
    const part = cutAt(whole, cut);
    for (const [name, plane] of computeFeatures(part.market, specs, part)) {
      const past = planes.get(name)!.subarray(0, cut * assets);
      expect(Buffer.from(plane.buffer).equals(Buffer.from(past.buffer, 0, past.byteLength)), name).toBe(true);
    }
  });

  test("over 252 bars equal their definitions on cells picked at random", async () => {
    const ohlcv = await market();
    const assets = ohlcv.axes.assets.length;
    const planes = computeFeatures(ohlcv, [
      specOf("volatility", { lookbackBars: 252 }),
      specOf("skewness", { lookbackBars: 252 }),
      specOf("drawdown", { lookbackBars: 252 }),
      specOf("beta"),
    ]);
    const at = (t: number, n: number) => ohlcv.close[t * assets + n]!;
    const returned = (t: number, n: number) => at(t, n) / at(t - 1, n) - 1;
    const marketReturns = Array.from({ length: ohlcv.axes.time.length }, (_, t) =>
      mean(Array.from({ length: assets }, (_, n) => returned(t, n)).filter((r) => !Number.isNaN(r))),
    );
    const rng = createRng(7);
    let compared = 0;
    for (let k = 0; k < 60; k++) {
      const [t, n] = [252 + Math.floor(rng.uniform() * 1000), Math.floor(rng.uniform() * assets)];
      const bars = Array.from({ length: 252 }, (_, i) => t - 251 + i);
      const [r, m] = [bars.map((s) => returned(s, n)), bars.map((s) => marketReturns[s]!)];
      const closes = bars.map((s) => at(s, n));
      const known = {
        volatility_252: Math.sqrt((moment(r, 2) * 252) / 251),
        skewness_252: ((moment(r, 3) / moment(r, 2) ** 1.5) * Math.sqrt(252 * 251)) / 250,
        drawdown_252: Math.min(...closes.map((close, i) => close / Math.max(...closes.slice(0, i + 1)) - 1)),
        beta_252: mean(m.map((x, i) => (x - mean(m)) * (r[i]! - mean(r)))) / moment(m, 2),
      };
      for (const [name, want] of Object.entries(known)) {
        const got = planes.get(name)![t * assets + n]!;
        // Spreads of 1e-2 beside means of 1e-3: nothing cancels, 252 roundings of 1e-16 remain.
        if (Number.isNaN(want)) expect(got, name).toBeNaN();
        else expect(Math.abs(got - want), name).toBeLessThan(1e-11);
        if (!Number.isNaN(want)) compared++;
      }
    }
    expect(compared).toBeGreaterThan(200);
  });
});
