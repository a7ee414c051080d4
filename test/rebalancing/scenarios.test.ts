/** Section 8 of the design, told in numbers; what reaches the account goes through the real engine. */
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/core/contracts.ts";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import type { ExecutionPolicy } from "../../src/execution/policy.ts";
import { simulate } from "../../src/execution/reference.ts";
import type { RebalancingPolicy } from "../../src/rebalancing/rebalancing-policy.ts";
import type { RebalancingPlan } from "../../src/rebalancing/schedule.ts";
import { costsOf, marketOf, marketOn, policyOf } from "../support/market.ts";
import { movesOf, planOf, rebalancingOf, SLICES, storyOf } from "./policies.ts";

type Row = readonly (number | null)[];

function run(market: Ohlcv, { targets, moves }: RebalancingPlan, changes: Partial<ExecutionPolicy> = {}): Account {
  return simulate(market, targets, policyOf(changes), { moves });
}

/** As run, with every price 10 at every bar. */
function runFlat(plan: RebalancingPlan, changes: Partial<ExecutionPolicy> = {}): Account {
  const { axes, values } = plan.targets;
  const prices = new Float64Array(values.length).fill(10);
  return run(marketOn(axes, prices, prices), plan, changes);
}

/** Bars at which asset n was filled. */
const barsOf = ({ fills }: Account, n: number) => [...fills.bar].filter((_, i) => fills.asset[i] === n);
const quantitiesOf = ({ fills }: Account, n: number) =>
  [...fills.quantity].filter((_, i) => fills.asset[i] === n).map((q) => Number(q.toFixed(9)));
const heldAt = ({ heldWeights, axes }: Account, t: number) => {
  const N = axes.assets.length;
  return [...heldWeights.subarray(t * N, t * N + N)].map((w) => Number(w.toFixed(9)));
};

/** Two majors and two others. */
const groups = { groups: ["majors", "alts"], groupOf: Int32Array.of(0, 0, 1, 1) };
const grouped = (changes: Partial<RebalancingPolicy>) => rebalancingOf(4, { ...groups, split: SLICES, ...changes });
const five = [0, 1, 2, 3, 4];

describe("split entry", () => {
  test("slices of 30/20/20/20/10 with prices moving between them end exactly on target", () => {
    // the first falls a fifth a bar while the second gains a quarter, open = close
    const prices = Array.from({ length: 8 }, (_, t) => [100 * 0.8 ** t, 10 * 1.25 ** t]);
    const market = marketOf(prices, prices);
    const plan = planOf(8, { 0: [0.6, 0.3] }, rebalancingOf(2, { split: SLICES }), { axes: market.axes });
    for (const costs of [costsOf(0, 0), costsOf(50, 20)]) {
      const account = run(market, plan, { costs });
      expect(barsOf(account, 0)).toEqual([1, 2, 3, 4, 5]);
      expect(account.heldWeights[10]).toBeCloseTo(0.6, 12);
      expect(account.heldWeights[11]).toBeCloseTo(0.3, 12);
    }
    // without costs, the first slice: 0.3 * 600 / 80 units and 0.3 * 300 / 12.5
    expect(run(market, plan).fills.quantity.slice(0, 2)).toEqual(Float64Array.of(2.25, 7.2));
  });

  test("at constant prices the slices are 30, 20, 20, 20 and 10 per cent of the way", () => {
    const account = runFlat(planOf(7, { 0: [0.8] }, rebalancingOf(1, { split: SLICES })));
    // 80 units in all
    expect(quantitiesOf(account, 0)).toEqual([24, 16, 16, 16, 8]);
  });

  test("a decision that only repeats the target leaves the plan alone, and trades drift once it is done", () => {
    const decisions = Object.fromEntries([0, 1, 2, 3, 4, 5].map((t) => [t, [0.5]]));
    const plan = planOf(12, decisions, rebalancingOf(1, { split: [0.5, 0.3, 0.2] }));
    expect(movesOf(plan)).toEqual({ 0: "0.5", 1: "0.6", 2: "1", 3: "0.5", 4: "0.6", 5: "1" });
  });
});

