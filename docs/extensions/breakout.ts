import { defineSignal, z } from "ballast";

export const breakout = defineSignal({
  name: "breakout",
  describe: "Long at full strength from a close near the high until one far from it.",
  parameters: z
    .strictObject({
      column: z.string().default("near_high_60").describe("Column of `features` that says how near the high is."),
      enter: z.number().default(0.99).describe("At this value or more an asset is bought,"),
      leave: z.number().default(0.93).describe("and below this one it is sold."),
    })
    .refine(({ enter, leave }) => leave < enter, { path: ["leave"], error: "must be below enter" }),
  strength({ features, assets }, { column, enter, leave }, out) {
    const nearness = features.get(column);
    if (nearness === undefined) throw new Error(`there is no column ${column}`);
    for (let i = 0; i < out.length; i++) {
      const held = i >= assets && out[i - assets]! > 0;
      out[i] = nearness[i]! >= (held ? leave : enter) ? 1 : 0;
    }
  },
});
