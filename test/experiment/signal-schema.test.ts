import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type SignalBlock, signal, signalFaults } from "../../src/experiment/signal-schema.ts";
import { parseStrictYaml } from "../../src/experiment/strict-yaml.ts";

const schema = z.strictObject({ signal: signal().prefault({ kind: "long_only" }) });
const parsed = (yaml: string): SignalBlock =>
  parseStrictYaml(`signal: ${yaml}\n`, "x.yaml", [], { schema, least: "`signal`" }).signal;

describe("the signal block", () => {
  test("is long_only where it, or its kind, is left out", () => {
    expect(schema.parse({})).toEqual({ signal: { kind: "long_only" } });
    expect(parsed("{}")).toEqual({ kind: "long_only" });
  });

  test("of momentum has the windows of the paper's shape and may go short", () => {
    expect(parsed("{kind: tsmom}")).toEqual({
      kind: "tsmom",
      lookback_bars: 60,
      skip_bars: 0,
      vol_window_bars: 20,
      vol_target: 0.15,
      max_strength: 1,
      side: "long_short",
      funding_adjusted: false,
    });
  });

  test("of scores selects in one of three ways, long only unless said otherwise", () => {
    expect(parsed("{kind: scores, select: {top_k: 5}}")).toEqual({
      kind: "scores",
      select: { top_k: 5 },
      side: "long_only",
    });
    expect(parsed("{kind: scores, path: s.csv, select: {quantile: 0.2}, side: long_short, max_age_bars: 21}")).toEqual({
      kind: "scores",
      path: "s.csv",
      select: { quantile: 0.2 },
      side: "long_short",
      max_age_bars: 21,
    });
    expect(parsed("{kind: scores, select: {proportional: centred}}")).toMatchObject({
      select: { proportional: "centred" },
    });
  });

  test("of weights needs its file", () => {
    expect(parsed("{kind: weights, path: w.csv}")).toEqual({ kind: "weights", path: "w.csv" });
    expect(() => parsed("{kind: weights}")).toThrow("x.yaml:1 signal.path: is required (text)");
  });

  test.each([
    ["{kind: tsmon}", 'signal.kind: must be one of long_only, tsmom, scores, weights, got "tsmon"'],
    ["{kind: long_only, path: w.csv}", "signal.path: unknown key"],
    ["{kind: tsmom, select: {top_k: 5}}", "signal.select: unknown key"],
    ["{kind: tsmom, vol_window_bars: 1}", "signal.vol_window_bars: must be at least 2, got 1"],
    ["{kind: tsmom, vol_target: 0}", "signal.vol_target: must be above 0, got 0"],
    ["{kind: scores}", "signal.select: must be one of {top_k: 5}, {quantile: 0.2} and {proportional: centred | raw}"],
    ["{kind: scores, select: {top_k: 5, quantile: 0.1}}", "signal.select: must be one of {top_k: 5}"],
    ["{kind: scores, select: {top_k: 0}}", "signal.select.top_k: must be at least 1, got 0"],
    ["{kind: scores, select: {quantile: 1.5}}", "signal.select.quantile: must be at most 1, got 1.5"],
    [
      "{kind: scores, select: {top_k: 5}, side: short}",
      'signal.side: must be one of long_only, long_short, got "short"',
    ],
    ["top_k", 'signal: must be a mapping, got "top_k"'],
  ])("refuses %s", (yaml, message) => {
    expect(() => parsed(yaml)).toThrow(`x.yaml:1 ${message}`);
  });
});

describe("keys that do not go together", () => {
  const surroundings = { makesScores: true, hasFunding: true };
  const faults = (yaml: string, changes: Partial<typeof surroundings> = {}) =>
    signalFaults(parsed(yaml), { ...surroundings, ...changes }).map(([path, rule]) => `${path.join(".")}: ${rule}`);

  test("scores come from one place", () => {
    expect(faults("{kind: scores, select: {top_k: 1}}")).toEqual([]);
    expect(faults("{kind: scores, select: {top_k: 1}}", { makesScores: false })).toEqual([
      "kind: needs `signal.path`, a wide file of scores, or a `ranking` or `l5` block",
    ]);
    expect(faults("{kind: scores, path: s.csv, select: {top_k: 1}}", { makesScores: false })).toEqual([]);
    expect(faults("{kind: scores, path: s.csv, select: {top_k: 1}}")).toEqual([
      "path: is a second source of scores beside the `ranking` or `l5` block",
    ]);
  });

  test("two quantiles do not overlap", () => {
    expect(faults("{kind: scores, select: {quantile: 0.6}}")).toEqual([]);
    expect(faults("{kind: scores, select: {quantile: 0.5}, side: long_short}")).toEqual([]);
    expect(faults("{kind: scores, select: {quantile: 0.6}, side: long_short}")).toEqual([
      "select.quantile: must be at most 0.5 with `side: long_short`",
    ]);
  });

  test("funding is subtracted only where it is known", () => {
    expect(faults("{kind: tsmom, funding_adjusted: true}")).toEqual([]);
    expect(faults("{kind: tsmom, funding_adjusted: true}", { hasFunding: false })).toEqual([
      "funding_adjusted: needs `portfolio.funding_column`, the column with the rates",
    ]);
    expect(faults("{kind: tsmom}", { hasFunding: false })).toEqual([]);
  });
});