describe("debounce of three closes", () => {
  const debounced = (changes: Partial<RebalancingPolicy> = {}) => rebalancingOf(2, { debounceBars: 3, ...changes });

  test("a change seen on two closes and reverted causes no trade", () => {
    const plan = planOf(12, { 0: [0.5, 0.5], 4: [0.8, 0.2], 6: [0.5, 0.5] }, debounced());
    expect(storyOf(plan)).toEqual(["4 pending global", "6 reverted global"]);
    const account = runFlat(plan);
    expect([...account.fills.bar]).toEqual([1, 1]);
  });

  test("the third close confirms, and the first slice fills at the next open", () => {
    const plan = planOf(14, { 0: [0.5, 0.5], 4: [0.8, 0.2] }, debounced({ split: SLICES }));
    const account = runFlat(plan);
    // entered over bars 1 to 5; the change of bar 4 finds one slice still to go, which waits and is then redirected
    expect(storyOf(plan).filter((line) => !line.includes("slice"))).toEqual([
      "0 opened global",
      "4 pending global",
      "4 paused global",
      "6 confirmed global",
      "6 abandoned global",
      "6 opened global",
      "10 completed global",
    ]);
    expect(barsOf(account, 0)).toEqual([1, 2, 3, 4, 7, 8, 9, 10, 11]);
    expect(heldAt(account, 11)).toEqual([0.8, 0.2]);
  });

  test("a change with nothing under way is confirmed by the third close and opens with the split as it is", () => {
    const plan = planOf(12, { 0: [0.5, 0.5], 4: [0.8, 0.2] }, debounced({ split: [0.6, 0.4] }));
    expect(movesOf(plan)).toEqual({ 0: "0.6 0.6", 1: "1 1", 6: "0.6 0.6", 7: "1 1" });
    expect(plan.record.events.slice(4).map(({ bar, kind, detail }) => `${bar} ${kind}: ${detail}`)).toEqual([
      "4 pending: a change of 0.6 in all over 2 assets: close 1 of 3",
      "6 confirmed: a change of 0.6 in all over 2 assets held for 3 closes",
      "6 opened: 2 slices for 2 assets, decided 2 bars before",
      "6 slice: slice 1 of 2: 0.6 of what remains",
      "7 slice: slice 2 of 2: 1 of what remains",
      "7 completed: after 2 slices",
    ]);
  });

  test("a third value restarts the count", () => {
    const plan = planOf(12, { 0: [0.5, 0.5], 4: [0.8, 0.2], 6: [0.7, 0.3] }, debounced());
    expect(storyOf(plan)).toEqual(["4 pending global", "6 restarted global", "8 confirmed global", "8 opened global"]);
    const account = runFlat(plan);
    // 20 units from 0.5 to 0.7 at bar 9, and nothing of 0.8 before
    expect([...account.fills.bar]).toEqual([1, 1, 9, 9]);
    expect(heldAt(account, 9)).toEqual([0.7, 0.3]);
  });

  test("a change repeated at every close counts on", () => {
    const plan = planOf(8, { 0: [0.5, 0.5], 3: [0.8, 0.2], 4: [0.8, 0.2], 5: [0.8, 0.2] }, debounced());
    expect(movesOf(plan)).toEqual({ 0: "1 1", 5: "1 1" });
  });

  test("a running plan waits while a change is pending and goes on at its next slice when it is taken back", () => {
    const plan = planOf(12, { 0: [0.8, 0], 2: [0.4, 0], 4: [0.8, 0] }, debounced({ split: SLICES }));
    expect(storyOf(plan)).toEqual([
      "0 opened global",
      "0 slice global",
      "1 slice global",
      "2 pending global",
      "2 paused global",
      "4 reverted global",
      "4 resumed global",
      "4 slice global",
      "5 slice global",
      "6 slice global",
      "6 completed global",
    ]);
    const account = runFlat(plan);
    // 24, 16, nothing at the opens of bars 3 and 4, then the three slices left
    expect(barsOf(account, 0)).toEqual([1, 2, 5, 6, 7]);
    expect(quantitiesOf(account, 0)).toEqual([24, 16, 16, 16, 8]);
  });

  test("what no open could fill is not traded while its plan waits", () => {
    const rows: number[][] = Array.from({ length: 10 }, () => [10]);
    const gap: (number | null)[][] = rows.map((row, t) => (t === 2 ? [null] : row));
    const market = marketOf(gap, rows);
    const policy = rebalancingOf(1, { debounceBars: 3, split: SLICES });
    const account = run(market, planOf(10, { 0: [0.8], 2: [0.4], 4: [0.8] }, policy, { axes: market.axes }));
    // the slice of bar 2 found no open and would fill at bar 3; of 56 left, 0.4, then 2/3 of 33.6, then the rest
    expect(barsOf(account, 0)).toEqual([1, 5, 6, 7]);
    expect(quantitiesOf(account, 0)).toEqual([24, 22.4, 22.4, 11.2]);
  });

  test("rounding is no change", () => {
    const plan = planOf(6, { 0: [0.3, 0.7], 2: [0.1 + 0.2, 1 - (0.1 + 0.2)] }, debounced());
    expect(storyOf(plan)).toEqual([]);
    expect(movesOf(plan)).toEqual({ 0: "1 1", 2: "1 1" });
  });

  test("the first decision has nothing to hold on to and enters at once", () => {
    expect(movesOf(planOf(5, { 1: [0.5, 0.5] }, debounced()))).toEqual({ 1: "1 1" });
  });
});

