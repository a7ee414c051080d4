import { defineFeature, rollingMaximum, z } from "ballast";

export const nearHigh = defineFeature({
  name: "near_high",
  describe: "Close over the highest high of lookback_bars, fraction; NaN until the window is full.",
  parameters: z.strictObject({
    lookback_bars: z.int().min(1).default(60).describe("Bars in the window, this one included."),
  }),
  compute({ market, assets }, { lookback_bars }, out) {
    rollingMaximum(market.high, assets, { bars: lookback_bars, least: lookback_bars }, out);
    for (let i = 0; i < out.length; i++) out[i] = market.close[i]! / out[i]!;
  },
});
