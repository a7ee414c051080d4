import { describe, expect, test } from "vitest";
import {
  ensemble,
  ensembleFaults,
  ensembleKinds,
  ensembleOf,
  ensemblePolicy,
} from "../../src/experiment/ensemble-schema.ts";

const parse = (block: unknown) => ensemble.parse(block);
const refuse = (block: unknown) => {
  const parsed = ensemble.safeParse(block);
  return parsed.success
    ? "accepted"
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`)[0];
};

describe("the ensemble block", () => {
  test("means 0.6 and 0.4 when nothing is said, and conditional 0.3 and 0.7 around an IC of 0.05", () => {
    expect(ensembleKinds(parse({}))).toEqual(["weighted"]);
    expect(ensemblePolicy(parse({}))).toMatchObject({
      wRanking: 0.6,
      wModel: 0.4,
      wFavoured: 0.7,
      icThreshold: 0.05,
    });
    expect(ensembleFaults(parse({}))).toEqual([]);
  });

  test("hands every key on under its own name", () => {
    const block = {
      w_ranking: 0.1,
      w_model: 0.2,
      min_matured_bars: 3,
      refit_bars: 4,
      ridge_alpha: 5,
      ic_measure: "ic",
      ic_window_bars: 7,
      ic_threshold: 0.08,
      hysteresis: 0.09,
      w_favoured: 0.9,
    };
    expect(ensemblePolicy(parse(block))).toEqual({
      wRanking: 0.1,
      wModel: 0.2,
      minMaturedBars: 3,
      refitBars: 4,
      ridgeAlpha: 5,
      icMeasure: "ic",
      icWindowBars: 7,
      icThreshold: 0.08,
      hysteresis: 0.09,
      wFavoured: 0.9,
    });
  });

  test("takes one kind or several", () => {
    expect(ensembleKinds(parse({ kind: "stacking" }))).toEqual(["stacking"]);
    expect(ensembleKinds(parse({ kind: ["weighted", "conditional"] }))).toEqual(["weighted", "conditional"]);
  });

  test.each([
    ["an unknown kind", { kind: "voting" }, /^kind: must be one of weighted, stacking, conditional, or a list/],
    ["no kind", { kind: [] }, /^kind: must be one of|^kind/],
    ["a kind twice", { kind: ["weighted", "weighted"] }, /each kind once|must be one of/],
    ["an unknown key", { w_rank: 0.6 }, /Unrecognized key/],
    ["a weight above 1", { w_model: 1.1 }, /^w_model/],
    ["half a bar", { refit_bars: 1.5 }, /^refit_bars/],
    ["a favour below half", { w_favoured: 0.3 }, /^w_favoured/],
  ])("refuses %s", (_, block, says) => {
    expect(refuse(block)).toMatch(says);
  });

  test("names settings that contradict each other", () => {
    expect(ensembleFaults(parse({ w_ranking: 0, w_model: 0 }))).toEqual([
      [["w_model"], "is 0, and so is w_ranking: nothing is left", 0],
    ]);
    const short = { min_matured_bars: 61, ic_window_bars: 60 };
    expect(ensembleFaults(parse({ ...short, kind: "conditional" }))).toEqual([
      [["min_matured_bars"], "is above ic_window_bars 60", 61],
    ]);
    expect(ensembleFaults(parse({ ...short, kind: "stacking" }))).toEqual([]);
  });
});

describe("ensembleOf", () => {
  test("is the block itself, or the defaults where a ranking and models both make scores", () => {
    const block = ensemble.parse({ kind: "stacking" });
    expect(ensembleOf({ ensemble: block, ranking: {}, l5: {} })).toBe(block);
    expect(ensembleOf({ ranking: {}, l5: {} })).toEqual(ensemble.parse({}));
    expect([ensembleOf({ ranking: {} }), ensembleOf({ l5: {} }), ensembleOf({})]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
