import { describe, expect, it } from "vitest";
import { BOUNDS_TEXT, independentTrials, judge } from "../../../src/report/sweep/verdict.ts";
import { fabricateSweep } from "../fabricate-sweep.ts";

const record = fabricateSweep().overfitting!;

describe("the verdict", () => {
  it.each([
    [0.95, 0.2, "stands"],
    [0.949, 0.2, "open"],
    [0.95, 0.21, "open"],
    [0.5, 0.49, "open"],
    [0.499, 0, "luck"],
    [0.99, 0.5, "luck"],
    [Number.NaN, 0.1, "unknown"],
    [0.99, Number.NaN, "unknown"],
    [Number.NaN, 0.5, "luck"],
    [0.1, Number.NaN, "luck"],
    [Number.NaN, Number.NaN, "unknown"],
  ] as const)("of a deflated Sharpe ratio of %d and a PBO of %d is %s", (deflatedSharpe, pbo, judgement) => {
    expect(judge({ ...record, deflatedSharpeEffective: deflatedSharpe, pbo }).judgement).toBe(judgement);
    const uncounted = { ...record, effectiveTrials: Number.NaN, deflatedSharpeEffective: Number.NaN };
    expect(judge({ ...uncounted, deflatedSharpe, pbo }).judgement).toBe(judgement);
  });

  it("is unknown, with a reason, when nothing was computed", () => {
    expect(judge(null)).toMatchObject({ judgement: "unknown" });
    expect(judge(null).reasons).toHaveLength(1);
  });

  it("says which figure is missing, and names the bounds it goes by", () => {
    const { reasons } = judge({ ...record, deflatedSharpeEffective: Number.NaN, pbo: Number.NaN });
    expect(reasons[0]).toContain("deflated Sharpe ratio cannot be computed");
    expect(reasons[1]).toContain("overfitting cannot be computed");
    for (const bound of ["95%", "20%", "50%"]) expect(BOUNDS_TEXT).toContain(bound);
  });

  it("measures against clusters where they were counted, else against every trial ever run", () => {
    expect(independentTrials(record)).toBe(46);
    expect(independentTrials({ ...record, effectiveTrials: Number.NaN })).toBe(1430);
    expect(judge(record).reasons[0]).toMatch(
      /ratio 71\.00%: .* luckiest of 46 skill-less tries would show; 52\.00% if each of the 1,430 trials ever run/,
    );
    expect(judge({ ...record, effectiveTrials: Number.NaN }).reasons[0]).toMatch(
      /ratio 52\.00%: .* luckiest of 1,430 skill-less tries would show\.$/,
    );
  });
});
