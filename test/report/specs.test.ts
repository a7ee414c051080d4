import { describe, expect, it } from "vitest";
import type { RunRecord } from "../../src/core/contracts.ts";
import type { Chart } from "../../src/report/chart.ts";
import { comparisonChart } from "../../src/report/specs/comparison.ts";
import { costsChart } from "../../src/report/specs/costs.ts";
import { drawdownChart } from "../../src/report/specs/drawdown.ts";
import { equityChart } from "../../src/report/specs/equity.ts";
import { monthlyChart } from "../../src/report/specs/monthly.ts";
import { multiplierRampsChart } from "../../src/report/specs/multiplier-ramps.ts";
import { plannedAssetsChart } from "../../src/report/specs/planned-assets.ts";
import { plannedExecutedChart } from "../../src/report/specs/planned-executed.ts";
import { rollingSharpeChart, rollingVolatilityChart } from "../../src/report/specs/rolling.ts";
import { scheduleEventsChart } from "../../src/report/specs/schedule-events.ts";
import { selectorSharesChart } from "../../src/report/specs/selector-shares.ts";
import { selectorTimelineChart } from "../../src/report/specs/selector-timeline.ts";
import { turnoverChart } from "../../src/report/specs/turnover.ts";
import { weightsChart } from "../../src/report/specs/weights.ts";
import { expectDrawn, expectReadable } from "./chart-checks.ts";
import { fabricateRecord } from "./fabricate-record.ts";

const record = fabricateRecord({ bars: 700, assets: 15, short: true });

const CHARTS: readonly (readonly [string, (record: RunRecord) => Chart | null, RegExp])[] = [
  ["equity", equityChart, /stroke="var\(--accent\)"/],
  ["drawdown", drawdownChart, /fill="var\(--accent\)"/],
  ["rolling Sharpe", rollingSharpeChart, /stroke="var\(--accent\)"/],
  ["rolling volatility", rollingVolatilityChart, /stroke="var\(--accent\)"/],
  ["monthly", monthlyChart, /fill="var\(--step-\d\)"/],
  ["weights", weightsChart, /fill="var\(--band-12\)"/],
  ["turnover", turnoverChart, /fill="var\(--accent\)"/],
  ["costs", costsChart, /fill="var\(--benchmark\)"/],
  ["comparison", comparisonChart, /stroke="var\(--band-1\)"/],
  ["planned against held", plannedExecutedChart, /stroke="var\(--loss\)"/],
  ["furthest from plan", plannedAssetsChart, /fill="var\(--benchmark\)"/],
  ["selector timeline", selectorTimelineChart, /fill="var\(--state-2\)"/],
  ["selector shares", selectorSharesChart, /fill="var\(--state-2\)"/],
  ["schedule events", scheduleEventsChart, /stroke="var\(--accent\)"|fill="var\(--accent\)"/],
  ["multiplier ramps", multiplierRampsChart, /fill="var\(--state-3\)"/],
];

describe.each(CHARTS)("the %s chart", (_name, build, mark) => {
  it("compiles, and its static SVGs have marks and fixed view boxes", async () => {
    await expectDrawn(build(record)!, mark);
  });

  it("has columns of one length, a description, and a readout of fields that exist", () => {
    expectReadable(build(record)!);
  });

  it("keeps names out of the specs, where Vega would read them as expressions", () => {
    const axes = { ...record.account.axes, assets: record.account.axes.assets.map((name) => `${name} + alert(3)`) };
    const hostile = {
      ...record,
      label: "datum['x'] + alert(1)",
      name: "alert(2)",
      account: { ...record.account, axes },
      selection: { ...record.selection!, axes },
      rebalancing: { events: record.rebalancing!.events.map((event) => ({ ...event, scope: "alert(5)" })) },
      comparison: record.comparison.map((method) => ({ ...method, label: "alert(4)" })),
    };
    for (const { spec } of build(hostile)!.views) expect(JSON.stringify(spec)).not.toContain("alert");
  });
});

