import { describe, expect, it } from "vitest";
import type { SweepRecord } from "../../../src/core/sweep-record.ts";
import type { Chart } from "../../../src/report/chart.ts";
import { compileChart } from "../../../src/report/compile-chart.ts";
import { effectCharts } from "../../../src/report/sweep/specs/effect-charts.ts";
import { heatmapCharts } from "../../../src/report/sweep/specs/heatmap-charts.ts";
import { logitHistogram, trialHistogram } from "../../../src/report/sweep/specs/histogram-chart.ts";
import { topEquityChart } from "../../../src/report/sweep/specs/top-equity.ts";
import { expectDrawn, expectReadable } from "../chart-checks.ts";
import { fabricateSweep } from "../fabricate-sweep.ts";
import { ascending, smallSweep } from "./small-sweep.ts";

const record = fabricateSweep();

const CHARTS: readonly (readonly [string, (record: SweepRecord) => Chart | null, RegExp])[] = [
  ["distribution", trialHistogram, /fill="var\(--accent\)"/],
  ["logits", ({ overfitting }) => logitHistogram(overfitting!), /fill="var\(--loss\)"/],
  ["effect", (sweep) => effectCharts(sweep)[0]!, /fill="var\(--accent\)"/],
  ["heatmap", (sweep) => heatmapCharts(sweep)[0]!, /fill="var\(--step-8\)"/],
  ["top equity", topEquityChart, /stroke="var\(--band-4\)"/],
];

describe.each(CHARTS)("the %s chart", (_name, build, mark) => {
  it("compiles, and its static SVGs have marks and fixed view boxes", async () => {
    await expectDrawn(build(record)!, mark);
  });

  it("has columns of one length, a description, and a readout of fields that exist", () => {
    expectReadable(build(record)!);
  });

  it("keeps names out of the specs, where Vega would read them as expressions", () => {
    const hostile: SweepRecord = {
      ...record,
      name: "alert(1)",
      rankBy: "datum['x'] + alert(2)",
      trials: record.trials.map((trial) => ({
        ...trial,
        values: trial.values.map((value) => (typeof value === "string" ? `${value} + alert(3)` : value)),
        metrics: { ...trial.metrics, "datum['x'] + alert(2)": trial.metrics.sharpe ?? Number.NaN },
      })),
      axes: record.axes.map(({ path, values }) => ({
        path: `${path}.alert(4)`,
        values: values.map((value) => (typeof value === "string" ? `${value} + alert(3)` : value)),
      })),
    };
    for (const { spec } of build(hostile)!.views) expect(JSON.stringify(spec)).not.toContain("alert");
  });
});

describe("the distribution chart", () => {
  it("counts every trial with a value and marks the one bin of the best", () => {
    const { columns } = trialHistogram(record)!;
    // 960 done, 20 of them without a Sharpe ratio.
    expect((columns.count as number[]).reduce((sum, count) => sum + count, 0)).toBe(940);
    const marked = (columns.marked as number[]).indexOf(1);
    const best = record.trials[record.ranking[0]!]!.metrics.sharpe!;
    expect(columns.from![marked]).toBeLessThanOrEqual(best);
    expect(columns.to![marked]).toBeGreaterThan(best);
    expect((columns.marked as number[]).reduce((sum, flag) => sum + flag, 0)).toBe(1);
  });

  it("is left out when nothing has a value", () => {
    expect(trialHistogram(smallSweep({ a: [1] }, [[[1], Number.NaN]]))).toBeNull();
  });
});

describe("the logit chart", () => {
  it("splits its bins at 0", () => {
    const { columns } = logitHistogram(record.overfitting!)!;
    for (const [k, marked] of (columns.marked as number[]).entries())
      expect(marked === 1).toBe((columns.to![k] as number) <= 0);
    expect((columns.count as number[]).reduce((sum, count) => sum + count, 0)).toBe(924);
  });
});

describe("the heatmaps", () => {
  const square = smallSweep({ a: [1, 2], b: ["p", "q", "r"], c: [5] }, [
    [[1, "p", 5], 0],
    [[1, "q", 5], 1],
    [[1, "r", 5], 2],
    [[2, "p", 5], 3],
    [[2, "q", 5], 4],
    [[2, "r", 5], "no"],
  ]);

  it("have a pair of axes that vary each, the longer one down, every cell in order and the missing one blank", () => {
    const charts = heatmapCharts(square);
    expect(charts).toHaveLength(1);
    expect(charts[0]!.title).toBe("b by a");
    expect(charts[0]!.columns).toMatchObject({
      row: ["p", "p", "q", "q", "r", "r"],
      column: ["1", "2", "1", "2", "1", "2"],
      value: [0, 3, 1, 4, 2, null],
    });
    expect(charts[0]!.caption).toContain("Blank:");
  });

  it("colour better blue and worse orange, whichever way better is", () => {
    // Median 2; distances 2 1 1 2 0, 90th percentile 2: steps 0 6 2 8 4.
    expect(heatmapCharts(square)[0]!.columns.step).toEqual([0, 6, 2, 8, 4, null]);
    expect(heatmapCharts(ascending(square))[0]!.columns.step).toEqual([8, 2, 6, 0, 4, null]);
  });

  it("are six at most, of the four axes that explain most", () => {
    const axes = Object.fromEntries(Array.from({ length: 6 }, (_, a) => [`a${a}`, [0, 1]]));
    const trials = Array.from({ length: 64 }, (_, k) => {
      const bits = Array.from({ length: 6 }, (_, a) => (k >> a) & 1);
      return [bits, bits.reduce((sum, bit, a) => sum + bit * 2 ** a, 0)] as const;
    });
    const charts = heatmapCharts(smallSweep(axes, trials));
    expect(charts.map(({ title }) => title)).toEqual([
      "a5 by a4",
      "a5 by a3",
      "a5 by a2",
      "a4 by a3",
      "a4 by a2",
      "a3 by a2",
    ]);
  });
});

describe("the effect charts", () => {
  it("stand on one scale, strongest axis first, and leave out axes with one value", () => {
    const charts = effectCharts(record);
    expect(charts.map(({ title }) => title)).toEqual(["method", "lookback_bars", "exclude_score_threshold"]);
    const domains = charts.map(({ views }) => /"domain":\[[^\]]+\]/.exec(JSON.stringify(views[0].spec))![0]);
    expect(new Set(domains).size).toBe(1);
    expect(effectCharts(smallSweep({ a: [1] }, [[[1], 3]]))).toEqual([]);
  });
});

describe("the equity chart", () => {
  it("draws fifteen lines at most, told apart by tone and stroke, and none without bars", () => {
    const best = Array.from({ length: 20 }, (_, k) => ({ ...record.best[0]!, trial: k }));
    const { legend } = topEquityChart({ ...record, best })!;
    expect(new Set(legend.map(({ colour, mark }) => `${colour} ${mark}`)).size).toBe(15);
    expect(legend[1]!.label).toBe("2. trial 1");
    expect(topEquityChart({ ...record, best: [] })).toBeNull();
  });

  it("has a linear axis when a trial is ruined", async () => {
    const equity = record.best[0]!.equity.slice().fill(0, 400);
    const chart = topEquityChart({ ...record, best: [{ trial: 1, equity }] })!;
    expect(chart.caption).not.toContain("logarithmic");
    expect((await compileChart(chart)).wide).not.toMatch(/NaN|Infinity/);
  });
});
