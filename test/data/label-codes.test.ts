import fc from "fast-check";
import { expect, test } from "vitest";
import { createLabelCodes } from "../../src/data/label-codes.ts";

test("codes equal a Map's order of first appearance, over batches and past the table's first size", () => {
  const key = fc.bigInt({ min: 0n, max: 5000n }).map((small) => small * 0x1_0000_0001n);
  fc.assert(
    fc.property(fc.array(fc.array(key, { maxLength: 900 }), { maxLength: 4 }), (batches) => {
      const codes = createLabelCodes();
      const naive = new Map<bigint, number>();
      for (const batch of batches) {
        const keys = BigUint64Array.from(batch);
        const out = new Int32Array(batch.length + 1);
        const fresh: number[] = [];
        codes.encode(new Uint32Array(keys.buffer), batch.length, out, 1, (row) => fresh.push(row));
        const expectedFresh: number[] = [];
        const expected = batch.map((item, row) => {
          if (!naive.has(item)) {
            naive.set(item, naive.size);
            expectedFresh.push(row);
          }
          return naive.get(item)!;
        });
        expect([...out.subarray(1)]).toEqual(expected);
        expect(fresh).toEqual(expectedFresh);
      }
      expect(codes.size).toBe(naive.size);
    }),
    { numRuns: 40 },
  );
});

test("the all-zero key is a key like any other", () => {
  const out = new Int32Array(2);
  createLabelCodes().encode(new Uint32Array(4), 2, out, 0, () => {});
  expect([...out]).toEqual([0, 0]);
});
