/** A feature of your own: the return over the last bars, the latest left out. `npx ballast lookahead experiment.yaml`
 *  proves that it reads nothing later than its bar. */
import { defineFeature, z } from "ballast";

export const myMomentum = defineFeature({
  name: "my_momentum",
  describe: "Return from lookback_bars ago to skip_bars ago, fraction; NaN where a close is missing at either end.",
  parameters: z
    .strictObject({
      lookback_bars: z.int().min(1).default(60).describe("Bars back to the earlier close."),
      skip_bars: z.int().min(0).default(5).describe("Bars back to the later close."),
    })
    .refine(({ lookback_bars, skip_bars }) => skip_bars < lookback_bars, {
      path: ["skip_bars"],
      error: "must be below lookback_bars",
    }),
  // One name whatever the parameters, so that `ranking` finds the column when a sweep changes them.
  column: () => "my_momentum",
  // Planes are row-major: bar t of asset n is at t * assets + n. Row t of `out` may use rows up to t, nothing later.
  compute({ market, assets }, { lookback_bars, skip_bars }, out) {
    const { close } = market;
    for (let i = lookback_bars * assets; i < out.length; i++)
      out[i] = close[i - skip_bars * assets]! / close[i - lookback_bars * assets]! - 1;
  },
});
