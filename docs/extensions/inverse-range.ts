import { defineWeighting, z } from "ballast";

export const inverseRange = defineWeighting({
  name: "inverse_range",
  describe: "Weights proportional to one over the mean size of returns, to a power.",
  parameters: z.strictObject({
    power: z.number().min(0).max(4).default(1).describe("0 is equal weights; more favours the calm."),
  }),
  weigh({ window }, { power }, out) {
    const { returns, bars, count } = window;
    let total = 0;
    for (let k = 0; k < count; k++) {
      let size = 0;
      let present = 0;
      for (let t = 0; t < bars; t++) {
        const r = returns[t * count + k]!;
        if (Number.isNaN(r)) continue;
        size += Math.abs(r);
        present++;
      }
      if (size === 0) return { ok: false, reason: `asset ${k} of ${count} did not move` };
      out[k] = (present / size) ** power;
      total += out[k]!;
    }
    for (let k = 0; k < count; k++) out[k] = out[k]! / total;
    return { ok: true };
  },
});
