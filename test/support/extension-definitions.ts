/** Definitions of extensions small enough to be worked out by hand. */
import { z } from "zod";
import { deepestDrawdown, presentReturns } from "../../src/allocation/sleeve-statistics.ts";
import { defineWeighting, type WeightingExtension } from "../../src/allocation/weighting-extension.ts";
import { fail } from "../../src/core/result.ts";
import { defineModel, type ExtensionModel, type ModelExtension } from "../../src/models/model-extension.ts";

/** Proportional to 1 / (deepest drawdown)^power. */
export const inverseDrawdown = defineWeighting({
  name: "inverse_drawdown",
  describe: "Proportional to one over the deepest drawdown, to a power.",
  parameters: z.strictObject({ power: z.number().min(0).max(4).default(1) }),
  weigh({ window }, { power }, out) {
    let total = 0;
    for (let k = 0; k < window.count; k++) {
      const depth = deepestDrawdown(presentReturns(window, k));
      if (depth === 0) return fail(`sleeve ${k} never fell`);
      out[k] = depth ** -power;
      total += out[k]!;
    }
    for (let k = 0; k < window.count; k++) out[k] = out[k]! / total;
    return { ok: true };
  },
});

/** A method that does one thing, with `usesHistory` and all as they are without being said. */
export function weightingThat(
  weigh: WeightingExtension["weigh"],
  others: Partial<WeightingExtension> = {},
): WeightingExtension {
  return {
    ...defineWeighting({ name: "mine", describe: "Of a test.", parameters: z.strictObject({}), weigh }),
    ...others,
  };
}

interface SignMeans {
  readonly feature: number;
  /** Of labels where the feature is below 0, and where it is not. */
  readonly below: number;
  readonly above: number;
}

/** The mean label of the rows on either side of 0 of one feature, times a factor. */
export const signMeans = defineModel({
  name: "sign_means",
  describe: "The mean label of the training rows whose feature has the same sign.",
  parameters: z.strictObject({
    feature: z.int().min(0).default(0),
    factor: z.number().default(1),
    side: z.enum(["both", "above"]).default("both"),
  }),
  fit({ x, y, features }, { feature, factor, side }) {
    const sums = { below: 0, above: 0 };
    const counts = { below: 0, above: 0 };
    for (let r = 0; r < y.length; r++) {
      const part = x[r * features.length + feature]! < 0 ? "below" : "above";
      sums[part] += y[r]!;
      counts[part]++;
    }
    const mean = (part: keyof typeof sums) => (counts[part] === 0 ? 0 : (factor * sums[part]) / counts[part]);
    return scoredBySign({ feature, below: side === "above" ? 0 : mean("below"), above: mean("above") }, features);
  },
  restore: scoredBySign,
});

function scoredBySign(data: SignMeans, features: readonly string[]): ExtensionModel<SignMeans> {
  return {
    score(x, rows, out) {
      for (let r = 0; r < rows; r++) {
        const value = x[r * features.length + data.feature]!;
        if (value === value) out[r] = value < 0 ? data.below : data.above;
      }
    },
    toJSON: () => data,
  };
}

/** Fails when it is cancelled, or has waited for it long enough. */
export const patient = defineModel({
  name: "patient",
  describe: "Waits to be cancelled.",
  parameters: z.strictObject({ waitMs: z.number() }),
  fit(_training, { waitMs }, { cancelled }): ExtensionModel {
    const until = performance.now() + waitMs;
    while (!cancelled() && performance.now() < until);
    throw new Error("out of patience");
  },
  restore: () => ({ score: () => {}, toJSON: () => ({}) }),
});

/** A model whose functions are those of the test, else one that scores a row by its first feature. */
export function modelThat(
  changes: Partial<ExtensionModel>,
  others: Partial<Pick<ModelExtension, "fit" | "restore" | "file">> = {},
): ModelExtension {
  const plain: ExtensionModel = {
    score: (x, rows, out) => {
      for (let r = 0; r < rows; r++) out[r] = x[(r * x.length) / rows]!;
    },
    toJSON: () => ({}),
    ...changes,
  };
  return {
    ...defineModel({
      name: "mine",
      describe: "Of a test.",
      parameters: z.strictObject({}),
      fit: () => plain,
      restore: () => plain,
    }),
    ...others,
  };
}
