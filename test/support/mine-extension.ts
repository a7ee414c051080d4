/** A module of extensions as a user writes one: a weighting method and a model that can be worked out by hand, and some
 *  that do what they must not. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "./files.ts";

const MINE = `import { defineModel, defineWeighting, z } from "ballast";

export const inverseDrawdown = defineWeighting({
  name: "inverse_drawdown",
  describe: "Proportional to one over the deepest drawdown of the window, to a power.",
  parameters: z.strictObject({ power: z.number().min(0).max(4).default(1).describe("Of the drawdown.") }),
  weigh({ window: { returns, bars, count } }, { power }, out) {
    let total = 0;
    for (let k = 0; k < count; k++) {
      let [wealth, peak, depth] = [1, 1, 0];
      for (let t = 0; t < bars; t++) {
        const r = returns[t * count + k]!;
        if (r !== r) continue;
        wealth *= 1 + r;
        peak = Math.max(peak, wealth);
        depth = Math.max(depth, 1 - wealth / peak);
      }
      if (depth === 0) return { ok: false, reason: \`sleeve \${k} never fell\` };
      out[k] = depth ** -power;
      total += out[k]!;
    }
    for (let k = 0; k < count; k++) out[k]! /= total;
    return { ok: true };
  },
});

type Means = { below: number; above: number; feature: number };
const scored = (means: Means, features: readonly string[]) => ({
  score(x: Float64Array, rows: number, out: Float64Array) {
    for (let r = 0; r < rows; r++) {
      const value = x[r * features.length + means.feature]!;
      if (value === value) out[r] = value < 0 ? means.below : means.above;
    }
  },
  toJSON: () => means,
});

export const signMeans = defineModel({
  name: "sign_means",
  describe: "The mean label of the training rows whose feature has the same sign.",
  parameters: z.strictObject({
    feature: z.int().min(0).max(1).default(0),
    factor: z.number().default(1),
    side: z.enum(["both", "above"]).default("both"),
  }),
  fit({ x, y, features }, { feature, factor, side }) {
    const sums = [0, 0];
    const counts = [0, 0];
    for (let r = 0; r < y.length; r++) {
      const part = x[r * features.length + feature]! < 0 ? 0 : 1;
      sums[part]! += y[r]!;
      counts[part]!++;
    }
    const below = side === "above" ? 0 : (factor * sums[0]!) / counts[0]!;
    return scored({ below, above: (factor * sums[1]!) / counts[1]!, feature }, features);
  },
  restore: scored,
});
`;

const FAULTY = `import { defineModel, defineWeighting, z } from "ballast";

let calls = 0;
export const stateful = defineWeighting({
  name: "stateful",
  describe: "Counts its calls.",
  parameters: z.strictObject({}),
  weigh(_problem, _parameters, out) {
    out.fill(0);
    out[calls++ % out.length] = 1;
    return { ok: true };
  },
});

export const throwing = defineWeighting({
  name: "throwing",
  describe: "Throws at level 2, and has no answer below it.",
  parameters: z.strictObject({ level: z.number() }),
  weigh(_problem, { level }) {
    if (level === 2) throw new Error("no luck");
    return { ok: false, reason: "not at this level" };
  },
});

export const moody = defineModel({
  name: "moody",
  describe: "Fails in one way or the other.",
  parameters: z.strictObject({ how: z.enum(["fit", "score"]) }),
  fit(_training, { how }) {
    if (how === "fit") throw new Error("not today");
    return { score() {}, toJSON: () => ({}) };
  },
  restore: () => ({ score() {}, toJSON: () => ({}) }),
});
`;

/** A folder with mine.ts, faulty.ts and x.yaml, which uses the former. @returns the path of x.yaml */
export function mineProject(yaml: string, others: Readonly<Record<string, string>> = {}): string {
  const folder = tempDir();
  const files = {
    "mine.ts": MINE,
    "faulty.ts": FAULTY,
    "x.yaml": `name: x\nextensions: [mine.ts]\n${yaml}`,
    ...others,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, "x.yaml");
}

/** The experiment with faulty.ts in place of mine.ts. */
export function faultyProject(yaml: string): string {
  return mineProject(yaml, { "x.yaml": `name: x\nextensions: [faulty.ts]\n${yaml}` });
}
