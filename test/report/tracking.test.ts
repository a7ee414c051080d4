import { describe, expect, it } from "vitest";
import type { Account, AccountEvent } from "../../src/core/contracts.ts";
import { createAxes } from "../../src/core/panel.ts";
import { plannedWeights, trackPlan } from "../../src/report/tracking.ts";

const none = Number.NaN;
const axes = createAxes([0, 1, 2, 3], ["A", "B"]);
/** Decided at bar 0: A 0.6; at bar 2: A 0.2 and B -0.5. */
const targets = { axes, values: Float64Array.of(0.6, none, none, none, 0.2, -0.5, 0.9, 0.9) };
const holding = (...heldWeights: number[]) =>
  ({ heldWeights: Float64Array.from(heldWeights), events: [] }) as unknown as Account;
const delisting = (bar: number, asset: number): Account => {
  const event: AccountEvent = { kind: "delisted", bar, asset, value: 0, detail: "" };
  return { ...holding(0, 0, 0, 0, 0, 0, 0, 0), events: [event] };
};
const plans = (account: Account): number[][] => plannedWeights(targets, account, [0, 1]).map((plan) => [...plan]);

describe("the plan of a bar", () => {
  it("is what stood decided at earlier bars, 0 before the first decision", () => {
    expect(plans(holding())).toEqual([
      [0, 0.6, 0.6, 0.2],
      [0, 0, 0, -0.5],
    ]);
  });

  it("ends where the asset is delisted, until the next decision", () => {
    expect(plans(delisting(2, 0))[0]).toEqual([0, 0.6, 0, 0.2]);
    expect(plans(delisting(3, 1))[1]).toEqual([0, 0, 0, 0]);
  });

  it("is compared with what is held at the close, asset by asset", () => {
    const tracking = trackPlan(targets, holding(0, 0, 0.5, 0, 0.6, 0, 0.25, -0.25))!;
    // Bar 1: |0.5 - 0.6|; bar 3: |0.25 - 0.2| + |-0.25 + 0.5|.
    for (const [t, apart] of [0, 0.1, 0, 0.3].entries()) expect(tracking.deviation[t]).toBeCloseTo(apart, 12);
    for (const [t, gross] of [0, 0.6, 0.6, 0.7].entries()) expect(tracking.plannedGross[t]).toBeCloseTo(gross, 12);
    // (0.1 + 0.05) / 4 and 0.25 / 4.
    expect(tracking.meanDeviation[0]).toBeCloseTo(0.0375, 12);
    expect(tracking.meanDeviation[1]).toBeCloseTo(0.0625, 12);
  });

  it("does not exist where nothing was decided, or only at the last bar", () => {
    const only = (bar: number) => ({ axes, values: new Float64Array(8).fill(none).fill(0.5, 2 * bar, 2 * bar + 2) });
    const held = holding(0, 0, 0, 0, 0, 0, 0, 0);
    expect(trackPlan({ axes, values: new Float64Array(8).fill(none) }, held)).toBeNull();
    expect(trackPlan(only(3), held)).toBeNull();
    expect(trackPlan(only(2), held)).not.toBeNull();
  });
});
