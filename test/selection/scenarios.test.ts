/** The selector's rules one at a time, on scores written out by hand. Policy: leave below 0.2 for 5 bars, come back
 *  above 0.35 for 3, wait 30, K = 3. */
import { describe, expect, test } from "vitest";
import { NOT_LISTED, SELECTOR_STATES, type SelectionRecord } from "../../src/core/selection-record.ts";
import { runSelector } from "../../src/selection/run-selector.ts";
import { scorePanels } from "../../src/selection/score.ts";
import { marketOf } from "../support/market.ts";
import { panelsOf, panelsOfOne, SCORING, transitionPolicy } from "./cases.ts";

const LOW = 0.1;
const HIGH = 0.5;
const times = (count: number, score: number): number[] => Array.from({ length: count }, () => score);

/** "STATE k" of asset n at bars from..to, both inclusive; "-" = not listed. */
function story({ axes, state, k }: SelectionRecord, n: number, from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const cell = (from + i) * axes.assets.length + n;
    return state[cell] === NOT_LISTED ? `- ${k[cell]}` : `${SELECTOR_STATES[state[cell]!]} ${k[cell]}`;
  });
}
const ofAsset = ({ events }: SelectionRecord, n: number) =>
  events.filter(({ asset }) => asset === n).map(({ bar, kind }) => [bar, kind]);

