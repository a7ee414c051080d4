import fc from "fast-check";
import { expect, test } from "vitest";
import { ascendingOrder, orderSpace } from "../../src/math/ascending-order.ts";

const space = orderSpace(300);
/** Between two values that are none of the row's. */
function sortedBy(row: Float64Array): { values: number[]; positions: number[] } {
  const present = ascendingOrder(Float64Array.of(-7, ...row, -7), 1, row.length, space);
  const positions = [...space.order.subarray(0, present)];
  return { values: positions.map((n) => row[n]!), positions };
}

test("orders by value whatever the signs, sizes, ties and holes, and names each position once", () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true }),
    fc.double({ min: 1, max: 1 + 1e-12, noNaN: true }),
    fc.integer({ min: -2, max: 2 }),
    fc.constantFrom(Number.NaN, 0, -0, 5e-324, -5e-324, Number.MAX_VALUE),
  );
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 80 }), (cells) => {
      const row = Float64Array.from(cells);
      const { values, positions } = sortedBy(row);
      expect(values.map((x) => x + 0)).toEqual([...row.filter((x) => x === x).sort()].map((x) => x + 0));
      expect(new Set(positions).size).toBe(positions.length);
    }),
    { numRuns: 1000 },
  );
});

test("values that agree in all but the last bits are ordered too", () => {
  // 300 neighbours of 1, descending: their leading halves are the same, which leaves everything to the second sort
  const row = Float64Array.from({ length: 300 }, (_, n) => 1 + (300 - n) * Number.EPSILON);
  expect(sortedBy(row).positions).toEqual(Array.from({ length: 300 }, (_, n) => 299 - n));
});

test("an empty row and one without values have no order", () => {
  expect(sortedBy(new Float64Array())).toEqual({ values: [], positions: [] });
  expect(sortedBy(Float64Array.of(Number.NaN, Number.NaN))).toEqual({ values: [], positions: [] });
});
