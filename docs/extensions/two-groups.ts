import { defineModel, type ExtensionModel, z } from "ballast";

/** What it learns: plain data, which is saved and restored as JSON. */
interface Means {
  readonly column: number;
  readonly threshold: number;
  readonly below: number;
  readonly above: number;
}

export const twoGroups = defineModel({
  name: "two_groups",
  describe: "The mean label of the training rows whose feature is on the same side of a threshold.",
  parameters: z.strictObject({
    feature: z.string().describe("Column of `features` that it looks at."),
    threshold: z.number().default(0).describe("Where the groups are parted, in the feature's unit."),
  }),
  fit({ x, y, features }, { feature, threshold }): ExtensionModel<Means> {
    const column = features.indexOf(feature);
    if (column < 0) throw new Error(`there is no column ${feature}`);
    const sums = { below: 0, above: 0 };
    const counts = { below: 0, above: 0 };
    for (let r = 0; r < y.length; r++) {
      const side = x[r * features.length + column]! < threshold ? "below" : "above";
      sums[side] += y[r]!;
      counts[side]++;
    }
    const mean = (side: "below" | "above") => (counts[side] === 0 ? 0 : sums[side] / counts[side]);
    return fitted({ column, threshold, below: mean("below"), above: mean("above") }, features);
  },
  restore: fitted,
});

function fitted(means: Means, features: readonly string[]): ExtensionModel<Means> {
  return {
    score(x, rows, out) {
      for (let r = 0; r < rows; r++) {
        const value = x[r * features.length + means.column]!;
        if (!Number.isNaN(value)) out[r] = value < means.threshold ? means.below : means.above;
      }
    },
    toJSON: () => means,
  };
}