describe("leaving and coming back", () => {
  test("scores of 0.19, 0.22, 0.18 in turn change no state, five in a row below 0.2 do", () => {
    const turns = Array.from({ length: 60 }, (_, t) => [0.19, 0.22, 0.18][t % 3]!);
    const record = runSelector(panelsOfOne([...turns, ...times(3, 0.19)]), transitionPolicy());
    // bars 59..62 are 0.18 0.19 0.19 0.19: four in a row at the most
    expect(new Set(story(record, 0, 0, 62))).toEqual(new Set(["ACTIVE 3"]));
    expect(record.events).toEqual([]);
    const longer = runSelector(panelsOfOne([...turns, ...times(4, 0.19)]), transitionPolicy());
    expect(story(longer, 0, 62, 63)).toEqual(["ACTIVE 3", "UNDERPERFORMING 3"]);
  });

  test("a score on a threshold counts neither way", () => {
    const record = runSelector(panelsOfOne(times(10, 0.2)), transitionPolicy());
    expect(record.events).toEqual([]);
    const ramp = runSelector(panelsOfOne([...times(5, LOW), ...times(3, 0.35)]), transitionPolicy());
    expect(story(ramp, 0, 7, 7)).toEqual(["COOLDOWN 0"]);
  });

  test("ramps down 1, 2/3, 1/3, 0, waits 30 bars, confirms for three and ramps up again", () => {
    const record = runSelector(panelsOfOne([...times(8, LOW), ...times(40, HIGH)]), transitionPolicy());
    expect(story(record, 0, 3, 8)).toEqual([
      "ACTIVE 3",
      "UNDERPERFORMING 3",
      "UNDERPERFORMING 2",
      "UNDERPERFORMING 1",
      "COOLDOWN 0",
      "COOLDOWN 0",
    ]);
    // the cooldown of bar 7 has counted 30 bars at bar 37, the first of three confirmations
    expect(story(record, 0, 37, 44)).toEqual([
      "COOLDOWN 0",
      "COOLDOWN 0",
      "RE_ENTRY 0",
      "RE_ENTRY 1",
      "RE_ENTRY 2",
      "ACTIVE 3",
      "ACTIVE 3",
      "ACTIVE 3",
    ]);
    const multipliers = [3, 4, 5, 6, 7, 39, 40, 41, 42].map((t) => record.multiplier[2 * t]);
    expect(multipliers).toEqual([1, 1, 2 / 3, 1 / 3, 0, 0, 1 / 3, 2 / 3, 1]);
    expect(ofAsset(record, 0)).toEqual([
      [4, "exclude"],
      [7, "cooldown"],
      [39, "re_entry"],
      [42, "active"],
    ]);
    expect(record.events.map(({ detail }) => detail)).toEqual([
      "score 0.1 below 0.2 for 5 bars",
      "ramp at 0/3, score 0.1",
      "score 0.5 above 0.35 for 3 bars, after 32 bars of cooldown",
      "ramp at 3/3",
    ]);
  });

  test("a recovery during the ramp enters RE_ENTRY at 1/3", () => {
    const record = runSelector(panelsOfOne([...times(5, LOW), ...times(6, HIGH)]), transitionPolicy());
    expect(story(record, 0, 4, 9)).toEqual([
      "UNDERPERFORMING 3",
      "UNDERPERFORMING 2",
      "UNDERPERFORMING 1",
      "RE_ENTRY 1",
      "RE_ENTRY 2",
      "ACTIVE 3",
    ]);
    expect(record.events[1]).toMatchObject({ kind: "recover", from: "UNDERPERFORMING", to: "RE_ENTRY" });
  });

  test("a break in the three confirmations of a cooldown starts them again", () => {
    const scores = [...times(8, LOW), ...times(30, HIGH), 0.35, ...times(6, HIGH)];
    const record = runSelector(panelsOfOne(scores), transitionPolicy());
    // bar 37 counts, bar 38 breaks, 39 40 41 confirm
    expect(story(record, 0, 38, 42)).toEqual(["COOLDOWN 0", "COOLDOWN 0", "COOLDOWN 0", "RE_ENTRY 0", "RE_ENTRY 1"]);
  });

  test("confirmations before the wait is over are worth nothing", () => {
    const scores = [...times(8, LOW), ...times(29, HIGH), ...times(30, 0.3)];
    expect(story(runSelector(panelsOfOne(scores), transitionPolicy()), 0, 66, 66)).toEqual(["COOLDOWN 0"]);
  });

  test("a relapse goes back down from the step it has reached, and into cooldown from 0", () => {
    const back = [...times(5, LOW), ...times(4, HIGH), LOW, LOW, LOW];
    const record = runSelector(panelsOfOne(back), transitionPolicy());
    expect(story(record, 0, 7, 11)).toEqual([
      "RE_ENTRY 1",
      "RE_ENTRY 2",
      "UNDERPERFORMING 2",
      "UNDERPERFORMING 1",
      "COOLDOWN 0",
    ]);
    const fromZero = [...times(8, LOW), ...times(32, HIGH), LOW, ...times(40, HIGH)];
    const again = runSelector(panelsOfOne(fromZero), transitionPolicy());
    // RE_ENTRY at 39, relapse at 40, 30 bars counted at 70, confirmed at 72
    expect(story(again, 0, 39, 41)).toEqual(["RE_ENTRY 0", "COOLDOWN 0", "COOLDOWN 0"]);
    expect(story(again, 0, 71, 73)).toEqual(["COOLDOWN 0", "RE_ENTRY 0", "RE_ENTRY 1"]);
    expect(again.events.find(({ kind }) => kind === "relapse")).toMatchObject({
      bar: 40,
      to: "COOLDOWN",
      detail: "score 0.1 below 0.2 for 1 bar, ramp at 0/3",
    });
  });

  test("relapse_confirmation_bars 2 lets one bad bar pass", () => {
    const scores = [...times(5, LOW), ...times(3, HIGH), LOW, HIGH, LOW, LOW];
    const policy = transitionPolicy({ relapseConfirmationBars: 2, rampSteps: 9 });
    expect(story(runSelector(panelsOfOne(scores), policy), 0, 7, 11)).toEqual([
      "RE_ENTRY 7",
      "RE_ENTRY 8",
      "ACTIVE 9",
      "ACTIVE 9",
      "ACTIVE 9",
    ]);
    const worse = [...times(5, LOW), ...times(3, HIGH), LOW, LOW];
    expect(story(runSelector(panelsOfOne(worse), policy), 0, 8, 9)).toEqual(["RE_ENTRY 8", "UNDERPERFORMING 8"]);
  });

  test("one that recovers before its first step down is active again without passing K", () => {
    const policy = transitionPolicy({ includeConfirmationBars: 1 });
    const record = runSelector(panelsOfOne([...times(5, LOW), ...times(3, HIGH)]), policy);
    expect(story(record, 0, 4, 6)).toEqual(["UNDERPERFORMING 3", "RE_ENTRY 3", "ACTIVE 3"]);
  });

  test("a ramp of one step is a switch", () => {
    const policy = transitionPolicy({ rampSteps: 1, minExclusionBars: 1, includeConfirmationBars: 1 });
    const record = runSelector(panelsOfOne([...times(6, LOW), ...times(3, HIGH)]), policy);
    expect(story(record, 0, 3, 8)).toEqual([
      "ACTIVE 1",
      "UNDERPERFORMING 1",
      "COOLDOWN 0",
      "RE_ENTRY 0",
      "ACTIVE 1",
      "ACTIVE 1",
    ]);
  });
});

