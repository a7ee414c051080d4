/** Markets without anything to learn, and experiments that try all the same. */
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { createAxes } from "../../src/core/panel.ts";
import { createRng } from "../../src/core/rng.ts";
import { computeFeatures } from "../../src/data/features/compute-features.ts";
import { featureSpecs } from "../../src/experiment/feature-schema.ts";
import type { L5Config } from "../../src/experiment/l5-schema.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";
import type { ExperimentConfig } from "../../src/experiment/schema.ts";
import {
  SCORES_ONLY,
  type TrainedModels,
  type TrainingOptions,
  trainModels,
} from "../../src/experiment/train-models.ts";
import { DAY } from "./market.ts";

/** Prices whose steps, overnight and intraday, are independent draws; extras `noise_a` and `noise_b` are as well, and
 *  `slow` is a random walk of each asset, so that its value all but names the bar. */
export function noiseMarket(seed: number, bars: number, assets: number): Ohlcv {
  const rng = createRng(seed);
  const symbols = Array.from({ length: assets }, (_, n) => `A${String(n).padStart(2, "0")}`);
  const plane = () => new Float64Array(bars * assets);
  const [open, close, noiseA, noiseB, slow] = [plane(), plane(), plane(), plane(), plane()];
  for (let n = 0; n < assets; n++) {
    let price = 100;
    let walk = 0;
    const own = rng.fork(symbols[n]!);
    for (let i = n; i < open.length; i += assets) {
      open[i] = price * Math.exp(0.01 * own.normal());
      close[i] = open[i]! * Math.exp(0.01 * own.normal());
      price = close[i]!;
      noiseA[i] = own.normal();
      noiseB[i] = own.normal();
      walk += own.normal();
      slow[i] = walk;
    }
  }
  return {
    axes: createAxes(
      Array.from({ length: bars }, (_, t) => Date.UTC(2015, 0, 1) + t * DAY),
      symbols,
    ),
    open,
    close,
    high: open.map((o, i) => Math.max(o, close[i]!)),
    low: open.map((o, i) => Math.min(o, close[i]!)),
    volume: plane().fill(1e6),
    extras: new Map([
      ["noise_a", noiseA],
      ["noise_b", noiseB],
      ["slow", slow],
    ]),
  };
}

/** The market with every number from bar `from` on another. */
export function withOtherFuture(market: Ohlcv, from: number, seed = 99): Ohlcv {
  const assets = market.axes.assets.length;
  const rng = createRng(seed);
  const changed = (plane: ArrayLike<number>) =>
    Float64Array.from(plane, (x, i) => (i < from * assets ? x : x * Math.exp(0.1 * rng.normal())));
  return {
    ...market,
    open: changed(market.open),
    close: changed(market.close),
    high: changed(market.high),
    low: changed(market.low),
    extras: new Map([...market.extras].map(([name, plane]) => [name, changed(plane)])),
  };
}

export type TrainingConfig = ExperimentConfig & { readonly l5: L5Config };

const FEATURES = `
features:
  - {name: column, column: noise_a}
  - {name: column, column: slow}
  - {name: return, lookback_bars: 1}
  - {name: intraday_return, lookback_bars: 1}
`;

/** An experiment on the noise market's columns; `l5` and `others` are YAML in flow style, or nothing. */
export function trainingConfig(l5 = "", others = ""): TrainingConfig {
  const given = (key: string) => l5.includes(`${key}:`);
  const parts = [
    ...(given("horizons") ? [] : ["horizons: {short: 2, long: 5}"]),
    ...(given("walk_forward") ? [] : ["walk_forward: {train_bars: 60, test_bars: 30, min_train_rows: 20}"]),
    ...(l5 === "" ? [] : [l5]),
  ];
  const block = `l5: {${parts.join(", ")}}`;
  const text = `name: x\ndata: {source: sample}${others.includes("features:") ? "" : FEATURES}\n${block}\n${others}\n`;
  return parseConfig(text, "x.yaml") as TrainingConfig;
}

/** Features computed and models trained; one worker unless said otherwise. */
export function train(
  config: TrainingConfig,
  market: Ohlcv,
  options: Partial<TrainingOptions> = {},
): Promise<TrainedModels> {
  const features = computeFeatures(market, featureSpecs(config.features!));
  return trainModels(config, market, features, { ...SCORES_ONLY, workers: 1, ...options });
}
