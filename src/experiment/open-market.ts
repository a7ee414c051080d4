/** The prices an experiment names, from a file or generated. */
import { InputError } from "../core/errors.ts";
import { describeMarket, loadMarket, type Market } from "../data/market.ts";
import { sampleMarket } from "../data/sample.ts";
import { selectMarket } from "../data/select.ts";
import { findFile, sampleSize, sourceOf } from "./resolve.ts";
import type { ExperimentConfig } from "./schema.ts";

/**
 * @param file the experiment file; a path in the config is looked for beside it
 * @throws InputError for anything wrong with the data
 */
export async function openMarket(config: ExperimentConfig, file: string): Promise<Market> {
  try {
    return await readMarket(config, file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.faults.map((fault) => ({ ...fault, where: SELECTION[fault.where] ?? fault.where })));
  }
}

/** What the data layer calls its arguments -> what the experiment calls them. */
const SELECTION: Readonly<Record<string, string>> = {
  symbols: "data.symbols",
  start: "data.start",
  end: "data.end",
  "start, end": "data.start",
};

async function readMarket(config: ExperimentConfig, file: string): Promise<Market> {
  const { data, portfolio } = config;
  const delistAfterBars = portfolio.delist_after_bars;
  if (sourceOf(data) === "sample") {
    const ohlcv = sampleMarket({ seed: config.seed, ...sampleSize(data) });
    const selected = selectMarket(ohlcv, data);
    return describeMarket(selected, {
      source: `synthetic market, seed ${config.seed}`,
      rows: selected.close.reduce((rows, close) => rows + (close === close ? 1 : 0), 0),
      synthetic: true,
      delistAfterBars,
      periodsPerYear: data.periods_per_year,
    });
  }
  return loadMarket({
    path: findFile(data.path!, file, "data.path"),
    symbols: data.symbols,
    start: data.start,
    end: data.end,
    repair: data.repair,
    periodsPerYear: data.periods_per_year,
    delistAfterBars,
  });
}