test("decisions for cash before anything was held neither wait nor make the entry wait", () => {
  const policy = rebalancingOf(2, {
    trigger: "hybrid",
    interval: "month",
    gate: { measure: "max", threshold: 0.05 },
    debounceBars: 3,
    split: [0.5, 0.5],
  });
  const plan = planOf(6, { 0: [0, 0], 1: [0, 0], 2: [0.04, 0.03] }, policy);
  expect(movesOf(plan)).toEqual({ 0: "1 1", 1: "1 1", 2: "0.5 0.5", 3: "1 1" });
  expect(quantitiesOf(runFlat(plan), 0)).toEqual([2, 2]);
});

test("an entry that is redirected is an entry still: no gate stops it half-way", () => {
  const policy = rebalancingOf(2, { trigger: "threshold", gate: { measure: "max", threshold: 0.05 }, split: SLICES });
  const account = runFlat(planOf(9, { 0: [0.04, 0.03], 1: [0.03, 0.04] }, policy));
  // 0.3 of 4 and 3 units, then in fifths to 3 and 4; every distance is below 0.05 all the while
  expect(quantitiesOf(account, 0)).toEqual([1.2, 0.36, 0.36, 0.36, 0.36, 0.36]);
  expect(quantitiesOf(account, 1)).toEqual([0.9, 0.62, 0.62, 0.62, 0.62, 0.62]);
});

