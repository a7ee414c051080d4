import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRng } from "../../../src/core/rng.ts";
import { normalCdf, normalQuantile } from "../../../src/math/normal.ts";
import { combineScores } from "../../../src/models/ensemble/catalogue.ts";
import type { EnsembleFit, EnsemblePanels } from "../../../src/models/ensemble/combiner.ts";
import { POLICY, panelsOf, randomPanels } from "./panels.ts";

/** z of each value among the present ones, by the definition; ties are unlikely here and not minded. */
function zOf(row: readonly number[]): number[] {
  const present = row.filter((x) => !Number.isNaN(x));
  return row.map((x) =>
    Number.isNaN(x) ? Number.NaN : normalQuantile((present.filter((y) => y < x).length + 0.5) / present.length),
  );
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, b[i]!]);
  const n = b.length;
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let r = i; r < n; r++) if (Math.abs(rows[r]![i]!) > Math.abs(rows[best]![i]!)) best = r;
    [rows[i], rows[best]] = [rows[best]!, rows[i]!];
    for (let r = i + 1; r < n; r++) {
      const factor = rows[r]![i]! / rows[i]![i]!;
      for (let c = i; c <= n; c++) rows[r]![c]! -= factor * rows[i]![c]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let c = i + 1; c < n; c++) sum -= rows[i]![c]! * x[c]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

/** Ridge on standardised columns with a free intercept, from all rows whose label ends at `bar` or before. */
function directFit(panels: EnsemblePanels, bar: number, alpha: number) {
  const { assets, ranking, model, labels, horizonBars, lagBars } = panels;
  const rowOf = (plane: EnsemblePanels["ranking"], t: number) =>
    Array.from({ length: assets }, (_, n) => plane[t * assets + n]!);
  const samples: number[][] = [];
  for (let t = 0; t + lagBars + horizonBars <= bar; t++) {
    const [zr, zm, y] = [zOf(rowOf(ranking, t)), zOf(rowOf(model, t)), rowOf(labels, t)];
    for (let n = 0; n < assets; n++) {
      const sample = [zr[n]!, zm[n]!, normalCdf(zr[n]!), normalCdf(zm[n]!), y[n]!];
      if (!sample.some(Number.isNaN)) samples.push(sample);
    }
  }
  const means = [0, 1, 2, 3, 4].map((j) => samples.reduce((sum, s) => sum + s[j]!, 0) / samples.length);
  const centred = samples.map((s) => s.map((x, j) => x - means[j]!));
  const dot = (j: number, k: number) => centred.reduce((sum, s) => sum + s[j]! * s[k]!, 0);
  const scales = [0, 1, 2, 3].map((j) => Math.sqrt(dot(j, j) / (samples.length - 1)));
  const matrix = scales.map((sj, j) => scales.map((sk, k) => dot(j, k) / (sj * sk) + (j === k ? alpha : 0)));
  const b = scales.map((sj, j) => dot(j, 4) / sj);
  return { samples: samples.length, coefficients: solve(matrix, b).map((x, j) => x / scales[j]!), scales };
}

const fitsOf = (panels: EnsemblePanels, changes = {}) =>
  combineScores("stacking", panels, { ...POLICY, ...changes }).events.filter(
    (event): event is EnsembleFit => event.kind === "ensemble_fit",
  );

describe("stacking", () => {
  test("every fit is the ridge of all cells whose labels have ended, fitted directly", () => {
    let fits = 0;
    fc.assert(
      fc.property(randomPanels, (panels) => {
        for (const fit of fitsOf(panels)) {
          const want = directFit(panels, fit.bar, POLICY.ridgeAlpha);
          expect(fit.samples).toBe(want.samples);
          if (want.scales.some((scale) => !(scale > 1e-9))) continue;
          fits++;
          for (let j = 0; j < 4; j++) expect(fit.coefficients[j]).toBeCloseTo(want.coefficients[j]!, 8);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
    expect(fits).toBeGreaterThan(100);
  });

  const row = [1, 2, 3, 4, 5];
  const noise = (seed: number, bars: number) => {
    const rng = createRng(seed);
    return Array.from({ length: bars }, () => row.map(() => rng.normal()));
  };

  test("follows the side that the labels follow, against the weights, once it is fitted at bar 3", () => {
    const model = noise(1, 30);
    const { scores, events } = combineScores("stacking", panelsOf(noise(2, 30), model, model), {
      ...POLICY,
      minMaturedBars: 10,
    });
    expect(events[0]).toEqual({
      kind: "ensemble_fallback",
      combiner: "stacking",
      reason: "no_matured_labels",
      fromBar: 0,
      toBar: 10,
      maturedBars: 9,
      neededBars: 10,
    });
    expect(events[1]).toMatchObject({ kind: "ensemble_fit", bar: 11, maturedBars: 10, samples: 50 });
    const last = [...scores.subarray(29 * 5)];
    expect(last).toEqual(zOf(model[29]!).map((z) => expect.closeTo(z, 12)));
  });

  test("turns round a side that is always wrong", () => {
    const model = noise(3, 30);
    const wrong = model.map((values) => values.map((x) => -x));
    const { scores } = combineScores("stacking", panelsOf(noise(4, 30), model, wrong), POLICY);
    expect([...scores.subarray(29 * 5)]).toEqual(zOf(wrong[29]!).map((z) => expect.closeTo(z, 12)));
  });

  test("is fitted again every refit_bars, and not in the holdout", () => {
    const panels = panelsOf(noise(5, 20), noise(6, 20), noise(7, 20));
    // two rows have matured at bar 3
    expect(fitsOf(panels, { refitBars: 5 }).map(({ bar }) => bar)).toEqual([3, 8, 13, 18]);
    expect(fitsOf({ ...panels, holdoutBar: 13 }, { refitBars: 5 }).map(({ bar }) => bar)).toEqual([3, 8]);
    expect(fitsOf({ ...panels, holdoutBar: 3 }, { refitBars: 5 })).toEqual([]);
  });

  test("without a penalty it cannot tell a side from its copy: weighted instead, and says singular", () => {
    const same = noise(8, 8);
    const panels = panelsOf(same, same, noise(9, 8));
    const { scores, events } = combineScores("stacking", panels, { ...POLICY, ridgeAlpha: 0 });
    expect(events).toMatchObject([
      { reason: "no_matured_labels", fromBar: 0, toBar: 2 },
      { reason: "singular", fromBar: 3, toBar: 7, maturedBars: 6, neededBars: 2 },
    ]);
    expect([...scores]).toEqual([...combineScores("weighted", panels, POLICY).scores]);
  });

  test("one asset is nobody's better: its score is 0", () => {
    const one = Array.from({ length: 9 }, (_, t) => [t]);
    expect([...combineScores("stacking", panelsOf(one, one, one), POLICY).scores]).toEqual(new Array(9).fill(0));
  });
});
