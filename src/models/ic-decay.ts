/** IC decay: the same scores against labels of longer and longer horizons. */
import type { Floats } from "../core/panel.ts";
import { forwardReturn } from "./forward-return.ts";
import { type IcSummary, summariseIc } from "./ic-summary.ts";
import { createIcSeries, informationCoefficients } from "./information-coefficient.ts";

export interface HorizonIc {
  readonly horizonBars: number;
  readonly pearson: IcSummary;
  readonly spearman: IcSummary;
}

/**
 * @param scores   [T*N] NaN = no score
 * @param prices   [T*N] opens or closes, as the labels have it
 * @param horizons bars, each >= 1; one that no label fits in has 0 dates
 * @param lagBars  as in forwardReturn
 */
export function icDecay(
  scores: Floats,
  prices: Floats,
  assets: number,
  horizons: readonly number[],
  lagBars: number,
): HorizonIc[] {
  const labels = new Float64Array(prices.length);
  const series = createIcSeries(prices.length / assets);
  return horizons.map((horizonBars) => {
    forwardReturn(prices, assets, horizonBars, lagBars, labels);
    informationCoefficients(scores, labels, assets, series);
    return {
      horizonBars,
      pearson: summariseIc(series.pearson, horizonBars - 1),
      spearman: summariseIc(series.spearman, horizonBars - 1),
    };
  });
}
