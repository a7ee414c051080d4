import { describe, expect, test } from "vitest";
import { z } from "zod";
import { InputError } from "../../../src/core/errors.ts";
import { computeFeatures } from "../../../src/data/features/compute-features.ts";
import { defineFeature, extensionColumn } from "../../../src/data/features/feature-extension.ts";
import { marketOf } from "../../support/market.ts";

const slope = defineFeature({
  name: "slope",
  describe: "Difference of closes over slow_bars, less that over fast_bars.",
  parameters: z.strictObject({
    fast_bars: z.int().min(1).default(1),
    side: z.enum(["up", "down"]).default("up"),
    slow_bars: z.int().min(1).default(2),
    weights: z.array(z.number()).default([1]),
  }),
  compute({ market, assets, returns }, { fast_bars, slow_bars }, out) {
    const { close } = market;
    for (let i = slow_bars * assets; i < out.length; i++)
      out[i] = 2 * close[i]! - close[i - slow_bars * assets]! - close[i - fast_bars * assets]! + 0 * returns()[i]!;
  },
});

const named = (keys: object) => extensionColumn({ extension: slope, parameters: slope.parameters.parse(keys) });

describe("the column of a feature of an extension", () => {
  test.each([
    [{}, "slope_1_2"],
    [{ slow_bars: 5 }, "slope_1_5"],
    [{ side: "down" }, "slope_1_2_side_down"],
    [{ fast_bars: 3, slow_bars: 9, side: "down", weights: [2, 1] }, "slope_3_9_side_down_weights_[2,1]"],
  ])("%o is %s: bars first, in the order of the schema, then what is not the default", (keys, column) => {
    expect(named(keys)).toBe(column);
  });

  test("is what the definition says where it says something", () => {
    const own = defineFeature({ ...slope, column: ({ slow_bars }) => `s${slow_bars}` });
    expect(extensionColumn({ extension: own, parameters: own.parameters.parse({}) })).toBe("s2");
  });

  test.each([
    [
      () => {
        throw new Error("no such column");
      },
      "feature slope: column threw: no such column",
    ],
    [() => 5 as never, 'feature slope: column must return what the column is called, a text, got "number"'],
    [() => "", 'feature slope: column must return what the column is called, a text, got ""'],
  ])("that cannot be told is a fault of the definition, by its name (%#)", (column, message) => {
    const own = defineFeature({ ...slope, column });
    expect(() => extensionColumn({ extension: own, parameters: {} })).toThrow(InputError);
    expect(() => extensionColumn({ extension: own, parameters: {} })).toThrow(message);
  });

  test("holds NaN where nothing was written, and where the asset has no close", () => {
    const closes = [
      [1, 10],
      [2, 20],
      [4, null],
      [8, 40],
    ];
    const market = marketOf(closes, closes);
    const columns = computeFeatures(market, [{ extension: slope, parameters: slope.parameters.parse({}) }]);
    // bar 2: 2 * 4 - 1 - 2 = 5; bar 3: 2 * 8 - 2 - 4 = 10, and NaN after the hole
    const none = Number.NaN;
    expect([...columns.get("slope_1_2")!]).toEqual([none, none, none, none, 5, none, 10, none]);
  });

  test("a second one of the same name is refused by its place", () => {
    const closes = [[1], [2]];
    const spec = { extension: slope, parameters: slope.parameters.parse({}) };
    expect(() => computeFeatures(marketOf(closes, closes), [spec, spec])).toThrow(
      'features.1: makes a column a second time, got "slope_1_2"',
    );
  });
});

test("a definition is frozen and carries its tag", () => {
  expect(slope.extends).toBe("feature");
  expect(Object.isFrozen(slope)).toBe(true);
});