describe("min_active_assets", () => {
  const five = [0.15, 0.05, 0.6, 0.1, 0.18];
  const rows = Array.from({ length: 12 }, () => five);

  test("of five assets of which four should leave, the two lowest do and three stay", () => {
    const record = runSelector(panelsOf(rows), transitionPolicy({ minActiveAssets: 3 }));
    const left = record.events.filter(({ kind }) => kind === "exclude");
    expect(left.map(({ bar, asset }) => [bar, asset])).toEqual([
      [4, 1],
      [4, 3],
    ]);
    for (const n of [0, 2, 4]) expect(story(record, n, 11, 11)).toEqual(["ACTIVE 3"]);
    // the two kept are told once, not on each of their eight bars
    const held = record.events.filter(({ kind }) => kind === "held_by_min_active");
    expect(held.map(({ bar, asset }) => [bar, asset])).toEqual([
      [4, 0],
      [4, 4],
    ]);
    expect(held[0]!.detail).toBe("score 0.15 below 0.2 for 5 bars, kept by min_active_assets 3");
  });

  test("one that is kept leaves when another comes back", () => {
    const turn = Array.from({ length: 11 }, (_, t) => [t < 5 ? 0.05 : HIGH, 0.15, HIGH]);
    const record = runSelector(panelsOf(turn), transitionPolicy({ minActiveAssets: 2 }));
    // asset 0 leaves at bar 4 and re-enters at bar 7, which makes room for asset 1 on the same bar
    expect(ofAsset(record, 0).slice(0, 2)).toEqual([
      [4, "exclude"],
      [7, "recover"],
    ]);
    expect(ofAsset(record, 1).slice(0, 2)).toEqual([
      [4, "held_by_min_active"],
      [7, "exclude"],
    ]);
  });

  test("among equal scores the first column leaves first", () => {
    const equal = Array.from({ length: 5 }, () => [LOW, LOW, LOW]);
    const record = runSelector(panelsOf(equal), transitionPolicy({ minActiveAssets: 1 }));
    expect(record.events.filter(({ kind }) => kind === "exclude").map(({ asset }) => asset)).toEqual([0, 1]);
  });

  test("fewer listed than it asks for is said once, and nobody leaves", () => {
    const record = runSelector(panelsOfOne(times(8, LOW)), transitionPolicy({ minActiveAssets: 3 }));
    expect(new Set(story(record, 0, 0, 7))).toEqual(new Set(["ACTIVE 3"]));
    expect(record.events.filter(({ asset }) => asset === -1)).toEqual([
      {
        kind: "below_min_active",
        bar: 0,
        asset: -1,
        from: null,
        to: null,
        detail: "listed assets: 2, min_active_assets is 3",
      },
    ]);
  });
});