describe("scope", () => {
  test("case 1: a local change during a global plan restarts that group alone in equal slices, the rest go on", () => {
    const policy = grouped({ debounceBars: 3 });
    const before = planOf(16, { 0: [0.2, 0.2, 0.2, 0.2] }, policy);
    const plan = planOf(16, { 0: [0.2, 0.2, 0.2, 0.2], 1: [0.3, 0.1, null, null] }, policy);
    expect(storyOf(plan)).toEqual([
      "0 opened global",
      "0 slice global",
      "1 pending majors",
      "1 paused majors",
      "1 slice global",
      "2 slice global",
      "3 confirmed majors",
      "3 abandoned majors",
      "3 slice global",
      "3 opened majors",
      "3 slice majors",
      "4 slice global",
      "4 completed global",
      "4 slice majors",
      "5 slice majors",
      "6 slice majors",
      "7 slice majors",
      "7 completed majors",
    ]);
    const [without, account] = [runFlat(before), runFlat(plan)];
    for (const alt of [2, 3]) {
      expect(barsOf(account, alt)).toEqual([1, 2, 3, 4, 5]);
      expect(quantitiesOf(account, alt)).toEqual(quantitiesOf(without, alt));
    }
    // 0.3 * 20 = 6 units held; to 30 units: 24 in five slices of 4.8. to 10 units: 4 in five of 0.8
    expect(barsOf(account, 0)).toEqual([1, 4, 5, 6, 7, 8]);
    expect(quantitiesOf(account, 0)).toEqual([6, 4.8, 4.8, 4.8, 4.8, 4.8]);
    expect(quantitiesOf(account, 1)).toEqual([6, 0.8, 0.8, 0.8, 0.8, 0.8]);
    expect(heldAt(account, 8)).toEqual([0.3, 0.1, 0.2, 0.2]);
  });

  test("a local change taken back resumes the group alone, at its own next slice", () => {
    const decisions = { 0: [0.2, 0.2, 0.2, 0.2], 1: [0.3, 0.1, null, null], 2: [0.2, 0.2, null, null] };
    const account = runFlat(planOf(12, decisions, grouped({ debounceBars: 3 })));
    expect(barsOf(account, 0)).toEqual([1, 3, 4, 5, 6]);
    expect(barsOf(account, 2)).toEqual([1, 2, 3, 4, 5]);
    for (const n of [0, 1, 2, 3]) expect(quantitiesOf(account, n)).toEqual([6, 4, 4, 4, 2]);
  });

  test("case 2: a global change during a local plan replaces it, netted against holdings, in equal slices", () => {
    const decisions = {
      0: [0.2, 0.2, 0.2, 0.2],
      6: [0.3, 0.1, null, null],
      9: [0.1, 0.1, 0.3, 0.3],
    };
    const plan = planOf(20, decisions, grouped({ debounceBars: 3 }));
    expect(storyOf(plan).slice(7)).toEqual([
      "6 pending majors",
      "8 confirmed majors",
      "8 opened majors",
      "8 slice majors",
      "9 pending global",
      "9 paused majors",
      "11 confirmed global",
      "11 abandoned majors",
      "11 opened global",
      ...five.map((k) => `${11 + k} slice global`),
      "15 completed global",
    ]);
    const account = runFlat(plan);
    // majors stood at 20 and 20; one slice of 30% moved them to 23 and 17. 23 -> 10 is 13 units in five slices of 2.6,
    // 17 -> 10 is 7 in five of 1.4; the others buy 10 in five of 2
    expect(barsOf(account, 0).slice(5)).toEqual([9, 12, 13, 14, 15, 16]);
    expect(quantitiesOf(account, 0).slice(5)).toEqual([3, -2.6, -2.6, -2.6, -2.6, -2.6]);
    expect(quantitiesOf(account, 1).slice(5)).toEqual([-3, -1.4, -1.4, -1.4, -1.4, -1.4]);
    expect(quantitiesOf(account, 2).slice(5)).toEqual([2, 2, 2, 2, 2]);
    expect(heldAt(account, 16)).toEqual([0.1, 0.1, 0.3, 0.3]);
  });

  test("a change inside a group with nothing under way touches no other group", () => {
    const decisions = { 0: [0.2, 0.2, 0.2, 0.2], 6: [0.3, 0.1, 0.2, 0.2] };
    const market = marketOf(
      Array.from({ length: 14 }, (_, t) => [10, 10, 10 + t, 10 - t / 2]),
      Array.from({ length: 14 }, (_, t) => [10, 10, 10 + t, 10 - t / 2]),
    );
    const plan = planOf(14, decisions, grouped({ debounceBars: 3 }), { axes: market.axes });
    // the others were decided again at bar 6 without change, and only that trades their drift, beside the count
    expect(storyOf(plan).slice(7, 10)).toEqual(["6 pending majors", "6 opened global", "6 slice global"]);
    expect(barsOf(run(market, plan), 0).slice(5)).toEqual([9, 10, 11, 12, 13]);
    const alone = planOf(14, { ...decisions, 6: [0.3, 0.1, null, null] }, grouped({ debounceBars: 3 }), {
      axes: market.axes,
    });
    expect(barsOf(run(market, alone), 2)).toEqual([1, 2, 3, 4, 5]);
  });

  test("two groups count apart, and a change of the sums takes both over", () => {
    const policy = grouped({ debounceBars: 3, split: [1] });
    const plan = planOf(16, { 0: [0.2, 0.2, 0.2, 0.2], 4: [0.3, 0.1, null, null], 5: [null, null, 0.3, 0.1] }, policy);
    expect(storyOf(plan)).toEqual([
      "4 pending majors",
      "5 pending alts",
      "6 confirmed majors",
      "6 opened majors",
      "7 confirmed alts",
      "7 opened alts",
    ]);
    const taken = planOf(16, { 0: [0.2, 0.2, 0.2, 0.2], 4: [0.3, 0.1, null, null], 5: [null, null, 0.3, 0.3] }, policy);
    expect(storyOf(taken)).toEqual(["4 pending majors", "5 restarted global", "7 confirmed global", "7 opened global"]);
    expect(movesOf(taken)).toEqual({ 0: "1 1 1 1", 7: "1 1 1 1" });
  });

  test("of a global change that turns out a local one, the other group is let go", () => {
    const policy = grouped({ debounceBars: 3, split: [1] });
    const decisions = {
      0: [0.2, 0.2, 0.2, 0.2],
      4: [0.3, 0.1, 0.1, 0.1],
      5: [0.3, 0.1, 0.2, 0.2],
    };
    const plan = planOf(16, decisions, policy);
    expect(storyOf(plan)).toEqual(["4 pending global", "5 restarted majors", "7 confirmed majors", "7 opened majors"]);
    expect(movesOf(plan)).toEqual({ 0: "1 1 1 1", 7: "1 1 - -" });
  });
});

