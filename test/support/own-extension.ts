/** Experiments with a file of their own, in a folder of their own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { tempDir } from "./files.ts";

/** A momentum feature, a signal that is the sign of a column, and a metric, in one module that imports another. */
export const OWN = `import { defineFeature, defineMetric, defineSignal, z } from "ballast";
import { change } from "./change.ts";

export const feature = defineFeature({
  name: "own_change",
  describe: "Return over lookback_bars, fraction.",
  parameters: z.strictObject({
    lookback_bars: z.int().min(1).default(20).describe("Bars back."),
    factor: z.number().default(1),
  }),
  compute({ market, assets }, { lookback_bars, factor }, out) {
    for (let i = lookback_bars * assets; i < out.length; i++)
      out[i] = factor * change(market.close[i]!, market.close[i - lookback_bars * assets]!);
  },
});

export const signal = defineSignal({
  name: "own_side",
  describe: "Sign of a column, times scale.",
  parameters: z.strictObject({
    column: z.string().default("own_change_20"),
    scale: z.number().positive().default(1),
  }),
  strength({ features, market, assets }, { column, scale }, out) {
    const plane = features.get(column);
    if (plane === undefined) throw new Error("there is no column " + column);
    for (let i = 0; i < out.length; i++) out[i] = Math.sign(plane[i]!) * scale;
  },
});

export const metric = defineMetric({
  name: "own_best",
  label: "Best bar",
  unit: "percent",
  better: "higher",
  group: "tail",
  describe: "Largest return of a bar, to a power.",
  parameters: z.strictObject({ power: z.number().default(1) }),
  compute: ({ returns }, { power }) => Math.max(...returns) ** power,
});
`;

export const CHANGE = "export const change = (now: number, then: number): number => now / then - 1;\n";

/** The look-ahead that truncating has to find: the next close. */
export const LEAK = OWN.replace("market.close[i]!", "(market.close[i + assets] ?? market.close[i]!)");

export const EXPERIMENT = `name: own
extensions: [./own.ts]
data: {sample_assets: 4, sample_bars: 150}
features:
  - {name: own_change}
signal: {kind: own_side}
allocation: {rebalance_bars: 3}
`;

/** @returns path of the experiment, the first file */
export function projectOf(files: Readonly<Record<string, string>>): string {
  const folder = tempDir();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return join(folder, Object.keys(files)[0]!);
}

/** The experiment above with its module, and any other files. */
export function ownProject(others: Readonly<Record<string, string>> = {}): string {
  return projectOf({ "x.yaml": EXPERIMENT, "own.ts": OWN, "change.ts": CHANGE, ...others });
}
