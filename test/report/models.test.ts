import { describe, expect, it } from "vitest";
import type { ModelRecord } from "../../src/core/model-record.ts";
import type { Chart } from "../../src/report/chart.ts";
import { renderReport } from "../../src/report/html.ts";
import { formatIc } from "../../src/report/scorers.ts";
import { modelsSection } from "../../src/report/sections/models.ts";
import { cumulativeIcChart } from "../../src/report/specs/cumulative-ic.ts";
import { featureImportanceChart } from "../../src/report/specs/feature-importance.ts";
import { foldIcChart } from "../../src/report/specs/fold-ic.ts";
import { icDecayChart } from "../../src/report/specs/ic-decay.ts";
import { quantileReturnsChart } from "../../src/report/specs/quantile-returns.ts";
import { expectDrawn, expectReadable } from "./chart-checks.ts";
import { fabricateModels } from "./fabricate-models.ts";
import { fabricateRecord } from "./fabricate-record.ts";

const STUB = { chartsScript: "/* no script */", sections: [modelsSection] };
const record = fabricateRecord({ bars: 900, assets: 6 });
const { axes } = record.account;
const models = fabricateModels(axes);

const CHARTS: readonly (readonly [string, (models: ModelRecord) => Chart | null, RegExp])[] = [
  ["cumulative rank IC", (of) => cumulativeIcChart(of, of.horizons[0]!), /stroke="var\(--band-0\)"/],
  ["IC decay", (of) => icDecayChart(of, of.horizons[1]!), /stroke="var\(--band-0\)"/],
  ["fold IC", (of) => foldIcChart(of, of.horizons[0]!), /fill="var\(--step-\d\)"/],
  ["quantile returns", quantileReturnsChart, /fill="var\(--band-3\)"/],
  ["importance of a linear model", (of) => featureImportanceChart(of, of.models[0]!), /fill="var\(--accent\)"/],
  ["importance of a tree model", (of) => featureImportanceChart(of, of.models[1]!), /fill="var\(--band-1\)"/],
];

describe.each(CHARTS)("the %s chart", (_name, build, mark) => {
  it("compiles, and its static SVGs have marks and fixed view boxes", async () => {
    await expectDrawn(build(models)!, mark);
  });

  it("has columns of one length, a description, and a readout of fields that exist", () => {
    expectReadable(build(models)!);
  });

  it("keeps names out of the specs, where Vega would read them as expressions", () => {
    const hostile = fabricateModels(axes, { models: ["datum['x'] + alert(1)", "alert(2)"], combiners: ["alert(3)"] });
    const named = { ...hostile, features: hostile.features.map((_, f) => `alert(${f})`) };
    for (const { spec } of build(named)!.views) expect(JSON.stringify(spec)).not.toContain("alert");
  });

  it("is left out where there is nothing to draw", () => {
    const bare = { ...models, evaluations: [], fits: [] };
    expect(build(bare)).toBeNull();
  });
});

describe("the cumulative chart", () => {
  /** One score with ICs .1 .2 on bars 2 and 4 of development, .3 .4 on bars 7 and 8 of the holdout from bar 6. */
  const small = fabricateRecord({ bars: 10, assets: 3 }).account.axes;
  const base = fabricateModels(small, { combiners: [] });
  const one = { ...base.evaluations.find(({ score }) => score === "short")!, bars: [2, 4, 7, 8] };
  const sparse: ModelRecord = {
    ...base,
    holdoutBar: 6,
    evaluations: [{ ...one, rankIc: [0.1, 0.2, 0.3, 0.4], ic: [0, 0, 0, 0] }],
  };

  it("sums ICs, keeps the sum on a date without one, and begins again at the holdout", () => {
    const { columns } = cumulativeIcChart(sparse, sparse.horizons[0]!)!;
    expect(columns.t).toEqual([...small.time.subarray(2, 9)]);
    const sums = columns.c0 as (number | null)[];
    for (const [i, sum] of [0.1, 0.1, 0.3].entries()) expect(sums[i]).toBeCloseTo(sum, 10);
    expect(sums.slice(3, 5)).toEqual([null, null]);
    for (const [i, sum] of [0.3, 0.7].entries()) expect(sums[5 + i]).toBeCloseTo(sum, 10);
  });

  it("names the development's best, not the holdout's", () => {
    const { caption } = cumulativeIcChart(sparse, sparse.horizons[0]!)!;
    expect(caption).toContain("Highest at the end of development: ranking, 0.30.");
  });
});

describe("the importance chart", () => {
  it("leaves the holdout's fold out, and puts the features in order of mean size", () => {
    const fit = { ...models.fits[0]!, fold: 0, holdout: false, permutation: null };
    const small: ModelRecord = {
      ...models,
      features: ["least", "most"],
      fits: [
        { ...fit, coefficients: [0.1, -2] },
        { ...fit, fold: 1, coefficients: [0.2, 1] },
        { ...fit, fold: 2, holdout: true, coefficients: [99, 0] },
      ],
    };
    const { columns, views } = featureImportanceChart(small, models.models[0]!)!;
    expect(columns.feature).toEqual(["most", "most", "least", "least"]);
    expect(columns.value).toEqual([-2, 1, 0.1, 0.2]);
    expect(views.map(({ key }) => key)).toEqual(["coefficients"]);
  });
});

describe("the models section", () => {
  it("is not there without models", () => {
    expect(modelsSection({ ...record, models: null })).toBeNull();
  });

  it("shows ICs of development and holdout apart, splits, fits and events, and nothing unformatted", async () => {
    const html = await renderReport({ ...record, models }, STUB);
    const body = html.slice(html.indexOf("<body>")).replace(/<script[\s\S]*?<\/script>/g, "");
    expect(body).toContain("Information coefficients, development");
    expect(body).toContain("Information coefficients, holdout");
    expect(body).toContain("The run trades the mix of weighted (ridge).");
    expect(body).toContain("Walk-forward splits.");
    expect(body).toContain("28 fits, and what tuning chose");
    expect(body).toContain("no matured labels for 26 bars");
    expect(body).not.toMatch(/NaN|>undefined|undefined<|\[object/);
  });

  it("says nothing of a holdout where there is none", async () => {
    const undivided = fabricateModels(axes, { development: 1 });
    const html = await renderReport({ ...record, models: undivided }, STUB);
    expect(html.slice(html.indexOf("<main"), html.indexOf("</main>"))).not.toContain("oldout");
  });

  it("escapes every name", async () => {
    const hostile = "<img src=x onerror=alert(1)>";
    const named = fabricateModels(axes, { models: [hostile], combiners: [hostile] });
    const html = await renderReport(
      { ...record, models: { ...named, features: named.features.map(() => hostile) } },
      STUB,
    );
    expect(html).not.toContain("<img");
  });
});

describe("formatIc", () => {
  it("has four decimals, a wide minus, no negative zero and no NaN", () => {
    expect([0.03125, -0.1, -0.00001, Number.NaN].map(formatIc)).toEqual(["0.0313", "−0.1000", "0.0000", "n/a"]);
  });
});
