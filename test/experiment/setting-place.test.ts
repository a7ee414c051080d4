import { describe, expect, test } from "vitest";
import { z } from "zod";
import { isBlock, settingAt, wordsOf } from "../../src/experiment/setting-place.ts";

const schema = z.strictObject({
  method: z.enum(["hrp", "erc"]).default("hrp"),
  nested: z.strictObject({ depth: z.number().optional(), list: z.array(z.number()) }).prefault({ list: [] }),
  signal: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("a"), alpha: z.number() }),
    z.strictObject({ kind: z.literal("b"), beta: z.number() }),
  ]),
  select: z.union([z.strictObject({ top: z.int() }), z.strictObject({ part: z.number() })]),
  estimator: z.union([z.enum(["sample"]), z.strictObject({ kind: z.literal("ewma"), half_life: z.number() })]),
  per_asset: z.record(z.string(), z.strictObject({ fee: z.number() })),
  items: z.array(z.strictObject({ depth: z.number() })),
  free: z.looseObject({ known: z.number() }),
  anything: z.unknown(),
  piped: z.preprocess((value) => value, z.strictObject({ inner: z.number() })),
});

const kindOf = (path: string) => settingAt(path, schema).kind;

describe("a setting by its path", () => {
  test.each([
    "method",
    "nested",
    "nested.depth",
    "signal.kind",
    "signal.alpha",
    "signal.beta",
    "select.part",
    "estimator.half_life",
    "per_asset.BTC.fee",
    "nested.list.0",
    "items.12.depth",
    "free.known",
  ])("%s is found behind defaults, options and names of the user's own", (path) => {
    expect(kindOf(path)).toBe("found");
  });

  test.each(["free.whatever", "anything.at.all", "piped.inner"])("%s is left open", (path) => {
    expect(kindOf(path)).toBe("open");
  });

  test.each([
    ["metod", "is no key of an experiment", "method"],
    ["nested.depht", "is no key of an experiment", "nested.depth"],
    ["nestd.depth", "is no key of an experiment", "nested.depth"],
    ["signal.gama", "is no key of an experiment, signal has kind, alpha, beta", undefined],
    ["per_asset.BTC.tax", "is no key of an experiment, per_asset.BTC has fee", undefined],
    ["method.x", "is no key of an experiment, method is a value", undefined],
    [
      "nested.list.first",
      "is no key of an experiment, nested.list is a list, whose items go by their number: nested.list.0",
      undefined,
    ],
    ["nested.constructor", "is no key of an experiment, nested has depth, list", undefined],
  ])("%s is none: %s", (path, rule, suggestion) => {
    expect(settingAt(path, schema)).toEqual({ kind: "none", rule, suggestion });
  });

  test("a mapping or a choice of mappings is a block, a word or a mapping is none", () => {
    const at = (path: string) => {
      const place = settingAt(path, schema);
      if (place.kind !== "found") throw new Error(path);
      return place.schema;
    };
    expect(["nested", "select", "per_asset", "free"].map((path) => isBlock(at(path)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["method", "estimator", "nested.list"].map((path) => isBlock(at(path)))).toEqual([false, false, false]);
    expect(wordsOf(at("method"))).toEqual(["hrp", "erc"]);
    expect(wordsOf(at("nested.depth"))).toBeUndefined();
  });
});