describe("risk exits and ramp steps", () => {
  test("pass debounce, calendar and slices, and the plan goes on for the others", () => {
    const policy = rebalancingOf(2, { debounceBars: 3, split: SLICES, interval: "month" });
    const plan = planOf(8, { 0: [0.5, 0.4], 2: [0, null] }, policy, { immediate: { 2: [1, 0] } });
    const account = runFlat(plan);
    // 0.3 and 0.2 of 50 units, then out; the other's five slices of 40 go on
    expect(barsOf(account, 0)).toEqual([1, 2, 3]);
    expect(quantitiesOf(account, 0)).toEqual([15, 10, -25]);
    expect(quantitiesOf(account, 1)).toEqual([12, 8, 8, 8, 4]);
  });

  test("leave the plan until a next one takes the asset in again", () => {
    const policy = rebalancingOf(2, { split: [0.5, 0.5] });
    const plan = planOf(8, { 0: [0.5, 0.4], 1: [0, null], 4: [0.5, 0.4] }, policy, { immediate: { 1: [1, 0] } });
    expect(movesOf(plan)).toEqual({ 0: "0.5 0.5", 1: "1 1", 4: "0.5 0.5", 5: "1 1" });
  });

  test("end a plan that has nothing else to trade", () => {
    const plan = planOf(6, { 0: [0.5], 1: [0] }, rebalancingOf(1, { split: SLICES }), { immediate: { 1: [1] } });
    expect(plan.record.events.at(-1)).toEqual({
      kind: "abandoned",
      bar: 1,
      scope: "global",
      detail: "after 1 of 5 slices: all it traded was decided immediately",
    });
  });

  test("end a pending change they leave nothing of", () => {
    const policy = rebalancingOf(1, { debounceBars: 3 });
    const plan = planOf(8, { 0: [0.5], 3: [0.2], 4: [0] }, policy, { immediate: { 4: [1] } });
    expect(storyOf(plan)).toEqual(["3 pending global", "4 reverted global"]);
    expect(barsOf(runFlat(plan), 0)).toEqual([1, 5]);
  });
});

