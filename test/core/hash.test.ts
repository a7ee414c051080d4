import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, hashFloats, hashValue } from "../../src/core/hash.ts";

/** -0 and 0 hash alike and are told apart by isDeepStrictEqual; objects of fast-check may lack a prototype. */
function withoutMinusZero(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMinusZero(member)]));
}

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
  test("takes no string for a number that JSON cannot say", () => {
    const values = [Number.NaN, "#NaN", "##NaN", Number.POSITIVE_INFINITY, "#Infinity", "NaN", "#"];
    expect(new Set(values.map(hashValue)).size).toBe(values.length);
  });
  test("equal texts mean equal values", () => {
    const leaf = fc.oneof(
      fc.constantFrom(
        "#",
        "#NaN",
        "##NaN",
        "#-Infinity",
        "",
        "__proto__",
        Number.NaN,
        Number.NEGATIVE_INFINITY,
        null,
        0,
      ),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), fc.dictionary(fc.string(), leaf, { maxKeys: 3 }));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const isEqual = isDeepStrictEqual(withoutMinusZero(a), withoutMinusZero(b));
        expect(hashValue(a) === hashValue(b)).toBe(isEqual);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });
  test.each<[string, unknown, string]>([
    ["undefined", undefined, "value: must be plain data to be hashed, got undefined"],
    ["undefined in a list", { a: [1, undefined] }, 'value["a"][1]: must be plain data to be hashed, got undefined'],
    ["a hole in a list", new Array(2), "value[0]: must be plain data to be hashed, got undefined"],
    ["a function", { a: () => 1 }, 'value["a"]: must be plain data to be hashed, got function'],
    ["a bigint", 1n, "value: must be plain data to be hashed, got bigint"],
    ["a Map", { a: { b: new Map() } }, 'value["a"]["b"]: must be plain data to be hashed, got Map'],
    ["a Set", new Set(), "value: must be plain data to be hashed, got Set"],
    ["a Date", [new Date(0)], "value[0]: must be plain data to be hashed, got Date"],
    ["a typed array", Float64Array.of(1), "value: must be plain data to be hashed, got Float64Array"],
    ["a boxed number", Object(1), "value: must be plain data to be hashed, got Number"],
    ["an instance of a class", new (class Account {})(), "value: must be plain data to be hashed, got Account"],
    ["a subclass of Array", new (class Rows extends Array {})(), "value: must be plain data to be hashed, got Rows"],
    ["a symbol for a key", { [Symbol("s")]: 1 }, "value: must be plain data to be hashed, got Object"],
  ])("refuses %s", (_, value, message) => {
    expect(() => hashValue(value)).toThrow(new TypeError(message));
  });
  test("takes an object without a prototype for a plain one", () => {
    expect(hashValue(Object.assign(Object.create(null), { a: 1 }))).toBe(hashValue({ a: 1 }));
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
