import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { assetIndex, createAxes, createPanel } from "../../src/core/panel.ts";

describe("createAxes", () => {
  test("copies its labels", () => {
    const [time, assets] = [Float64Array.of(0, 1), ["A", "B"]];
    const axes = createAxes(time, assets);
    time[0] = -5;
    assets[0] = "Z";
    expect([...axes.time]).toEqual([0, 1]);
    expect(axes.assets).toEqual(["A", "B"]);
  });
  test("may be empty", () => {
    expect(createAxes([], []).time).toHaveLength(0);
  });
  test.each([
    [[0, Number.NaN], ["A"], "time[1]: must be finite UTC milliseconds, got NaN"],
    [[Number.NEGATIVE_INFINITY, 0], ["A"], "time[0]: must be finite UTC milliseconds, got -Infinity"],
    [[0, 2, 2], ["A"], "time[2]: must be later than the bar before it, got 2"],
    [[0, 2, 1], ["A"], "time[2]: must be later than the bar before it, got 1"],
    [[0], ["A", "B", "A"], 'assets: symbols must be distinct and non-empty, got "A"'],
    [[0], [""], 'assets: symbols must be distinct and non-empty, got ""'],
  ])("refuses %j and %j", (time, assets, message) => {
    expect(() => createAxes(time, assets)).toThrow(InputError);
    expect(() => createAxes(time, assets)).toThrow(message);
  });
});

describe("createPanel", () => {
  const axes = createAxes([0, 1, 2], ["A", "B"]);

  test("keeps its values and its axes by reference", () => {
    const values = new Float64Array(6);
    const panel = createPanel(axes, values);
    expect(panel.values).toBe(values);
    expect(panel.axes).toBe(axes);
  });
  test("refuses a plane of another size", () => {
    expect(() => createPanel(axes, new Float64Array(5))).toThrow("panel: must have 3 x 2 cells, got 5");
  });
});

test("assetIndex finds the column of each symbol", () => {
  const index = assetIndex(createAxes([], ["B", "A"]));
  expect([...index]).toEqual([
    ["B", 0],
    ["A", 1],
  ]);
  expect(index.get("C")).toBeUndefined();
});
