import { beforeAll, describe, expect, it, vi } from "vitest";
import type { RunRecord } from "../../src/core/contracts.ts";
import { type ReportOptions, renderReport, SECTIONS } from "../../src/report/html.ts";
import { buildChartsScript } from "./charts-bundle.ts";
import { type FabricateOptions, fabricateRecord } from "./fabricate-record.ts";

const STUB: ReportOptions = { chartsScript: "/* no script */" };

function render(options: FabricateOptions, changes: Partial<RunRecord> = {}): Promise<string> {
  return renderReport({ ...fabricateRecord(options), ...changes }, STUB);
}

/** Values that slipped through unformatted, by what stands around them. */
function slips(html: string): string[] {
  return [...body(html).matchAll(/.{0,40}(?:NaN|>undefined|undefined<|\[object).{0,40}/g)].map((match) => match[0]);
}

/** The document without styles and scripts. */
function body(html: string): string {
  return html.slice(html.indexOf("<body>")).replace(/<script[\s\S]*?<\/script>/g, "");
}

describe("a report of 2,520 bars and 20 assets", () => {
  let script = "";
  let html = "";

  beforeAll(async () => {
    script = await buildChartsScript();
    html = await renderReport(fabricateRecord({ bars: 2520, assets: 20 }), { chartsScript: script });
  });

  it("stays under 3 MB, bundle included", () => {
    expect(Buffer.byteLength(html)).toBeLessThan(3_000_000);
    expect(Buffer.byteLength(script)).toBeLessThan(700_000);
  });

  it("stays under it with 505 assets over five years", async () => {
    const wide = await renderReport(fabricateRecord({ bars: 1259, assets: 505 }), { chartsScript: script });
    expect(Buffer.byteLength(wide)).toBeLessThan(3_000_000);
  });

  it("has equal bytes for equal records", async () => {
    const again = await renderReport(fabricateRecord({ bars: 2520, assets: 20 }), { chartsScript: script });
    expect(again === html).toBe(true);
  });

  it("has every section, in order, each named in the contents", () => {
    const ids = [...html.matchAll(/<section class="part" id="([a-z-]+)"/g)].map((match) => match[1]);
    expect(ids).toEqual([
      "performance",
      "comparison",
      "rolling",
      "calendar",
      "holdings",
      "models",
      "selection",
      "allocation",
      "rebalancing",
      "trading",
      "trades",
      "metrics",
      "drawdowns",
      "events",
      "data",
      "provenance",
    ]);
    expect(ids.length).toBe(SECTIONS.length);
    for (const id of ids) expect(html).toContain(`href="#${id}"`);
  });

  it("names nothing outside itself that a browser would fetch", () => {
    expect(html).toContain("default-src 'none'");
    expect([...body(html).matchAll(/(?:src|href)="(?!#).{0,60}/g)]).toEqual([]);
    expect(html.match(/<link[^>]*>/g)).toEqual(['<link rel="icon" href="data:,">']);
    expect(html).not.toContain("@import");
  });

  it("has no element id twice", () => {
    const ids = [...body(html).matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("says that the data are synthetic, what was run and against what", () => {
    expect(html).toContain("Synthetic data");
    expect(html).toContain("2,520 bars");
    expect(html).toContain("equal_weight");
    expect(html).toContain("252 periods a year");
    expect(html).toContain("5f2c".repeat(16));
  });
});

describe("text from people", () => {
  const attack = `</script><img src=x onerror=alert(1)>"'&`;

  it("is escaped wherever it appears", async () => {
    const record = fabricateRecord({ bars: 60, assets: 2 });
    const html = await renderReport(
      {
        ...record,
        name: attack,
        label: attack,
        id: attack,
        description: attack,
        benchmark: { ...record.benchmark!, label: attack },
        warnings: [attack],
        config: attack,
        account: {
          ...record.account,
          axes: { ...record.account.axes, assets: [attack, `${attack}2`] },
          events: [{ kind: "delisted", bar: 3, asset: 0, value: 0, detail: attack }],
        },
        selection: {
          ...record.selection!,
          axes: { ...record.account.axes, assets: [attack, `${attack}2`] },
          events: [{ kind: "exclude", bar: 3, asset: 0, from: "ACTIVE", to: "UNDERPERFORMING", detail: attack }],
        },
        rebalancing: { events: [{ kind: "opened", bar: 3, scope: attack, detail: attack }] },
        metrics: { ...record.metrics, [attack]: 1 },
        quality: {
          ...record.quality,
          source: attack,
          notes: [attack],
          perAsset: record.quality.perAsset.map((asset) => ({ ...asset, symbol: attack })),
          ohlcViolations: [{ time: 0, symbol: attack, line: 1, rule: attack, value: 1 }],
        },
        provenance: { ...record.provenance, codeVersion: attack, libraries: { [attack]: attack } },
      },
      STUB,
    );
    expect(html).not.toContain("<img");
    expect(html.match(/<script/g)!.length).toBe(3);
    expect(html.match(/<\/script/g)!.length).toBe(3);
    expect(html).toContain("&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
  });
});

describe("edges", () => {
  it("writes n/a for an undefined metric, in tiles and table, and draws no warning from Vega", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const record = fabricateRecord({ bars: 60, assets: 2 });
    const html = await renderReport({ ...record, metrics: { ...record.metrics, sharpe: Number.NaN } }, STUB);
    expect(html).toContain('<dt>Sharpe ratio</dt><dd class="value">n/a</dd>');
    expect(html).toMatch(/<th scope="row">Sharpe ratio<\/th><td class="number">n\/a<\/td>/);
    expect(slips(html)).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it("shows the intervals there are, and no table when there are none", async () => {
    const cells = '<th scope="row">Sharpe ratio</th><td class="number">1.00</td><td class="number">−0.61</td>';
    expect(await render({ bars: 60, assets: 2 }, { metrics: { sharpe: 1 } })).toContain(cells);
    expect(await render({ bars: 60, assets: 2 }, { intervals: {} })).not.toContain("stationary bootstrap");
  });

  it("shows a metric the catalogue does not know", async () => {
    const html = await render({ bars: 60, assets: 2 }, { metrics: { sharpe: 1, my_metric: 0.25 } });
    expect(html).toMatch(/my_metric<\/th><td class="number">0.25</);
  });

  it.each([
    ["one asset and two bars", { bars: 2, assets: 1, benchmark: false }],
    ["a single bar", { bars: 1, assets: 2, benchmark: false }],
    ["thirty bars, too few for a rolling window", { bars: 30, assets: 3 }],
    ["short positions", { bars: 300, assets: 4, short: true }],
  ] as const)("holds for %s", async (_name, options) => {
    const html = await render(options);
    expect(slips(html)).toEqual([]);
    expect(html).toContain('id="provenance"');
    if (options.bars < 100) expect(html).not.toContain('id="rolling"');
  });

  it("leaves the benchmark out everywhere when there is none", async () => {
    const html = await render({ bars: 300, assets: 3, benchmark: false });
    expect(html).not.toContain("equal_weight");
    expect(html).not.toContain('class="against"');
    expect(html).not.toContain('<dd class="beneath"');
  });

  it("leaves selection and rebalancing out when the run had neither", async () => {
    const html = await render({ bars: 300, assets: 3 }, { selection: null, rebalancing: null });
    expect(html).not.toMatch(/id="(figure-selector|figure-multiplier|selection|rebalancing)/);
    expect(html).toContain('id="figure-planned-executed"');
  });

  it("says that a ruined account is ruined, and draws its log axis without the zeros", async () => {
    const html = await render({ bars: 300, assets: 3, ruinBar: 150 });
    expect(html).toContain("Equity reached zero on 2015-07-31 (bar 150)");
    expect(html).toContain("was ruined on 31 Jul 2015");
    expect(slips(html)).toEqual([]);
  });

  it("says how many rows were repaired, and how", async () => {
    const { quality } = fabricateRecord({ bars: 60, assets: 2 });
    const said = (repairs: typeof quality.repairs) =>
      render({ bars: 60, assets: 2 }, { quality: { ...quality, repairs } });
    expect(await said({ mode: "clip", dropped: 0, clipped: 12 })).toContain(
      "<dt>Repairs</dt><dd>clip: 0 rows dropped, high or low widened in 12 rows</dd>",
    );
    expect(await said({ mode: "none", dropped: 0, clipped: 0 })).toContain("<dt>Repairs</dt><dd>none</dd>");
  });

  it("does not claim synthetic data for real ones", async () => {
    expect(await render({ bars: 60, assets: 2 }, { synthetic: false })).not.toContain(">Synthetic data<");
  });

  it("cuts a long list of events and keeps the rare kinds", async () => {
    const record = fabricateRecord({ bars: 300, assets: 2 });
    const many = Array.from({ length: 500 }, (_, i) => ({
      kind: "unfilled_target" as const,
      bar: i % 299,
      asset: 0,
      value: 0,
      detail: "no open",
    }));
    const events = [...many, { kind: "delisted" as const, bar: 299, asset: 1, value: 0, detail: "closed at 12.5" }];
    const html = await renderReport({ ...record, account: { ...record.account, events } }, STUB);
    expect(html).toContain(
      "501 account events: 500 target unfilled, 1 delisted. 12 are shown, the kinds taking turns.",
    );
    expect(html).toContain("closed at 12.5");
    // 11 beside the delisting in the table, 399 beside it in the folded list.
    expect(html.match(/<td class="prose">no open<\/td>/g)!.length).toBe(11 + 399);
  });
});