describe("hard exclusion", () => {
  const bad = (sharpe: number, drawdown: number) => {
    const plane = (value: number) => Array.from({ length: 5 }, (_, t) => [t === 2 ? value : 0, 0]);
    return panelsOf(
      Array.from({ length: 5 }, () => [HIGH, HIGH]),
      plane(sharpe),
      plane(drawdown),
    );
  };

  test("Sharpe -1.5 with a drawdown of 20% goes to COOLDOWN at once", () => {
    const record = runSelector(bad(-1.5, 0.2), transitionPolicy());
    expect(story(record, 0, 1, 3)).toEqual(["ACTIVE 3", "COOLDOWN 0", "COOLDOWN 0"]);
    expect(record.events).toHaveLength(1);
    expect(record.events[0]).toMatchObject({
      kind: "hard_exclusion",
      from: "ACTIVE",
      to: "COOLDOWN",
      detail: "Sharpe -1.5 below -1 and drawdown 20% above 15%",
    });
  });

  test("neither limit alone, nor a value on it, excludes", () => {
    for (const [sharpe, drawdown] of [
      [-1, 0.2],
      [-1.5, 0.15],
      [-1.5, Number.NaN],
      [Number.NaN, 0.2],
    ] as const)
      expect(story(runSelector(bad(sharpe, drawdown), transitionPolicy()), 0, 2, 2)).toEqual(["ACTIVE 3"]);
  });

  test("it outranks min_active_assets", () => {
    const record = runSelector(bad(-1.5, 0.2), transitionPolicy({ minActiveAssets: 2 }));
    expect(story(record, 0, 2, 2)).toEqual(["COOLDOWN 0"]);
    expect(record.events.map(({ kind, detail }) => [kind, detail])).toEqual([
      ["hard_exclusion", "Sharpe -1.5 below -1 and drawdown 20% above 15%"],
      ["below_min_active", "assets active or re-entering: 1 of 2, min_active_assets is 2"],
    ]);
  });

  test("when all are out, all_excluded is raised once, and its end is told", () => {
    const bars = 45;
    const once = (value: number) => Array.from({ length: bars }, (_, t) => times(2, t === 2 ? value : 0));
    const panels = panelsOf(
      Array.from({ length: bars }, () => [HIGH, HIGH]),
      once(-1.5),
      once(0.2),
    );
    const record = runSelector(panels, transitionPolicy());
    // 30 bars counted at 32, confirmed at 34, first step up at 35
    const universe = record.events.filter(({ asset }) => asset === -1);
    expect(universe.map(({ bar, kind }) => [bar, kind])).toEqual([
      [2, "below_min_active"],
      [2, "all_excluded"],
      [35, "all_excluded_ended"],
    ]);
    expect(universe[1]!.detail).toBe("the multiplier of every listed asset (2) is 0");
  });

  test("in cooldown it changes nothing: the wait goes on", () => {
    const bars = 45;
    const twice = (value: number) => Array.from({ length: bars }, (_, t) => [t === 2 || t === 20 ? value : 0, 0]);
    const panels = panelsOf(
      Array.from({ length: bars }, () => [HIGH, HIGH]),
      twice(-1.5),
      twice(0.2),
    );
    expect(ofAsset(runSelector(panels, transitionPolicy()), 0).slice(0, 2)).toEqual([
      [2, "hard_exclusion"],
      [34, "re_entry"],
    ]);
  });

  test("it counts after this bar's exclusions: a low asset stays when another was just put out", () => {
    const scores = Array.from({ length: 6 }, () => [HIGH, LOW, HIGH]);
    const at4 = (value: number) => Array.from({ length: 6 }, (_, t) => [t === 4 ? value : 0, 0, 0]);
    const policy = transitionPolicy({ minActiveAssets: 2 });
    const record = runSelector(panelsOf(scores, at4(-1.5), at4(0.2)), policy);
    expect(story(record, 0, 4, 4)).toEqual(["COOLDOWN 0"]);
    expect(ofAsset(record, 1)).toEqual([[4, "held_by_min_active"]]);
  });
});

