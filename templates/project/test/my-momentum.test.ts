import assert from "node:assert/strict";
import { test } from "node:test";
import { computeFeatures, createAxes, marketHead, type Ohlcv, sampleMarket } from "ballast";
import { myMomentum } from "../extensions/my-momentum.ts";

const DAY = 86_400_000;

/** One asset that trades at its closes. */
function marketOf(closes: readonly number[]): Ohlcv {
  const close = Float64Array.from(closes);
  const axes = createAxes(
    closes.map((_, t) => t * DAY),
    ["AAA"],
  );
  return { axes, open: close, high: close, low: close, close, volume: close, extras: new Map() };
}

/** The feature's column, with its defaults where nothing else is said. */
function column(market: Ohlcv, parameters: object = {}): Float64Array {
  const filled = myMomentum.parameters.parse(parameters);
  return computeFeatures(market, [{ extension: myMomentum, parameters: filled }]).get("my_momentum")!;
}

test("is the return from the earlier close to the later one", () => {
  // bar 3 looks from bar 0 to bar 2: 150 / 100 - 1
  const got = column(marketOf([100, 120, 150, 90]), { lookback_bars: 3, skip_bars: 1 });
  assert.deepEqual([...got], [Number.NaN, Number.NaN, Number.NaN, 0.5]);
});

test("is the same when later bars are not known yet", () => {
  const market = sampleMarket({ assets: 4, bars: 200, seed: 1 });
  const cells = 150 * 4;
  assert.deepEqual(column(marketHead(market, 150)), column(market).slice(0, cells));
});

test("refuses a skip that leaves nothing of the lookback", () => {
  assert.throws(() => column(marketOf([1, 2]), { lookback_bars: 5, skip_bars: 5 }), /must be below lookback_bars/);
});
