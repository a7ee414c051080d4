import { describe, expect, it } from "vitest";
import { axisLevels, axisNames, axisText } from "../../../src/report/sweep/axis-levels.ts";

const axis = (...paths: readonly string[]) => paths.map((path) => ({ path, values: [] }));

describe("the names of axes", () => {
  it("are the last key of a path, and more keys where two end alike", () => {
    expect(axisNames(axis("seed", "l5.horizons.short", "ranking.alpha"))).toEqual(["seed", "short", "alpha"]);
    expect(axisNames(axis("a.short.window", "a.long.window", "b.x"))).toEqual(["short.window", "long.window", "x"]);
  });

  it("are the whole path where one axis is the end of another", () => {
    expect(axisNames(axis("window", "a.window"))).toEqual(["window", "a.window"]);
  });
});

describe("the text of a value", () => {
  it("quotes a text that looks like another kind of value", () => {
    expect(["5", 5, "true", true, "null", null, "", "hrp", undefined].map(axisText)).toEqual([
      '"5"',
      "5",
      '"true"',
      "true",
      '"null"',
      "null",
      '""',
      "hrp",
      "–",
    ]);
  });
});

describe("a number", () => {
  it("has six significant digits when it is a fraction and all of them when it is whole", () => {
    expect([0.1 + 0.2, 0.00012345678, 1234567, 1e-9].map(axisText)).toEqual(["0.3", "0.000123457", "1234567", "1e-9"]);
  });
});

describe("the levels of an axis", () => {
  it("are its numbers ascending, then the rest as given", () => {
    const { labels, levelOf } = axisLevels({ path: "p", values: ["off", 30, 10, null, 20] });
    expect(labels).toEqual(["10", "20", "30", "off", "null"]);
    expect([10, 20, 30, "off", null].map(levelOf)).toEqual([0, 1, 2, 3, 4]);
    expect(levelOf(undefined)).toBe(-1);
  });

  it("are eight ranges when there are more than twelve numbers", () => {
    // Sixteen values into eight: two a range.
    const values = Array.from({ length: 16 }, (_, k) => (16 - k) / 2);
    const { labels, levelOf } = axisLevels({ path: "p", values });
    expect(labels).toEqual([
      "0.5 to 1",
      "1.5 to 2",
      "2.5 to 3",
      "3.5 to 4",
      "4.5 to 5",
      "5.5 to 6",
      "6.5 to 7",
      "7.5 to 8",
    ]);
    expect([0.5, 1, 1.5, 8].map(levelOf)).toEqual([0, 0, 1, 7]);
  });

  it("are written out where short texts would not tell them apart", () => {
    expect(axisLevels({ path: "p", values: [0.12345678, 0.12345679] }).labels).toEqual(["0.12345678", "0.12345679"]);
    const close = Array.from({ length: 16 }, (_, k) => 1000 + k / 16);
    const { labels } = axisLevels({ path: "p", values: close });
    expect(labels[0]).toBe("1000 to 1000.0625");
    expect(new Set(labels).size).toBe(8);
  });

  it("gather texts beyond the twenty-third, and only when there are more than twenty-four", () => {
    const texts = (count: number) => Array.from({ length: count }, (_, k) => `m${k}`);
    expect(axisLevels({ path: "p", values: texts(24) }).labels).toEqual(texts(24));
    const { labels, levelOf } = axisLevels({ path: "p", values: texts(30) });
    expect(labels).toEqual([...texts(23), "7 others"]);
    expect(["m22", "m23", "m29"].map(levelOf)).toEqual([22, 23, 23]);
  });
});
