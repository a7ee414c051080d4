import { expect, test } from "vitest";
import { SELECTION_EVENT_KINDS, SELECTOR_STATES } from "../../src/core/selection-record.ts";
import {
  ACTIVE,
  COOLDOWN,
  RE_ENTRY,
  TRANSITIONS,
  takesPart,
  transitionOn,
  UNDERPERFORMING,
} from "../../src/selection/asset-states.ts";

test("positions are those of the stored codes", () => {
  expect([ACTIVE, UNDERPERFORMING, COOLDOWN, RE_ENTRY].map((code) => SELECTOR_STATES[code])).toEqual([
    "ACTIVE",
    "UNDERPERFORMING",
    "COOLDOWN",
    "RE_ENTRY",
  ]);
});

test("a state and a signal lead to one place at most", () => {
  const pairs = TRANSITIONS.map(({ from, on }) => `${from} ${on}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  for (const transition of TRANSITIONS)
    expect(transitionOn(SELECTOR_STATES.indexOf(transition.from), transition.on)).toBe(transition);
  expect(transitionOn(COOLDOWN, "hard")).toBeUndefined();
  expect(transitionOn(ACTIVE, "high")).toBeUndefined();
});

test("who is put into cooldown drops out, nobody else does", () => {
  for (const { to, dropsOut } of TRANSITIONS) expect(dropsOut).toBe(to === "COOLDOWN");
});

test("a hard exclusion leaves from every state but cooldown, which everybody leaves by re-entry", () => {
  const hard = TRANSITIONS.filter(({ on }) => on === "hard");
  expect(hard.map(({ from }) => from)).toEqual(["ACTIVE", "UNDERPERFORMING", "RE_ENTRY"]);
  expect(TRANSITIONS.filter(({ from }) => from === "COOLDOWN").map(({ to }) => to)).toEqual(["RE_ENTRY"]);
  for (const { kind } of TRANSITIONS) expect(SELECTION_EVENT_KINDS).toContain(kind);
});

test("active and re-entering assets take part", () => {
  const codes = [ACTIVE, UNDERPERFORMING, COOLDOWN, RE_ENTRY];
  expect(codes.map(takesPart)).toEqual([true, false, false, true]);
});
