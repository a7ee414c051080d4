import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateFromText, stateText } from "../../src/core/state-text.ts";

describe("state text", () => {
  test("gives back numbers JSON cannot say, and the kind of every array", () => {
    const state = {
      a: Float64Array.of(Number.NaN, -0, Number.POSITIVE_INFINITY, 0.1),
      b: Int8Array.of(-1),
      c: [-0, null],
    };
    const back = stateFromText(stateText(state)) as typeof state;
    expect(back).toEqual(state);
    expect(Object.is(back.a[1], -0) && Object.is(back.c[0], -0)).toBe(true);
  });

  test("any plain state comes back as it was", () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.string().filter((text) => !text.startsWith("#")),
      fc.float64Array(),
      fc.int32Array(),
      fc.uint8Array(),
    );
    const key = fc.stringMatching(/^[a-z]{1,5}$/);
    const state = fc.dictionary(
      key,
      fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf, { noNullPrototype: true })),
      {
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(state, (value) => {
        expect(stateFromText(stateText(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test("refuses what it could not give back", () => {
    for (const value of [new Map(), () => 1, undefined, "#x", { $array: 1 }, new BigInt64Array(1), new Date(0)])
      expect(() => stateText({ value })).toThrow(TypeError);
    expect(() => stateFromText("nonsense")).toThrow(SyntaxError);
    expect(() => stateFromText('{"$array": "Float64Array", "values": ["x"]}')).toThrow("x is no number");
    expect(() => stateFromText('{"$array": "Function", "values": []}')).toThrow("Function is no kind of array");
  });
});
