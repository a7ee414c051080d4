import { describe, expect, test } from "vitest";
import { sweep } from "../../src/experiment/sweep-schema.ts";
import { assignmentsOf, axesOf } from "../../src/sweep/assignments.ts";

const trials = (block: unknown, seed = 1) =>
  assignmentsOf(sweep.parse(block), seed).map((map) => Object.fromEntries(map));

describe("assignments of a sweep", () => {
  test("a grid is every combination, the last axis fastest", () => {
    expect(trials({ grid: { "a.x": [1, 2], "a.y": ["p", "q", "r"] } })).toEqual([
      { "a.x": 1, "a.y": "p" },
      { "a.x": 1, "a.y": "q" },
      { "a.x": 1, "a.y": "r" },
      { "a.x": 2, "a.y": "p" },
      { "a.x": 2, "a.y": "q" },
      { "a.x": 2, "a.y": "r" },
    ]);
  });

  test("a zip goes through its lists together, a list through its sets, and sources multiply", () => {
    expect(trials({ zip: { "a.x": [1, 2], "a.y": [3, 4] }, list: [{ "b.z": 5 }, { "b.w": 6 }] })).toEqual([
      { "a.x": 1, "a.y": 3, "b.z": 5 },
      { "a.x": 1, "a.y": 3, "b.w": 6 },
      { "a.x": 2, "a.y": 4, "b.z": 5 },
      { "a.x": 2, "a.y": 4, "b.w": 6 },
    ]);
  });

  test("random draws keep to their ranges, and a path more leaves the draws of the others", () => {
    const space = {
      "a.x": { min: 10, max: 1000, log: true },
      "a.n": { min: 1, max: 3, whole: true },
      "a.c": ["u", "v"],
    };
    const draws = trials({ random: { n: 300, space } }, 7);
    expect(draws).toHaveLength(300);
    for (const draw of draws) {
      expect(draw["a.x"]).toBeGreaterThanOrEqual(10);
      expect(draw["a.x"]).toBeLessThanOrEqual(1000);
    }
    expect(new Set(draws.map((draw) => draw["a.n"]))).toEqual(new Set([1, 2, 3]));
    expect(new Set(draws.map((draw) => draw["a.c"]))).toEqual(new Set(["u", "v"]));
    // evenly by ratio: half of the draws lie below the geometric mean 100, give or take 4 deviations of 8.7
    expect(Math.abs(draws.filter((draw) => Number(draw["a.x"]) < 100).length - 150)).toBeLessThan(35);
    const fewer = trials({ random: { n: 300, space: { "a.x": space["a.x"] } } }, 7);
    expect(fewer.map((draw) => draw["a.x"])).toEqual(draws.map((draw) => draw["a.x"]));
    expect(trials({ random: { n: 300, space } }, 8)).not.toEqual(draws);
  });

  test("axes list every path with its distinct values, mappings as JSON text", () => {
    const axes = axesOf(
      assignmentsOf(sweep.parse({ list: [{ "a.x": 1 }, { "a.x": 2, "a.m": { k: [1] } }, { "a.x": 1 }] }), 1),
    );
    expect(axes).toEqual([
      { path: "a.x", values: [1, 2] },
      { path: "a.m", values: ['{"k":[1]}'] },
    ]);
  });
});
