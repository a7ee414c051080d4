/** What holds for every combiner: matured labels only, no future, one step a bar, no place in the row. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { combineScores } from "../../../src/models/ensemble/catalogue.ts";
import type { CombinerName, EnsemblePanels } from "../../../src/models/ensemble/combiner.ts";
import { combinerNames, cutAt, POLICY, panelsOf, randomPanels, stepped } from "./panels.ts";

const barsOf = ({ ranking, assets }: EnsemblePanels) => ranking.length / assets;
const cases = fc.tuple(combinerNames, randomPanels, fc.nat());

/** Labels of rows whose label ends after `bar` made nonsense of. */
function spoilLabels(panels: EnsemblePanels, bar: number): EnsemblePanels {
  const { assets, labels, lagBars, horizonBars } = panels;
  const spoilt = Float64Array.from({ length: labels.length }, (_, i) => {
    const row = Math.floor(i / assets);
    return row + lagBars + horizonBars > bar ? (i % 3 === 0 ? Number.NaN : 1e6 * Math.sin(i)) : labels[i]!;
  });
  return { ...panels, labels: spoilt };
}

test("labels that end after a bar do not move its scores by a bit, nor any before them", () => {
  fc.assert(
    fc.property(cases, ([name, panels, k]) => {
      const bar = k % barsOf(panels);
      const cells = (bar + 1) * panels.assets;
      const before = combineScores(name, panels, POLICY).scores;
      const after = combineScores(name, spoilLabels(panels, bar), POLICY).scores;
      expect(after.subarray(0, cells)).toEqual(before.subarray(0, cells));
    }),
    { numRuns: 400 },
  );
});

test("bars cut off do not move what came before them by a bit", () => {
  fc.assert(
    fc.property(cases, ([name, panels, k]) => {
      const bars = k % (barsOf(panels) + 1);
      const cut = cutAt(panels, bars);
      const { scores, events } = combineScores(name, panels, POLICY);
      const early = combineScores(name, cut, POLICY);
      expect(early.scores).toEqual(scores.slice(0, cut.ranking.length));
      const learnt = (list: typeof events) =>
        list.filter((event) => event.kind !== "ensemble_fallback" && event.bar < bars);
      expect(learnt(early.events)).toEqual(learnt(events));
    }),
    { numRuns: 400 },
  );
});

test("labels that end in the holdout move nothing at all", () => {
  fc.assert(
    fc.property(cases, ([name, panels, k]) => {
      const holdoutBar = k % (barsOf(panels) + 1);
      const held = { ...panels, holdoutBar };
      const spoilt = spoilLabels(held, holdoutBar - 1);
      expect(combineScores(name, spoilt, POLICY)).toEqual(combineScores(name, held, POLICY));
    }),
    { numRuns: 400 },
  );
});

test("stepping, saving and going on is the batch to the bit, events included", () => {
  fc.assert(
    fc.property(cases, ([name, panels, k]) => {
      expect(stepped(name, panels, POLICY, k % barsOf(panels))).toEqual(combineScores(name, panels, POLICY));
    }),
    { numRuns: 400 },
  );
});

test("permuting the assets permutes the scores", () => {
  fc.assert(
    fc.property(cases, ([name, panels]) => {
      const { assets } = panels;
      const turn = (x: EnsemblePanels["ranking"]) =>
        Float64Array.from({ length: x.length }, (_, i) => x[i - 2 * (i % assets) + assets - 1]!);
      const turned = {
        ...panels,
        ranking: turn(panels.ranking),
        model: turn(panels.model),
        labels: turn(panels.labels),
      };
      const want = turn(combineScores(name, panels, POLICY).scores);
      const got = combineScores(name, turned, POLICY).scores;
      for (let i = 0; i < got.length; i++)
        if (Number.isNaN(want[i]!)) expect(got[i]).toBeNaN();
        else expect(got[i]).toBeCloseTo(want[i]!, 9);
    }),
    { numRuns: 200 },
  );
});

describe("a label counts from the very bar it ends at", () => {
  // Ranking and model contradict each other; what the labels say decides.
  const row = [1, 2, 3, 4];
  const ranking = new Array(9).fill(row);
  const model = new Array(9).fill([...row].reverse());
  // row 1 is the second to mature: lag 1 + horizon 1, so at bar 3
  const labelled = (second: readonly number[]) => [[...row].reverse(), second, ...new Array(7).fill([0, 0, 0, 0])];
  test.each(["stacking", "conditional"] satisfies CombinerName[])("%s: row 1 over one bar, at bar 3", (name) => {
    const policy = { ...POLICY, refitBars: 1 };
    const agreeing = combineScores(name, panelsOf(ranking, model, labelled([4, 3, 2, 1])), policy).scores;
    const opposed = combineScores(name, panelsOf(ranking, model, labelled([10, 20, 30, 40])), policy).scores;
    expect([...opposed.subarray(0, 12)]).toEqual([...agreeing.subarray(0, 12)]);
    expect([...opposed.subarray(12, 16)]).not.toEqual([...agreeing.subarray(12, 16)]);
  });
});

test("panels of different shapes and rules that do nothing are refused", () => {
  const panels = panelsOf([[1, 2]], [[1, 2]], [[1, 2]]);
  const run = (changes: Partial<EnsemblePanels>, policy = POLICY) =>
    combineScores("weighted", { ...panels, ...changes }, policy);
  expect(() => run({ assets: 3 })).toThrow("ranking has 2 cells, not a multiple of 3 assets");
  expect(() => run({ labels: new Float64Array(1) })).toThrow("ranking has 2 cells, model 2, labels 1");
  expect(() => run({ horizonBars: 0 })).toThrow("horizonBars must be a whole number >= 1, got 0");
  expect(() => run({}, { ...POLICY, icWindowBars: 0 })).toThrow("icWindowBars");
  expect(run({ ranking: new Float64Array(), model: new Float64Array(), labels: new Float64Array() })).toEqual({
    scores: new Float64Array(),
    events: [],
  });
});
