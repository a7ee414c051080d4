import { describe, expect, it } from "vitest";
import { renderModelComparison } from "../../src/report/model-comparison.ts";
import { fabricateComparison } from "./fabricate-comparison.ts";
import type { FabricateModelsOptions } from "./fabricate-models.ts";

const STUB = { chartsScript: "/* no script */" };

function render(bars: number, options: FabricateModelsOptions = {}): Promise<string> {
  const { comparison, notes } = fabricateComparison(bars, options);
  return renderModelComparison(comparison, notes, STUB);
}

/** The document without styles and scripts. */
function body(html: string): string {
  return html.slice(html.indexOf("<body>")).replace(/<script[\s\S]*?<\/script>/g, "");
}

/** Cells of the rows whose first cell is `name`, tables in order. */
function rowsOf(html: string, name: string): string[][] {
  return [...html.matchAll(/<tr><th scope="row">([^<]*)<\/th>(.*?)<\/tr>/g)]
    .filter(([, first]) => first === name)
    .map(([, , rest]) => [...rest!.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map((match) => match[1]!));
}

describe("the report of a comparison", () => {
  it("has every section, each named in the contents, and nothing unformatted", async () => {
    const html = body(await render(900));
    const ids = [...html.matchAll(/<section class="part" id="([a-z-]+)"/g)].map((match) => match[1]);
    expect(ids).toEqual([
      "side-by-side",
      "coefficients",
      "folds",
      "decay",
      "quantiles",
      "backtests",
      "importance",
      "training",
      "provenance",
    ]);
    for (const id of ids) expect(html).toContain(`href="#${id}"`);
    expect(html).not.toMatch(/NaN|>undefined|undefined<|\[object/);
  });

  it("stays under 1.5 MB with nine scores on ten years of days, bundle aside", async () => {
    const models = ["ridge", "ols", "theil_sen", "random_forest", "xgboost"];
    expect(Buffer.byteLength(await render(2520, { models }))).toBeLessThan(1_500_000);
  });

  it("says who is highest in development and by how much, in the words of the record", async () => {
    const { comparison, notes } = fabricateComparison(900, { models: ["ridge"], combiners: [] });
    const { models } = comparison;
    const at = (mean: number) => ({ ...models.evaluations[0]!.development.rankIc, mean, tStatNeweyWest: 2 });
    const evaluations = models.evaluations
      .filter(({ score }) => score === "short")
      .map((one) => {
        const rankIc = at(one.name === "ranking" ? 0.05 : 0.02);
        return { ...one, development: { ...one.development, rankIc } };
      });
    const differences = [
      {
        ...comparison.differences.find(({ score }) => score === "short")!,
        development: { dates: 9, mean: 0.03, tStatNeweyWest: 1.5, pValue: 0.1336, ahead: 0.6 },
      },
    ];
    const html = body(
      await renderModelComparison({ ...comparison, models: { ...models, evaluations }, differences }, notes, STUB),
    );
    expect(html).toContain(
      "Over 5 bars ranking has the highest mean rank IC in development, 0.0500 (t 2.00), 0.0300 above ridge (t 1.50).",
    );
    expect(rowsOf(html, "ranking")[2]!.slice(0, 4)).toEqual(["0.0300", "1.50", "0.134", "60.00%"]);
  });

  it("keeps the holdout in tables of its own and says how many looked at it", async () => {
    const html = body(await render(900));
    expect(html).toContain("Development: mean rank IC");
    expect(html).toContain("Holdout: the same figures");
    expect(html).toContain("3 different experiments have looked at it");
    const undivided = body(await render(900, { development: 1 }));
    expect(undivided.slice(undivided.indexOf("<main"))).not.toContain("oldout");
  });

  it("tells fits of the cache from fits that took their time", async () => {
    // 7 folds of 250 ms for two horizons are 3.5 s; ridge came from the cache.
    const html = body(await render(900, { folds: 6 }));
    expect(rowsOf(html, "xgboost")[0]!.at(-1)).toBe("3.5 s");
    expect(rowsOf(html, "ridge")[0]!.at(-1)).toBe("cached");
    expect(rowsOf(html, "weighted (ridge)")[0]!.at(-1)).toBe("–");
  });

  it("has equal bytes for equal records", async () => {
    expect((await render(300)) === (await render(300))).toBe(true);
  });

  it("escapes every name", async () => {
    const hostile = "<img src=x onerror=alert(1)>";
    const { comparison, notes } = fabricateComparison(300, { models: [hostile], combiners: [hostile] });
    const html = await renderModelComparison(
      { ...comparison, name: hostile, description: hostile, warnings: [hostile], config: hostile },
      notes,
      STUB,
    );
    expect(html).not.toContain("<img");
  });

  it("comes out for a market of a single bar", async () => {
    expect(body(await render(1))).not.toMatch(/NaN|>undefined|undefined<|\[object/);
  });
});
