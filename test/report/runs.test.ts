import { describe, expect, it } from "vitest";
import { endTime, NO_CODE, runsOf } from "../../src/report/runs.ts";

/** A digit a bar, "." for no code. */
const coded =
  (...rows: readonly string[]) =>
  (bar: number, asset: number): number =>
    rows[asset]![bar] === "." ? NO_CODE : Number(rows[asset]![bar]);

const said = ({ runs }: ReturnType<typeof runsOf>): string =>
  runs.map(({ asset, code, fromBar, toBar }) => `${asset}:${code}[${fromBar},${toBar})`).join(" ");

describe("runsOf", () => {
  it("joins equal codes and leaves bars without one out", () => {
    const runs = runsOf([1, 0], 6, coded("001100", "..22.2"), 99);
    expect(runs.stepBars).toBe(1);
    expect(said(runs)).toBe("1:2[2,4) 1:2[5,6) 0:0[0,2) 0:1[2,4) 0:0[4,6)");
  });

  it("goes over to steps with the code of most of their bars when runs are too many", () => {
    // Steps of 2 bars: 01 12 22 -> 0 (first of a tie), 1, 2; steps of 4: 0112 -> 1, 22 -> 2.
    expect(said(runsOf([0], 6, coded("011222"), 3))).toBe("0:0[0,1) 0:1[1,3) 0:2[3,6)");
    const coarse = runsOf([0], 6, coded("011222"), 2);
    expect(coarse.stepBars).toBe(4);
    expect(said(coarse)).toBe("0:1[0,4) 0:2[4,6)");
  });

  it("stays within the number asked for, down to one run an asset", () => {
    const flicker = (bar: number, asset: number): number => (bar * 7 + asset) % 3;
    for (const most of [2000, 100, 24, 1]) {
      const { runs } = runsOf([...Array(24).keys()], 5000, flicker, most);
      expect(runs.length).toBeLessThanOrEqual(Math.max(24, most));
      expect(new Set(runs.map(({ asset }) => asset)).size).toBe(24);
    }
  });

  it("has nothing to say of no bars, no assets or no codes", () => {
    expect(runsOf([0], 0, coded(""), 9).runs).toEqual([]);
    expect(runsOf([], 5, coded("00000"), 9).runs).toEqual([]);
    expect(runsOf([0], 3, coded("..."), 9).runs).toEqual([]);
  });
});

describe("endTime", () => {
  it("is the next bar, one bar's length past the last, or a day past an only one", () => {
    expect(endTime([10, 30, 60], 1)).toBe(30);
    expect(endTime([10, 30, 60], 3)).toBe(90);
    expect(endTime([0], 1)).toBe(86_400_000);
  });
});
