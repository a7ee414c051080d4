import { expect, test } from "vitest";
import { z } from "zod";
import { defineMetric, extensionMetrics, type MetricInputs, metricInfos } from "../../src/metrics/metric-extension.ts";

const gainToPain = defineMetric({
  name: "gain_to_pain",
  label: "Gain to pain",
  unit: "ratio",
  better: "higher",
  group: "risk",
  describe: "Sum of what returns are above the threshold over what they are below it.",
  parameters: z.strictObject({ threshold: z.number().default(0) }),
  compute({ returns }, { threshold }) {
    let gain = 0;
    let pain = 0;
    for (let t = 0; t < returns.length; t++) {
      gain += Math.max(0, returns[t]! - threshold);
      pain += Math.max(0, threshold - returns[t]!);
    }
    return gain / pain;
  },
});

const plane = (...values: number[]) => Float64Array.from(values);
const inputs: MetricInputs = {
  equity: plane(100, 110, 99),
  returns: plane(0.1, -0.1),
  benchmarkReturns: null,
  periodsPerYear: 252,
  riskFreeAnnual: 0,
  turnover: plane(0, 1, 0),
  fees: plane(0, 0, 0),
  slippage: plane(0, 0, 0),
  grossExposure: plane(0, 1, 1),
};
const only = (metric: typeof gainToPain) => new Map([[metric.name, metric]]) as never;

test("is measured with the parameters of its block", () => {
  expect(extensionMetrics(only(gainToPain), { gain_to_pain: { threshold: 0 } }, inputs)).toEqual({ gain_to_pain: 1 });
  // above 0.05 by 0.05, below it by 0.15
  const { gain_to_pain: third } = extensionMetrics(only(gainToPain), { gain_to_pain: { threshold: 0.05 } }, inputs);
  expect(third).toBeCloseTo(1 / 3, 12);
  const still = { ...inputs, returns: plane(0, 0) };
  expect(extensionMetrics(only(gainToPain), { gain_to_pain: { threshold: 0 } }, still).gain_to_pain).toBe(Number.NaN);
});

test("refuses what is no number, naming the definition", () => {
  const none = { ...inputs, returns: plane(0.1, 0.2) };
  expect(() => extensionMetrics(only(gainToPain), { gain_to_pain: { threshold: 0 } }, none)).toThrow(
    "metric gain_to_pain: compute must return a number or NaN, got Infinity",
  );
  expect(() => extensionMetrics(only(gainToPain), { gain_to_pain: undefined }, inputs)).toThrow(
    /^metric gain_to_pain: compute threw: /,
  );
});

test("cannot change the account it measures", () => {
  const greedy = { ...gainToPain, compute: ({ equity }: MetricInputs) => (equity as Float64Array).fill(7)[0]! };
  extensionMetrics(only(greedy as never), { gain_to_pain: {} }, inputs);
  expect(inputs.equity[0]).toBe(100);
});

test("tells tables its label, unit and direction", () => {
  expect(metricInfos(only(gainToPain))).toEqual([
    {
      key: "gain_to_pain",
      label: "Gain to pain",
      unit: "ratio",
      better: "higher",
      group: "risk",
      describe: gainToPain.describe,
    },
  ]);
});
