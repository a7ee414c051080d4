import { describe, expect, it } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import type { SelectionEvent, SelectionRecord } from "../../src/core/selection-record.ts";
import { selectionSection } from "../../src/report/sections/selection.ts";
import { multiplierRampsChart } from "../../src/report/specs/multiplier-ramps.ts";
import { selectorSharesChart } from "../../src/report/specs/selector-shares.ts";
import { selectorTimelineChart } from "../../src/report/specs/selector-timeline.ts";
import { fabricateRecord } from "./fabricate-record.ts";

const DAY = 86_400_000;
const LETTERS = "AUCR";
const empty = fabricateRecord({ bars: 60, assets: 2 });

/** States by letter, "." = not listed, beside steps of the ramp; one string of each an asset. */
function recordOf(states: readonly string[], steps: readonly string[], events: readonly SelectionEvent[] = []) {
  const T = states[0]?.length ?? 0;
  const N = states.length;
  const rampSteps = 2;
  const at = <A>(read: (t: number, n: number) => A): A[] =>
    Array.from({ length: T * N }, (_, i) => read(Math.floor(i / N), i % N));
  const k = Uint8Array.from(at((t, n) => Number(steps[n]![t])));
  const plane = new Float64Array(T * N);
  const selection: SelectionRecord = {
    axes: createAxes(
      Array.from({ length: T }, (_, t) => t * DAY),
      states.map((_, n) => `S${n}`),
    ),
    state: Uint8Array.from(at((t, n) => (states[n]![t] === "." ? 255 : LETTERS.indexOf(states[n]![t]!)))),
    k,
    rampSteps,
    multiplier: Float64Array.from(k, (step) => step / rampSteps),
    score: plane,
    sharpe: plane,
    drawdown: plane,
    events,
  };
  return { ...empty, selection };
}

const small = recordOf(["AAAA", ".AUC", "CRRA"], ["2222", "0210", "0122"]);

describe("the selector timeline", () => {
  it("has one row an asset, longest out of ACTIVE first, blank while not listed", () => {
    const { columns } = selectorTimelineChart(small)!;
    expect(columns.asset).toEqual(["S2", "S2", "S2", "S1", "S1", "S1", "S0"]);
    expect(columns.name).toEqual([
      ...["COOLDOWN", "RE_ENTRY", "ACTIVE"],
      ...["ACTIVE", "UNDERPERFORMING", "COOLDOWN"],
      "ACTIVE",
    ]);
    expect((columns.from as number[]).map((time) => time / DAY)).toEqual([0, 1, 3, 1, 2, 3, 0]);
    expect((columns.last as number[]).map((time) => time / DAY)).toEqual([0, 2, 3, 1, 2, 3, 3]);
    expect((columns.to as number[]).map((time) => time / DAY)).toEqual([1, 3, 4, 2, 3, 4, 4]);
    expect(columns.bars).toEqual([1, 2, 1, 1, 1, 1, 4]);
  });

  it("says how much time was spent out of ACTIVE, and by whom none", () => {
    // S1 is out for 2 of 3 listed bars, S2 for 3 of 4, S0 for none of 4: 5 of 11.
    expect(selectorTimelineChart(small)!.caption).toContain("45.45% of listed bars were spent out of ACTIVE; 1 never");
  });

  it("says how many assets it leaves out, and draws no more runs than a page can bear", () => {
    const chart = selectorTimelineChart(fabricateRecord({ bars: 1259, assets: 60 }))!;
    expect(new Set(chart.columns.asset).size).toBe(24);
    expect(chart.caption).toMatch(/Not drawn: 36 more assets, each out for at most \d+ bars; the list below has all\./);
    const flicker = Array.from({ length: 24 }, (_, n) => "AU".repeat(2000).slice(n % 2, (n % 2) + 3998));
    const busy = selectorTimelineChart(
      recordOf(
        flicker,
        flicker.map((row) => row.replaceAll(/./g, "1")),
      ),
    )!;
    expect(busy.columns.asset!.length).toBeLessThanOrEqual(2000);
    expect(busy.caption).toMatch(/Drawn in steps of \d+ bars, each in the state of most of them\./);
  });

  it("draws one asset on one bar", () => {
    expect(selectorTimelineChart(recordOf(["A"], ["2"]))!.columns.to).toEqual([DAY]);
  });
});