describe("the equity chart", () => {
  it("has a linear and a log view, the log one with few round ticks inside the range", () => {
    const views = equityChart(record).views;
    expect(views.map(({ key }) => key)).toEqual(["linear", "log"]);
    const ticks = (views[1]!.spec as { encoding: { y: { axis: { values: number[] } } } }).encoding.y.axis.values;
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(8);
    for (const tick of ticks) expect(String(tick).replace(/0+$/, "").length).toBeLessThanOrEqual(3);
  });
});

describe("the drawdown chart", () => {
  it("never samples the worst day away", () => {
    const long = fabricateRecord({ bars: 4000, assets: 3 });
    const worst = long.metrics.max_drawdown!;
    const drawn = drawdownChart(long).columns.strategy as number[];
    expect(drawn.length).toBeLessThan(2000);
    expect(Math.min(...drawn)).toBeCloseTo(worst, 4);
  });
});

describe("the weights chart", () => {
  it("adds up to the net exposure at each bar shown, with the smallest assets in one band", () => {
    const chart = weightsChart(record)!;
    const N = record.account.axes.assets.length;
    const times = [...record.account.axes.time];
    expect(chart.legend.length).toBe(13);
    expect(chart.legend[12]!.label).toBe("3 others");
    (chart.columns.t as number[]).forEach((time, i) => {
      const row = record.account.heldWeights.subarray(times.indexOf(time) * N, (times.indexOf(time) + 1) * N);
      const net = row.reduce((sum, weight) => sum + weight, 0);
      const shown = chart.readout.fields.reduce((sum, { field }) => sum + (chart.columns[field]![i] as number), 0);
      expect(shown).toBeCloseTo(net, 3);
    });
  });
});

describe("the monthly chart", () => {
  it("puts zero in the middle step and losses and gains at opposite ends", () => {
    const { value, step, month } = monthlyChart(record)!.columns as {
      value: number[];
      step: number[];
      month: number[];
    };
    value.forEach((change, i) => {
      if (month[i]! > 12) return;
      if (change > 0) expect(step[i]).toBeGreaterThanOrEqual(4);
      if (change < 0) expect(step[i]).toBeLessThanOrEqual(4);
    });
    expect(Math.min(...step)).toBe(0);
    expect(Math.max(...step)).toBe(8);
  });
});

describe("the turnover chart", () => {
  it("adds up to the account's turnover, by bar, day or month as the run is long", () => {
    for (const [bars, title] of [
      [60, "Turnover by bar"],
      [700, "Turnover by month"],
    ] as const) {
      const run = fabricateRecord({ bars, assets: 3 });
      const chart = turnoverChart(run)!;
      expect(chart.title).toBe(title);
      const shown = (chart.columns.turnover as number[]).reduce((sum, value) => sum + value, 0);
      expect(shown).toBeCloseTo(
        run.account.turnover.reduce((sum, value) => sum + value, 0),
        3,
      );
    }
  });

  it("says the same turnover per year as the table of metrics", () => {
    // 12.5 times equity a year is 1,250%.
    const run = fabricateRecord({ bars: 60, assets: 3 });
    const chart = turnoverChart({ ...run, metrics: { ...run.metrics, turnover: 12.5 } })!;
    expect(chart.caption).toContain("in all, 1,250% a year.");
  });
});

describe("the comparison chart", () => {
  it("tells fifteen methods apart by tone and stroke together", () => {
    const [method] = record.comparison;
    const comparison = Array.from({ length: 15 }, (_, k) => ({ ...method!, label: `m${k}` }));
    const { legend } = comparisonChart({ ...record, comparison })!;
    expect(new Set(legend.map(({ colour, mark }) => `${colour} ${mark}`)).size).toBe(15);
    expect(legend.map(({ label }) => label)).toEqual(comparison.map(({ label }) => label));
  });
});
