import { describe, expect, test } from "vitest";
import { type Constraint, holds, parseConstraint } from "../../src/experiment/constraint.ts";

const at = (path: string) => ({ "a.x": 3, "a.y": 5, "a.method": "hrp", "a.file": "b.csv", seed: 7 })[path];

describe("constraints", () => {
  test.each([
    ["a.x < a.y", true],
    ["a.x<a.y", true],
    ["a.x >= 3", true],
    ["a.y <= 4", false],
    ["a.y > 5", false],
    ["a.method == hrp", true],
    ["a.method != 'hrp'", false],
    ["a.file == 'b.csv'", true],
    ["a.none < 3", false],
    ["a.none != 3", true],
    ["a.none == undefined", false],
    ["a.none == a.nowhere", false],
    ["a.none != a.nowhere", true],
    ["3 < a.y", true],
    ["a.x > -1e2", true],
    ["seed == 7", true],
  ])("%s is %s", (text, expected) => {
    expect(holds(parseConstraint(text) as Constraint, at)).toBe(expected);
  });

  test.each([
    ["a.x", "nothing follows", 4],
    ["a.x >", "nothing follows", 6],
    ["", "nothing follows", 1],
    ["= 3", "found `=`", 1],
    ["a.x >> 3", "found `>>`", 5],
    ["a.x = 3", "found `=`", 5],
    ["a.x above 3", "found `above`", 5],
    ["1 < a.x < 3", "found `<`", 9],
    ["a.x > 2 and a.x < 4", "found `and`", 9],
    ["a.method == 'hrp", "found `'`", 13],
  ])("%j is refused where it stops making sense: %s at character %i", (text, says, column) => {
    const fault = parseConstraint(text);
    if (!("rule" in fault)) throw new Error("was accepted");
    expect(fault.column).toBe(column);
    expect(fault.rule).toMatch(/^must be `path operator value`/);
    expect(fault.rule).toContain(`${says} at character ${column}`);
  });
});