describe("a threshold of 5 per cent", () => {
  const weighed = (changes: Partial<RebalancingPolicy> = {}) =>
    rebalancingOf(2, { trigger: "threshold", gate: { measure: "max", threshold: 0.05 }, ...changes });

  test("per asset stops neither slices nor exits", () => {
    const policy = rebalancingOf(2, { split: SLICES });
    const decisions: Record<number, Row> = { 0: [0.04, 0.4], 6: [null, 0.42], 12: [0, null] };
    const plan = planOf(15, decisions, policy, { immediate: { 12: [1, 0] } });
    const account = runFlat(plan, { rebalanceThreshold: 0.05 });
    // every slice of 4 units and of the 2 units from 40 to 42 is below 5% of 1000
    expect(quantitiesOf(account, 0)).toEqual([1.2, 0.8, 0.8, 0.8, 0.4, -4]);
    expect(quantitiesOf(account, 1)).toEqual([12, 8, 8, 8, 4, 0.6, 0.4, 0.4, 0.4, 0.2]);
  });

  test("as a trigger lets later slices and exits pass once a plan is under way, or even dropped", () => {
    // 4% and 40% enter unweighed; 2% of drift opens nothing; the exit of the 4% passes all the same
    const decisions: Record<number, Row> = { 0: [0.04, 0.4], 6: [0.04, 0.42], 9: [0, null] };
    const plan = planOf(14, decisions, weighed({ split: SLICES }), { immediate: { 9: [1, 0] } });
    const account = runFlat(plan);
    expect(quantitiesOf(account, 0)).toEqual([1.2, 0.8, 0.8, 0.8, 0.4, -4]);
    expect(barsOf(account, 0)).toEqual([1, 2, 3, 4, 5, 10]);
    expect(quantitiesOf(account, 1)).toEqual([12, 8, 8, 8, 4]);
    expect(account.events.some(({ kind, bar }) => kind === "plan_dropped" && bar === 7)).toBe(true);
  });

  test("as a trigger trades drift alone, and only once it is there", () => {
    // half the book in an asset that gains 4% a bar: 500 -> 520 -> 540.8 -> 562.4 ..., against 500 in the other
    const prices = Array.from({ length: 9 }, (_, t) => [10 * 1.04 ** t, 10]);
    const market = marketOf(prices, prices);
    const plan = planOf(9, { 0: [0.5, 0.5] }, weighed(), { axes: market.axes });
    const account = run(market, plan);
    // entered at bar 1. 1.04^k / (1.04^k + 1) first passes 0.55 at k = 6 (1.265319 / 2.265319 = 0.558562): bar 7
    expect(barsOf(account, 0)).toEqual([1, 7]);
    expect(heldAt(account, 7)).toEqual([0.5, 0.5]);
    expect(plan.record.events).toEqual([]);
  });

  test("as a trigger does not take an asset without a price for drift", () => {
    const rows: Row[] = Array.from({ length: 12 }, (_, t) => [10 * 1.01 ** t, t > 3 ? null : 10]);
    const market = marketOf(rows, rows);
    const fillsOf = (parts: { listed?: Row[] }) =>
      barsOf(
        run(market, planOf(12, { 0: [0.5, 0.5] }, weighed(), { axes: market.axes, ...parts }), { delistAfterBars: 2 }),
        0,
      );
    // the second is sold at its last price at bar 5; the first then drifts by a quarter of a per cent a bar
    expect(fillsOf({ listed: rows })).toEqual([1]);
    // else what was sold is half the book off its target at every look
    expect(fillsOf({})).toEqual([1, 6, 7, 8, 9, 10, 11]);
  });

  test("a hybrid looks at it on calendar bars only", () => {
    const prices = Array.from({ length: 14 }, (_, t) => [t < 2 ? 10 : 20, 10]);
    const market = marketOf(prices, prices);
    const policy = weighed({ trigger: "hybrid", interval: 5 });
    const account = run(market, planOf(14, { 0: [0.5, 0.5] }, policy, { axes: market.axes }));
    // the price doubles at bar 2, the calendar looks at the close of bar 5
    expect(barsOf(account, 0)).toEqual([1, 6]);
  });

  test("leaves a change of the model to be dropped, and says so in the account", () => {
    const plan = planOf(6, { 0: [0.5, 0.5], 3: [0.52, 0.48] }, weighed());
    const account = runFlat(plan);
    expect([...account.fills.bar]).toEqual([1, 1]);
    expect(account.events.filter(({ bar }) => bar === 4)).toEqual([
      expect.objectContaining({ kind: "plan_dropped", value: expect.closeTo(0.02, 12) }),
    ]);
  });

  test("weighs a change with its own slices even while it looks at drift", () => {
    // looks at bars 5 and 10 open plans of five slices that the account drops; the change of bar 7 is no redirection
    const plan = planOf(14, { 0: [0.5, 0.5], 7: [0.8, 0.2] }, weighed({ split: SLICES }));
    const account = runFlat(plan);
    expect(barsOf(account, 0)).toEqual([1, 2, 3, 4, 5, 8, 9, 10, 11, 12]);
    expect(quantitiesOf(account, 0).slice(5)).toEqual([9, 6, 6, 6, 3]);
  });
});

describe("the calendar", () => {
  test("lets what was decided in between wait, and counts from the first decision", () => {
    const plan = planOf(14, { 2: [0.5], 4: [0.6], 6: [0.7], 10: [0.3] }, rebalancingOf(1, { interval: 5 }));
    expect(movesOf(plan)).toEqual({ 2: "1", 7: "1", 12: "1" });
    expect([...plan.targets.values].filter((x) => x === x)).toEqual([0.5, 0.7, 0.3]);
    expect(plan.record.events.map(({ bar, kind, detail }) => `${bar} ${kind}: ${detail}`)).toEqual([
      "7 opened: 1 slice for 1 asset, decided 3 bars before",
      "12 opened: 1 slice for 1 asset, decided 2 bars before",
    ]);
  });

  test("a bar that meets a pending change is kept until the change is confirmed", () => {
    const policy = rebalancingOf(1, { interval: 5, debounceBars: 3 });
    expect(movesOf(planOf(14, { 0: [0.5], 5: [0.7] }, policy))).toEqual({ 0: "1", 7: "1" });
    // seen after the calendar bar and confirmed before the next: waits
    expect(movesOf(planOf(14, { 0: [0.5], 6: [0.7] }, policy))).toEqual({ 0: "1", 10: "1" });
  });

  test("redirects a plan under way without waiting", () => {
    const policy = rebalancingOf(1, { interval: 10, split: [0.5, 0.3, 0.2] });
    expect(movesOf(planOf(14, { 0: [0.5], 1: [0.8] }, policy))).toEqual({ 0: "0.5", 1: "0.3333", 2: "0.5", 3: "1" });
  });
});
