import { beforeAll, describe, expect, it, vi } from "vitest";
import type { SweepRecord } from "../../../src/core/sweep-record.ts";
import { renderSweepReport, SWEEP_SECTIONS } from "../../../src/report/sweep/sweep-report.ts";
import { buildChartsScript } from "../charts-bundle.ts";
import { fabricateSweep } from "../fabricate-sweep.ts";
import { smallSweep } from "./small-sweep.ts";

const record = fabricateSweep();

function render(sweep: SweepRecord): Promise<string> {
  return renderSweepReport(sweep, { chartsScript: "/* no script */" });
}

/** The document without styles and scripts. */
function body(html: string): string {
  return html.slice(html.indexOf("<body>")).replace(/<script[\s\S]*?<\/script>/g, "");
}

/** Values that slipped through unformatted, by what stands around them. */
function slips(html: string): string[] {
  return [...body(html).matchAll(/.{0,40}(?:NaN|>undefined|undefined<|\[object|Infinity).{0,40}/g)].map(
    ([text]) => text,
  );
}

describe("a report of 1,000 trials", () => {
  let html = "";

  beforeAll(async () => {
    html = await renderSweepReport(record, { chartsScript: await buildChartsScript() });
  });

  it("stays under 3 MB, bundle included", () => {
    expect(Buffer.byteLength(html)).toBeLessThan(3_000_000);
  });

  it("has equal bytes for equal records", async () => {
    expect((await render(fabricateSweep())) === (await render(fabricateSweep()))).toBe(true);
  });

  it("has every section, in order, each named in the contents, and no element id twice", () => {
    const ids = [...html.matchAll(/<section class="part" id="([a-z-]+)"/g)].map((match) => match[1]);
    expect(ids).toEqual([
      "leaderboard",
      "axes",
      "pairs",
      "stability",
      "top-trials",
      "overfitting",
      "walk-forward",
      "holdout",
      "stages",
      "undone",
      "provenance",
    ]);
    expect(ids.length).toBe(SWEEP_SECTIONS.length);
    for (const id of ids) expect(html).toContain(`href="#${id}"`);
    const all = [...body(html).matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(all).size).toBe(all.length);
  });

  it("says how many trials there were, which is best and what to think of it", () => {
    const best = record.trials[record.ranking[0]!]!;
    expect(html).toContain("1,000 trials: 960 done, 30 invalid, 10 failed.");
    expect(html).toContain(`Best by Sharpe ratio is trial ${best.index} (method ${best.values[0]}, lookback_bars`);
    expect(html).toContain("Chosen walk-forward: Sharpe ratio 0.40 out of sample.");
    expect(html).toContain(`Trial ${best.index} in the holdout: Sharpe ratio 0.30.`);
    expect(html).toContain('<div class="verdict open"><h2>Not settled</h2>');
    expect(html).toContain("holdout from 27 Jan 2023, seen by no trial, looked at by 3 configs");
    expect(html).toContain("Synthetic data");
  });

  it("lists 25 trials in the open and 400 on demand, the latter with every metric", () => {
    const [open, folded] = html.split("The best 400 of 960 trials, all metrics</summary>") as [string, string];
    const rows = (text: string): number =>
      text.slice(0, text.indexOf("</tbody>")).match(/<tr><th scope="row"/g)!.length;
    expect(rows(open.slice(open.indexOf('id="leaderboard"')))).toBe(25);
    expect(rows(folded)).toBe(400);
    for (const label of ["Sortino ratio", "Longest drawdown", "my_<wbr>metric"]) {
      expect(folded).toContain(label);
      expect(open).not.toContain(`>${label}<`);
    }
  });

  it("counts reasons that differ in their numbers alone together", () => {
    expect(html).toMatch(/>30<\/th><td>invalid<\/td><td class="prose">hrp needs a lookback above 60 bars</);
    expect(html).toMatch(/>10<\/th><td>failed<\/td><td class="prose">bar 77: covariance is singular</);
  });

  it("gives Sharpe ratios per year and the luck they are up against", () => {
    // sqrt(0.0004 * 365) = 0.382 a year; of N tries the luckiest shows
    // 0.382 (0.4228 * PHI^-1(1 - 1/N) + 0.5772 * PHI^-1(1 - 1/(N e))): for all 1,430
    // 0.382 (0.4228 * 3.195 + 0.5772 * 3.474) = 1.28, for the 46 effective ones 0.382 (0.4228 * 2.019 + 0.5772 * 2.408) = 0.86.
    expect(html).toMatch(/Spread of Sharpe ratios<\/th><td class="number">0.38</);
    expect(html).toMatch(/Best Sharpe ratio by luck<\/th><td class="number">1.28</);
    expect(html).toContain("per year; of 46 effective tries 0.86.");
    expect(html).toMatch(/Reality check<\/th><td class="number">0.034</);
  });

  it("shows the interval of the best trial beneath its figures, and what it leaves out", () => {
    expect(html).toContain('<dt>Sharpe ratio</dt><dd class="value">');
    expect(html).toContain('<dd class="beneath">0.21 to 2.43</dd>');
    expect(html).toContain("which does not allow for the search");
  });

  it("deflates by all trials and by those that do not move alike", () => {
    expect(html).toMatch(/Deflated Sharpe<\/th><td class="number">52.00%</);
    expect(html).toMatch(/Deflated Sharpe, effective<\/th><td class="number">71.00%</);
    expect(html).toContain("71.00%: the probability");
    expect(html).toContain("52.00% if each of the 1,430 trials ever run on these data counts as a try of its own");
  });

  it("shows every window with its choice, and the account that traded them", () => {
    const part = html.slice(html.indexOf('id="walk-forward"'), html.indexOf('id="holdout"'));
    // the first window: bars 1 to 252 of 2021-01-01 and on, then 100 more
    expect(part).toMatch(/>2021-09-11<\/th><td>2021-12-19<\/td><td>2021-01-02</);
    expect(part).toMatch(/<td class="number">\d+, kept<\/td><td class="number">n\/a<\/td><td class="number">0.50</);
    expect(part).toContain("40.5 of 900");
    expect(part).toContain("its config changed 2 times");
    expect(part).toContain("averaged 1.25 in sample and 0.50 out of sample, an efficiency of 40%");
    expect(part).toContain("better than 75% of the trials");
    expect(part).toContain("1 window had no trial with a Sharpe ratio and kept the choice before");
    expect(part).toContain("\u22120.30 to 1.10");
    expect(part).toContain("Stitched, as traded");
  });

  it("shows the look at the holdout beside development, and how many looked", () => {
    const part = html.slice(html.indexOf('id="holdout"'), html.indexOf('id="stages"'));
    expect(part).toContain("look 3 at this holdout, each by another config");
    expect(part).toMatch(
      /Sharpe ratio<\/th><td class="number">1.90<\/td><td class="number">0.30<\/td><td class="number">\u22121.50 to 2.10</,
    );
    expect(part).toMatch(/Turnover per year<\/th><td class="number">2.00x<\/td><td class="number">n\/a</);
  });

  it("names nothing outside itself that a browser would fetch, and lets no number slip", () => {
    expect(html).toContain("default-src 'none'");
    expect([...body(html).matchAll(/(?:src|href)="(?!#).{0,60}/g)]).toEqual([]);
    expect(slips(html)).toEqual([]);
  });
});

describe("text from people", () => {
  it("is escaped wherever it appears", async () => {
    const attack = `</script><img src=x onerror=alert(1)>"'&`;
    const html = await render({
      ...record,
      name: attack,
      description: attack,
      id: attack,
      rankBy: attack,
      warnings: [attack],
      config: attack,
      holdoutStart: attack,
      stages: [{ stage: attack, distinct: 1 }],
      provenance: { ...record.provenance, dataHash: attack, codeVersion: attack, codeHash: attack },
      axes: record.axes.map(({ path, values }) => ({
        path: `${path}${attack}`,
        values: values.map((value) => (typeof value === "string" ? `${value}${attack}` : value)),
      })),
      trials: record.trials.map((trial) => ({
        ...trial,
        id: attack,
        error: trial.error === null ? null : attack,
        values: trial.values.map((value) => (typeof value === "string" ? `${value}${attack}` : value)),
        metrics: trial.state === "done" ? { ...trial.metrics, [attack]: trial.metrics.sharpe! } : {},
      })),
    });
    expect(html).not.toContain("<img");
    expect(html.match(/<script/g)!.length).toBe(3);
    expect(html.match(/<\/script/g)!.length).toBe(3);
  });
});

describe("edges", () => {
  it.each([
    ["no trial at all", smallSweep({ a: [1] }, [])],
    ["no axis", smallSweep({}, [[[], 1.5]])],
    ["one trial", smallSweep({ a: [1] }, [[[1], 1.5]])],
    [
      "two trials alike",
      smallSweep({ a: [1, 2] }, [
        [[1], 1],
        [[2], 1],
      ]),
    ],
    [
      "no trial done",
      smallSweep({ a: [1, 2] }, [
        [[1], "no"],
        [[2], "no"],
      ]),
    ],
    [
      "nothing but undefined values",
      smallSweep({ a: [1, 2] }, [
        [[1], Number.NaN],
        [[2], Number.NaN],
      ]),
    ],
    [
      "an axis that applies to no trial",
      smallSweep({ a: [1, 2], b: [3] }, [
        [[1, undefined], 1],
        [[2, undefined], 2],
      ]),
    ],
  ] as const)("holds for %s, and Vega has nothing to warn of", async (_name, sweep) => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const html = await render(sweep);
    expect(slips(html)).toEqual([]);
    expect(html).toContain('id="provenance"');
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it("says that nothing can be ranked, and judges nothing, when no trial is done", async () => {
    const html = await render({ ...smallSweep({ a: [1] }, [[[1], "no"]]), overfitting: record.overfitting });
    expect(html).toContain("1 trial: 0 done, 1 invalid. None of them has a result to rank.");
    expect(html).not.toContain('class="verdict');
    expect(html).not.toContain('id="overfitting"');
  });

  it("names the values of an axis while they are few and short, and the span of many numbers", async () => {
    const long = Array.from({ length: 9 }, (_, k) => `${"x".repeat(60)}${k}`);
    const many = [...Array.from({ length: 13 }, (_, k) => 13 - k), "off"];
    const html = await render(smallSweep({ a: many, b: long, c: [2, 1] }, [[[1, long[0]!, 2], 1]]));
    expect(html).toContain(">13 numbers from 1 to 13, off<");
    // Three of 61 letters and two separators are 187 letters; a fourth would make 250.
    expect(html).toContain(`>${long.slice(0, 3).join(", ")} and 6 more<`);
    expect(html).toContain(">2, 1<");
  });

  it("shows trials that come to the same once, at the best of their ranks", async () => {
    const sweep = smallSweep({ a: [1, 2, 3] }, [
      [[1], 0.5],
      [[2], 0.9],
      [[3], 0.9],
    ]);
    const trials = sweep.trials.map((trial) => (trial.index === 2 ? { ...trial, id: "id1" } : trial));
    const html = await render({ ...sweep, trials });
    const part = html.slice(html.indexOf('id="leaderboard"'), html.indexOf("<details"));
    expect(part).toContain("Left out: 1 trial that comes to the same as a better ranked one.");
    expect(
      [...part.matchAll(/<th scope="row" class="number">(\d)<\/th><td class="number">(\d)</g)].map(
        ([, rank, trial]) => [rank, trial],
      ),
    ).toEqual([
      ["1", "1"],
      ["3", "0"],
    ]);
  });

  it("says why there is no stability without numbers to step along", async () => {
    const html = await render(
      smallSweep({ m: ["p", "q"] }, [
        [["p"], 1],
        [["q"], 2],
      ]),
    );
    expect(html).toContain("None of the best trials has a neighbour");
  });

  it("writes n/a for overfitting figures that are not computable", async () => {
    const { overfitting } = record;
    const missing = Object.fromEntries(
      Object.entries(overfitting!).map(([key, value]) => [
        key,
        typeof value === "number" ? Number.NaN : new Float64Array(),
      ]),
    ) as unknown as SweepRecord["overfitting"];
    const html = await render({ ...record, overfitting: missing });
    expect(slips(html)).toEqual([]);
    expect(html).toContain("Cannot be judged");
    expect(html).not.toContain('id="figure-logits"');
  });
});
