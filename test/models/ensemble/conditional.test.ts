import { describe, expect, test } from "vitest";
import { normalQuantile } from "../../../src/math/normal.ts";
import { combineScores } from "../../../src/models/ensemble/catalogue.ts";
import type { EnsemblePolicy } from "../../../src/models/ensemble/combiner.ts";
import { POLICY, panelsOf } from "./panels.ts";

const HIGH = normalQuantile(5 / 6);
const RULES: EnsemblePolicy = { ...POLICY, icWindowBars: 2, icThreshold: 0, hysteresis: 0.5 };

/** The model always ranks 3 2 1, the ranking 1 2 3; `ics` says whether the label of a row agreed with the model. */
function run(ics: readonly (1 | -1)[], policy: EnsemblePolicy = RULES, changes = {}) {
  const ranking = ics.map(() => [1, 2, 3]);
  const model = ics.map(() => [3, 2, 1]);
  const labels = ics.map((ic) => [3 * ic, 2 * ic, ic]);
  const { scores, events } = combineScores("conditional", panelsOf(ranking, model, labels, changes), policy);
  // Asset 0 has z = -HIGH of the ranking and HIGH of the model: (w_model - w_ranking) * HIGH.
  const tilt = ics.map((_, t) => Math.round((scores[t * 3]! / HIGH) * 1e9) / 1e9);
  return { tilt, events };
}

describe("conditional", () => {
  test("is weighted until two labels have ended, at bar 3, then 0.3 / 0.7 for a model that was right", () => {
    const { tilt, events } = run([1, 1, 1, 1, 1]);
    expect(tilt).toEqual([-0.2, -0.2, -0.2, 0.4, 0.4]);
    expect(events).toEqual([
      {
        kind: "ensemble_fallback",
        combiner: "conditional",
        reason: "no_matured_labels",
        fromBar: 0,
        toBar: 2,
        maturedBars: 1,
        neededBars: 2,
      },
      { kind: "ensemble_switch", bar: 3, favours: "model", trailingIc: 1 },
    ]);
  });

  test("and 0.7 / 0.3 for one that was wrong", () => {
    expect(run([-1, -1, -1, -1]).tilt).toEqual([-0.2, -0.2, -0.2, -0.4]);
  });

  // ICs of rows 0.. are 1 1 -1 -1 1 1; bar t sees those of rows t-3 and t-2: from bar 3 on 1, 0, -1, 0, 1.
  const TURNING = [1, 1, -1, -1, 1, 1, 1, 1] as const;

  test("keeps its side while the IC stays within the band: of means 1 0 -1 0 1 only -1 and the last 1 change it", () => {
    const { tilt, events } = run(TURNING);
    expect(tilt.slice(3)).toEqual([0.4, 0.4, -0.4, -0.4, 0.4]);
    expect(events.filter(({ kind }) => kind === "ensemble_switch")).toEqual([
      { kind: "ensemble_switch", bar: 3, favours: "model", trailingIc: 1 },
      { kind: "ensemble_switch", bar: 5, favours: "ranking", trailingIc: -1 },
      { kind: "ensemble_switch", bar: 7, favours: "model", trailingIc: 1 },
    ]);
  });

  test("without a band it follows the threshold: a mean of 0 is not above 0", () => {
    expect(run(TURNING, { ...RULES, hysteresis: 0 }).tilt.slice(3)).toEqual([0.4, -0.4, -0.4, -0.4, 0.4]);
  });

  test("at the threshold itself the ranking is favoured: a mean of 0 against a threshold of 0 at the first choice", () => {
    expect(run([1, -1, 1, 1], RULES).tilt[3]).toBe(-0.4);
    expect(run([1, -1, 1, 1], { ...RULES, icThreshold: -0.01 }).tilt[3]).toBe(0.4);
  });

  test("a longer horizon waits longer: h = 2 matures row 1 at bar 4", () => {
    expect(run([1, 1, 1, 1, 1, 1], RULES, { horizonBars: 2 }).tilt).toEqual([-0.2, -0.2, -0.2, -0.2, 0.4, 0.4]);
  });

  test("keeps in the holdout what it chose before it", () => {
    // labels that end before bar 4 are those of rows 0 and 1
    expect(run(TURNING, RULES, { holdoutBar: 4 }).tilt.slice(3)).toEqual([0.4, 0.4, 0.4, 0.4, 0.4]);
  });

  test("is weighted again when the model falls silent for longer than the window", () => {
    const none = [Number.NaN, Number.NaN, Number.NaN];
    const model = [[3, 2, 1], [3, 2, 1], none, none, none, none, [3, 2, 1]];
    const ranking = model.map(() => [1, 2, 3]);
    const labels = model.map(() => [3, 2, 1]);
    const { events } = combineScores("conditional", panelsOf(ranking, model, labels), RULES);
    expect(events.map((event) => [event.kind, "reason" in event ? event.reason : event.kind])).toEqual([
      ["ensemble_fallback", "no_matured_labels"],
      ["ensemble_fallback", "no_model_scores"],
      ["ensemble_switch", "ensemble_switch"],
      ["ensemble_fallback", "no_matured_labels"],
    ]);
    expect(events.at(-1)).toMatchObject({ fromBar: 6, toBar: 6, maturedBars: 0, neededBars: 2 });
  });

  test("can go by Pearson's IC: labels 10 0 1 against 3 2 1 have a rank IC of 1/2 and an IC of .818", () => {
    // offsets 1 0 -1 against 19/3 -11/3 -8/3: 9 / sqrt(2 * 60.667)
    const once = (icMeasure: "ic" | "rank_ic") => {
      const rows = (row: readonly number[]) => new Array(4).fill(row);
      const panels = panelsOf(rows([1, 2, 3]), rows([3, 2, 1]), rows([10, 0, 1]));
      const { events } = combineScores("conditional", panels, { ...RULES, icMeasure });
      const at = events.find((event) => event.kind === "ensemble_switch");
      return at?.trailingIc;
    };
    expect(once("rank_ic")).toBeCloseTo(0.5, 12);
    expect(once("ic")).toBeCloseTo(9 / Math.sqrt(2 * (182 / 3)), 12);
  });
});
