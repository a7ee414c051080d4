import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { rebalancingFaults } from "../../src/experiment/rebalancing-combinations.ts";
import { rebalancingPolicy } from "../../src/experiment/rebalancing-policy.ts";
import { defaultRebalancing, rebalancing } from "../../src/experiment/rebalancing-schema.ts";
import { planRebalancing } from "../../src/rebalancing/schedule.ts";
import { daily } from "../rebalancing/policies.ts";

const assets = ["BTC", "ETH", "ADA"];
const block = (yaml: string) => rebalancing.parse(parse(yaml));
const policy = (yaml: string) => rebalancingPolicy(block(yaml), assets);
const faults = (yaml: string, execution_mode = "orders") =>
  rebalancingFaults({ rebalancing: block(yaml), portfolio: { execution_mode } }).map(
    ({ path, rule, got }) => `${path.join(".")}: ${rule}${got === undefined ? "" : `, got ${got}`}`,
  );

const DESIGN = `
trigger: hybrid
interval: week
threshold: 0.05
debounce_bars: 3
split: [0.3, 0.2, 0.2, 0.2, 0.1]
groups: {majors: [BTC, ETH], alts: [ADA]}
`;

describe("the rebalancing block", () => {
  test("of the design is what the stage runs", () => {
    expect(policy(DESIGN)).toEqual({
      trigger: "hybrid",
      interval: "week",
      gate: { measure: "max", threshold: 0.05 },
      debounceBars: 3,
      split: [0.3, 0.2, 0.2, 0.2, 0.1],
      groups: ["majors", "alts"],
      groupOf: Int32Array.of(0, 0, 1),
    });
    expect(faults(DESIGN)).toEqual([]);
  });

  test("left empty trades decisions as they come", () => {
    const axes = daily(4, 3);
    const targets = Float64Array.of(0.1, 0.2, 0.3, NaN, NaN, NaN, 0.2, NaN, 0.1, 0, 0, 0);
    const plan = planRebalancing({ axes, targets, immediate: null }, rebalancingPolicy(defaultRebalancing(), assets));
    expect(plan.targets.values).toEqual(targets);
    expect(plan.moves).toEqual({ fraction: new Float64Array(12).fill(1), gate: null });
  });

  test("puts symbols of no group into one of their own", () => {
    const { groups, groupOf } = policy("groups: {alts: [ADA]}");
    expect(groups).toEqual(["alts", "other"]);
    expect(groupOf).toEqual(Int32Array.of(1, 1, 0));
    expect(policy("{}")).toMatchObject({ groups: [], groupOf: new Int32Array(3), interval: 1, gate: null });
  });

  test("reads thirds written with six digits as a whole", () => {
    expect(policy("split: [0.333333, 0.333333, 0.333334]").split.length).toBe(3);
    expect(block("split: [0.3333333, 0.3333333, 0.3333333]").split.length).toBe(3);
  });

  test("describes every key for editors", () => {
    const schema = z.toJSONSchema(rebalancing, { io: "input" }) as {
      properties: Record<string, { description?: string }>;
    };
    expect(Object.keys(schema.properties)).toEqual([
      "trigger",
      "interval",
      "threshold",
      "drift",
      "debounce_bars",
      "split",
      "groups",
    ]);
    for (const { description } of Object.values(schema.properties)) expect(description).toMatch(/\w/);
  });

  test.each([
    ["trigger: calender"],
    ["interval: 0"],
    ["interval: 1.5"],
    ["interval: quarter"],
    ["threshold: -0.1"],
    ["threshold: 5"],
    ["drift: l2"],
    ["debounce_bars: 0"],
    ["split: []"],
    ["split: [0.5, 0.4]"],
    ["split: [1.2, -0.2]"],
    ["split: [0.5, 0, 0.5]"],
    ["groups: {alts: []}"],
    ["groups: {alts: [ADA, ADA]}"],
    ["debounce: 3"],
  ])("refuses %s", (yaml) => {
    expect(rebalancing.safeParse(parse(yaml)).success).toBe(false);
  });
});

describe("groups and symbols", () => {
  test("every member that is not in the data is named, with the nearest that is", () => {
    expect(() => policy("groups: {majors: [BTC, ETHH], alts: [XRP]}")).toThrow(
      'rebalancing.groups.majors: has a member that is not in the data, got "ETHH", did you mean "ETH"?\n' +
        'rebalancing.groups.alts: has a member that is not in the data, got "XRP"',
    );
  });

  test("no symbol is in two groups", () => {
    const rule = "rebalancing.groups.alts: has a symbol that is in majors already, got";
    expect(faults("groups: {majors: [BTC, ETH], alts: [ADA, ETH]}")).toEqual([`${rule} ETH`]);
    expect(() => policy("groups: {majors: [BTC, ETH], alts: [ADA, ETH]}")).toThrow(`${rule} "ETH"`);
  });
});

describe("combinations that make no sense", () => {
  test.each([
    ["{trigger: threshold}", "rebalancing.trigger: needs a `threshold`"],
    ["{trigger: hybrid, interval: week}", "rebalancing.trigger: needs a `threshold`"],
    ["{trigger: hybrid, threshold: 0.05}", "rebalancing.trigger: needs an `interval`"],
    ["{trigger: threshold, threshold: 0.05, interval: week}", "rebalancing.interval: is not read by"],
    ["{threshold: 0.05}", "rebalancing.threshold: is read only by"],
    ["{drift: l1}", "rebalancing.drift: is read only by"],
    ["{groups: {'': [BTC]}}", "rebalancing.groups.: needs a name"],
    ["{groups: {other: [BTC]}}", "rebalancing.groups.other: is what symbols of no group are called"],
    ["{groups: {global: [BTC]}}", "rebalancing.groups.global: is what the whole book is called"],
  ])("%s", (yaml, message) => {
    const found = faults(yaml);
    expect(found.length).toBe(1);
    expect(found[0]).toContain(message);
  });

  test("signals take no move fractions", () => {
    expect(faults("{}", "signals")).toEqual([
      "rebalancing: needs portfolio.execution_mode `orders`: signals only enter, exit and turn round",
    ]);
    expect(rebalancingFaults({ portfolio: { execution_mode: "signals" } })).toEqual([]);
  });
});
