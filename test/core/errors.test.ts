import { describe, expect, test } from "vitest";
import { InputError, nearestName, renderFault } from "../../src/core/errors.ts";

describe("renderFault", () => {
  test.each([
    [{ where: "a.csv:3", rule: "low is above close", got: 101.2 }, "a.csv:3: low is above close, got 101.2"],
    [
      { where: "x.yaml:14 allocation.method", rule: "unknown", got: "hpr", suggestion: "hrp" },
      'x.yaml:14 allocation.method: unknown, got "hpr", did you mean "hrp"?',
    ],
    [{ where: "seed", rule: "must be a number", got: null }, "seed: must be a number, got null"],
    [{ where: "seed", rule: "is required" }, "seed: is required"],
    [{ where: "cell", rule: "must be finite", got: Number.NaN }, "cell: must be finite, got NaN"],
    [{ where: "cell", rule: "is odd", got: "two\nlines" }, 'cell: is odd, got "two\\nlines"'],
  ])("says where, the rule, the value and the nearest name on one line", (fault, text) => {
    expect(renderFault(fault)).toBe(text);
  });
});

test("a name from a file can neither break the line nor fill the screen", () => {
  expect(renderFault({ where: "a\u001b[2J\nb", rule: "is odd" })).toBe("a\\u001b[2J\\u000ab: is odd");
  const long = renderFault({ where: "x", rule: "is odd", got: "y".repeat(3_000_000) });
  expect(long.length).toBeLessThan(500);
  expect(long).toContain("(3000000 characters)");
});

test("an InputError carries its faults and shows one line for each", () => {
  const faults = [
    { where: "a", rule: "is wrong" },
    { where: "b", rule: "is wrong too" },
  ];
  const error = new InputError(faults);
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe("InputError");
  expect(error.faults).toEqual(faults);
  expect(error.message).toBe("a: is wrong\nb: is wrong too");
  expect(InputError.of(faults[0]!).faults).toEqual([faults[0]]);
});

describe("nearestName", () => {
  const methods = ["equal_weight", "inverse_volatility", "hrp"];

  test("finds a name with a letter missing, added, changed or swapped with its neighbour", () => {
    expect(nearestName("equal_wight", methods)).toBe("equal_weight");
    expect(nearestName("equal_weights", methods)).toBe("equal_weight");
    expect(nearestName("inverse_volatilty", methods)).toBe("inverse_volatility");
    expect(nearestName("hpr", methods)).toBe("hrp");
  });
  test("does not mind case", () => {
    expect(nearestName("HRP", methods)).toBe("hrp");
  });
  test("has no answer when nothing is near, or there is nothing", () => {
    expect(nearestName("momentum", methods)).toBeUndefined();
    expect(nearestName("hrp", [])).toBeUndefined();
  });
  test("allows a third of a long name to differ", () => {
    // Eleven letters allow three edits: one letter changed and two added, but not four added.
    expect(nearestName("inverse_vul", ["inverse_volat"])).toBe("inverse_volat");
    expect(nearestName("inverse_vul", ["inverse_volatil"])).toBeUndefined();
  });
  test("takes a name that breaks off for the one that goes on from it", () => {
    expect(nearestName("inverse_vol", methods)).toBe("inverse_volatility");
    expect(nearestName("in", methods)).toBeUndefined();
  });
  test("prefers the nearest, and the first among equals", () => {
    expect(nearestName("cat", ["cart", "bat", "rat"])).toBe("cart");
    expect(nearestName("bat", ["cart", "cat", "rat"])).toBe("cat");
  });
});