describe("the shares of selector states", () => {
  it("count the listed assets and average their multipliers", () => {
    const { columns, caption } = selectorSharesChart(small)!;
    expect(columns.s0).toEqual([1, 2, 1, 2]);
    expect(columns.s1).toEqual([0, 0, 1, 0]);
    expect(columns.s2).toEqual([1, 0, 0, 1]);
    expect(columns.s3).toEqual([0, 1, 1, 0]);
    // (1 + 0)/2, (1 + 1 + 1/2)/3, (1 + 1/2 + 1)/3, (1 + 0 + 1)/3.
    expect(columns.multiplier).toEqual([0.5, 0.83333, 0.83333, 0.66667]);
    expect(caption).toContain("least 50.00% on 1 Jan 1970");
  });
});

describe("the multiplier ramps", () => {
  it("show the assets whose step moved, most moves first, as strips of the multiplier's height", () => {
    const chart = multiplierRampsChart(small)!;
    expect([...new Set(chart.columns.asset)]).toEqual(["S1", "S2"]);
    expect(chart.columns.multiplier).toEqual([1, 0.5, 0, 0, 0.5, 1, 1]);
    const height = (i: number): number => (chart.columns.base![i] as number) - (chart.columns.top![i] as number);
    expect(height(1)).toBeCloseTo((height(0) + height(2)) / 2, 5);
    expect(chart.caption).toContain("in steps of 1/2");
  });

  it("show fewer assets rather than coarser steps", () => {
    // Of 300 runs each, 8 strips have 2,400 and 6 have 1,800, more than the 1,500 there is room for; 4 have 1,200.
    const moving = (bars: number, assets: number) => {
      const rows = Array.from({ length: assets }, () => "01".repeat(bars / 2));
      return multiplierRampsChart(
        recordOf(
          rows.map((row) => row.replaceAll(/./g, "R")),
          rows,
        ),
      )!;
    };
    expect(new Set(moving(300, 8).columns.asset).size).toBe(4);
    expect(moving(300, 8).caption).toContain("The 4 of 8 assets with a ramp");
    expect(moving(300, 8).caption).not.toContain("Drawn in steps");
    expect(moving(2000, 8).caption).toContain("Drawn in steps");
  });

  it("are left out when nothing ever moved", () => {
    expect(multiplierRampsChart(recordOf(["AAA", "AAA"], ["222", "222"]))).toBeNull();
  });
});

describe("the selection section", () => {
  const markup = (record: typeof small): string =>
    selectionSection(record)!
      .blocks.map((block) => (block.kind === "html" ? block.html : block.kind === "chart" ? block.chart.id : ""))
      .join("\n");

  it("lists events with their states and the whole universe by name, and every asset's time in each state", () => {
    const page = markup(
      recordOf(
        ["AU", "AA"],
        ["22", "22"],
        [
          { kind: "exclude", bar: 1, asset: 0, from: "ACTIVE", to: "UNDERPERFORMING", detail: "score 0.1 < 0.2" },
          { kind: "all_excluded", bar: 1, asset: -1, from: null, to: null, detail: "nobody left" },
          { kind: "held_by_min_active", bar: 1, asset: 1, from: "ACTIVE", to: "ACTIVE", detail: "only 1 left" },
        ],
      ),
    );
    expect(page).toContain("3 selection events: 1 exclude, 1 all excluded, 1 held by min active.");
    expect(page).toContain(
      '<td>S0</td><td>ACTIVE</td><td>UNDERPERFORMING</td><td class="prose">score 0.1 &lt; 0.2</td>',
    );
    expect(page).toContain("<td>whole universe</td><td></td><td></td>");
    expect(page).toContain('<td>S1</td><td>ACTIVE</td><td></td><td class="prose">only 1 left</td>');
    expect(page).toMatch(
      /S0<\/th><td class="number">2<\/td><td class="number">50\.00%<\/td><td class="number">50\.00%/,
    );
  });

  it("is left out without a selector, and when nothing was ever listed", () => {
    expect(selectionSection({ ...empty, selection: null })).toBeNull();
    expect(selectionSection(recordOf(["..", ".."], ["00", "00"]))).toBeNull();
    expect(selectionSection(recordOf([], []))).toBeNull();
  });

  it("holds on a single bar, where there is no line to draw", () => {
    expect(markup(recordOf(["A"], ["2"]))).not.toContain("selector-shares");
  });
});
