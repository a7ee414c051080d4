import { expect, test } from "vitest";
import { z } from "zod";
import { fillByExtension, tagged } from "../../src/core/extension.ts";

const feature = tagged("feature", { name: "f", describe: "x", parameters: z.strictObject({}) });

test.each([[Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]])(
  "%d in what a function wrote is a fault",
  (value) => {
    const out = new Float64Array(3);
    expect(() => fillByExtension(feature, "compute", out, () => void out.set([value], 1))).toThrow(
      `feature f: compute must write numbers or NaN, at position 1 of out, got ${value}`,
    );
  },
);

test("numbers and NaN in it are none, and a value that it returns is one", () => {
  const out = new Float64Array(3);
  fillByExtension(feature, "compute", out, () => void out.set([Number.NaN, -1, 1e300]));
  expect([...out]).toEqual([Number.NaN, -1, 1e300]);
  expect(() => fillByExtension(feature, "compute", out, () => out)).toThrow("return nothing, but returned a value");
});
