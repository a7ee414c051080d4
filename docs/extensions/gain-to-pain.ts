import { defineMetric, z } from "ballast";

export const gainToPain = defineMetric({
  name: "gain_to_pain",
  label: "Gain to pain",
  unit: "ratio",
  better: "higher",
  group: "risk",
  describe: "Sum of all returns over the size of the sum of the negative ones (Schwager 2012), per bar.",
  parameters: z.strictObject({}),
  compute({ returns }) {
    let total = 0;
    let pain = 0;
    for (let t = 0; t < returns.length; t++) {
      const r = returns[t]!;
      if (Number.isNaN(r)) continue;
      total += r;
      pain += Math.max(0, -r);
    }
    return pain === 0 ? Number.NaN : total / pain;
  },
});