describe("listings and holes", () => {
  test("a late-listed asset starts neutral, active and in full", () => {
    const close = Array.from({ length: 30 }, (_, t) => [
      100 * 1.01 ** t * (t % 2 === 0 ? 1 : 1.005),
      100 * (t % 2 === 0 ? 1 : 1.02),
      t < 12 ? null : 50 * 0.99 ** t,
    ]);
    const market = marketOf(close, close);
    const panels = scorePanels(market, SCORING);
    const record = runSelector(panels, transitionPolicy());
    expect(story(record, 2, 11, 13)).toEqual(["- 0", "ACTIVE 3", "ACTIVE 3"]);
    const scores = Array.from({ length: 12 }, (_, i) => panels.score[(11 + i) * 3 + 2]);
    // listed at bar 12, its tenth return is that of bar 22; worst of three by then
    expect(scores).toEqual([Number.NaN, ...times(10, 0.5), 0]);
    expect(panels.sharpe[21 * 3 + 2]).toBeNaN();
    expect(panels.sharpe[22 * 3 + 2]).toBeLessThan(0);
  });

  test("a bar without a close says not listed, and state, ramp and counts go on after it", () => {
    const scores = [...times(4, LOW), null, LOW, null, null, LOW, LOW, HIGH];
    const record = runSelector(panelsOfOne(scores), transitionPolicy());
    expect(story(record, 0, 3, 10)).toEqual([
      "ACTIVE 3",
      "- 0",
      "UNDERPERFORMING 3",
      "- 0",
      "- 0",
      "UNDERPERFORMING 2",
      "UNDERPERFORMING 1",
      "COOLDOWN 0",
    ]);
  });

  test("an asset without a close neither takes part nor leaves", () => {
    const scores = [...Array.from({ length: 5 }, () => [LOW, LOW]), [LOW, null], [LOW, LOW]];
    const record = runSelector(panelsOf(scores), transitionPolicy({ minActiveAssets: 2 }));
    expect(record.events.filter(({ kind }) => kind === "exclude")).toEqual([]);
    expect(record.events.filter(({ kind }) => kind === "below_min_active").map(({ bar }) => bar)).toEqual([5]);
  });

  test("one that was kept and has no close now does not take the place of one that leaves", () => {
    // A1 leaves at bar 4 and A0 is kept; at bar 5, where A0 has no close, two new ones make room for A2
    const early = [0.15, LOW, HIGH, null, null];
    const later = [0.15, LOW, 0.18, null, null];
    const scores = [early, later, later, later, later, [null, LOW, 0.18, HIGH, HIGH]];
    const record = runSelector(panelsOf(scores), transitionPolicy({ minActiveAssets: 2 }));
    expect(ofAsset(record, 0)).toEqual([[4, "held_by_min_active"]]);
    expect(ofAsset(record, 2)).toEqual([[5, "exclude"]]);
  });

  test("no bars, and assets that are never listed, give an empty record without events", () => {
    const never = runSelector(panelsOf([[null], [null]]), transitionPolicy());
    expect([...never.state]).toEqual([NOT_LISTED, NOT_LISTED]);
    expect([...never.multiplier]).toEqual([0, 0]);
    expect(never.events).toEqual([]);
    const axes = { ...never.axes, time: new Float64Array() };
    const none = new Float64Array();
    expect(runSelector({ axes, score: none, sharpe: none, drawdown: none }, transitionPolicy()).k).toHaveLength(0);
  });
});

test("policies that contradict themselves are refused", () => {
  const panels = panelsOfOne([HIGH]);
  const refused = (changes: Parameters<typeof transitionPolicy>[0]) => () =>
    runSelector(panels, transitionPolicy(changes));
  expect(refused({ excludeScore: 0.4 })).toThrow("excludeScore must be below includeScore 0.35, got 0.4");
  expect(refused({ excludeScore: Number.NaN })).toThrow("excludeScore");
  expect(refused({ hardExcludeDrawdown: 0 })).toThrow("hardExcludeDrawdown must be in (0, 1], got 0");
  expect(refused({ minExclusionBars: 0 })).toThrow("minExclusionBars must be a whole number >= 1, got 0");
  expect(refused({ includeConfirmationBars: 1.5 })).toThrow("includeConfirmationBars");
  expect(refused({ rampSteps: 255 })).toThrow("rampSteps must be at most 254, got 255");
});
