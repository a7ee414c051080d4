import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, hashFloats, hashValue } from "../../src/core/hash.ts";

describe("hashValue", () => {
  test("is the SHA-256 of canonical JSON", () => {
    // printf '{}' | sha256sum
    expect(hashValue({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });
  test("does not depend on the order of keys, at any depth", () => {
    expect(hashValue({ a: 1, b: { c: [{ d: 1, e: 2 }], f: null } })).toBe(
      hashValue({ b: { f: null, c: [{ e: 2, d: 1 }] }, a: 1 }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(hashValue(Object.fromEntries(Object.entries(value).toReversed()))).toBe(hashValue(value));
      }),
      { seed: 7 },
    );
  });
  test("depends on every value and on the order of lists", () => {
    const hashes = [{ a: 1 }, { a: 2 }, { b: 1 }, { a: "1" }, { a: [1, 2] }, { a: [2, 1] }, { a: null }, {}].map(
      hashValue,
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });
  test("drops undefined members and takes -0 for 0", () => {
    expect(hashValue({ a: 1, b: undefined })).toBe(hashValue({ a: 1 }));
    expect(hashValue(-0)).toBe(hashValue(0));
  });
  test("tells NaN, the infinities and null apart", () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null];
    expect(new Set(values.map(hashValue)).size).toBe(4);
  });
});

test("canonicalJson sorts keys and keeps lists", () => {
  expect(canonicalJson({ b: [2, 1], a: { d: Number.NaN, c: "x" } })).toBe('{"a":{"c":"x","d":"#NaN"},"b":[2,1]}');
});

describe("hashFloats", () => {
  const of = (...planes: readonly (readonly [string, readonly number[]])[]): string =>
    hashFloats(planes.map(([name, values]) => [name, Float64Array.from(values)] as const));

  test("depends on names, values, their order and where one plane ends", () => {
    const hashes = [
      of(["a", [1, 2]]),
      of(["b", [1, 2]]),
      of(["a", [2, 1]]),
      of(["a", [1]], ["a", [2]]),
      of(["a", [1, 2]], ["a", []]),
      of(),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
  test("takes every NaN for the same", () => {
    const odd = new Float64Array(1);
    new BigUint64Array(odd.buffer)[0] = 0x7ff8000000000123n;
    expect(hashFloats([["a", odd]])).toBe(of(["a", [Number.NaN]]));
  });
  test("reads a view as its own values alone", () => {
    expect(hashFloats([["a", Float64Array.of(0, 1, 2, 3).subarray(1, 3)]])).toBe(of(["a", [1, 2]]));
  });
});
