/** Small markets full of trouble for features: late listings, holes, missing opens, bars without trading, stretches in
 *  which the price stands still. */
import type { Ohlcv } from "../../../src/core/ohlcv.ts";
import { createAxes, type Floats } from "../../../src/core/panel.ts";
import { createRng } from "../../../src/core/rng.ts";
import { FEATURES, type FeatureName, type FeatureSpec } from "../../../src/data/features/catalogue.ts";
import { DAY } from "../../support/market.ts";

/** Every market of this file has a funding rate and a column `mood`. */
export interface TestMarket {
  readonly market: Ohlcv;
  readonly fundingRate: Float64Array;
}

/** @param holes chance of each kind of trouble at a bar; 0 = complete data in which every price moves */
export function randomMarket(seed: number, bars: number, assets: number, holes = 0.06): TestMarket {
  const rng = createRng(seed);
  const plane = () => new Float64Array(bars * assets).fill(Number.NaN);
  const prices = { open: plane(), high: plane(), low: plane(), close: plane() };
  const [volume, mood, fundingRate] = [plane(), plane(), plane()];
  for (let n = 0; n < assets; n++) {
    const listed = rng.uniform() < 4 * holes ? Math.floor(rng.uniform() * bars) : 0;
    let price = 5 + 100 * rng.uniform();
    for (let t = 0; t < bars; t++) {
      const i = t * assets + n;
      const still = rng.uniform() < 5 * holes;
      const opened = still ? price : price * Math.exp(0.01 * rng.normal());
      price = still ? price : opened * Math.exp(0.02 * rng.normal());
      const [hole, noOpen, idle] = [rng.uniform() < holes, rng.uniform() < holes, rng.uniform() < holes];
      const reach = 1 + 0.01 * rng.uniform();
      const [shares, feeling, rate] = [Math.floor(1 + 1e4 * rng.uniform()), rng.normal(), 1e-4 * rng.normal()];
      if (t < listed || hole) continue;
      prices.open[i] = noOpen ? Number.NaN : opened;
      prices.high[i] = Math.max(opened, price) * reach;
      prices.low[i] = Math.min(opened, price) / reach;
      prices.close[i] = price;
      volume[i] = idle ? 0 : shares;
      mood[i] = feeling;
      fundingRate[i] = rate;
    }
  }
  const axes = createAxes(
    Array.from({ length: bars }, (_, t) => t * DAY),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
  return { market: { axes, ...prices, volume, extras: new Map([["mood", mood]]) }, fundingRate };
}

/** Every plane put through the same change. */
export function mapPlanes(
  { market, fundingRate }: TestMarket,
  axes: Ohlcv["axes"],
  change: (plane: Floats, field: string) => Float64Array,
): TestMarket {
  const { open, high, low, close, volume, extras } = market;
  return {
    market: {
      axes,
      open: change(open, "open"),
      high: change(high, "high"),
      low: change(low, "low"),
      close: change(close, "close"),
      volume: change(volume, "volume"),
      extras: new Map([...extras].map(([name, plane]) => [name, change(plane, name)])),
    },
    fundingRate: change(fundingRate, "fundingRate"),
  };
}

/** The first `bars` bars. */
export function cutAt(whole: TestMarket, bars: number): TestMarket {
  const { time, assets } = whole.market.axes;
  const axes = createAxes(time.slice(0, bars), assets);
  return mapPlanes(whole, axes, (plane) => plane.slice(0, bars * assets.length) as Float64Array);
}

/** A feature with its defaults, but for the values given. */
export function specOf(name: FeatureName, values: Readonly<Record<string, number | string | null>> = {}): FeatureSpec {
  const defaults = Object.entries(FEATURES[name].parameters).map(([key, parameter]) => [
    key,
    "default" in parameter ? parameter.default : undefined,
  ]);
  return { name, ...Object.fromEntries(defaults), ...values } as FeatureSpec;
}
