import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { createAxes } from "../../src/core/panel.ts";
import { checkHoldout, holdoutBar } from "../../src/experiment/holdout.ts";
import { countHoldoutLook, noteHoldoutLook } from "../../src/experiment/holdout-looks.ts";
import { tempDir } from "../support/files.ts";
import { DAY } from "../support/market.ts";

describe("holdoutBar", () => {
  // Friday the 3rd, Monday the 6th, Tuesday the 7th of January 2020
  const axes = createAxes(
    [2, 5, 6].map((day) => Date.UTC(2020, 0, 1) + day * DAY),
    ["A"],
  );
  const from = (holdout_start: string) => ({ validation: { holdout_start } });

  test("is the first bar on or after the date", () => {
    expect(holdoutBar(from("2020-01-06"), axes)).toBe(1);
    expect(holdoutBar(from("2020-01-04"), axes)).toBe(1);
    expect(holdoutBar(from("2020-01-08"), axes)).toBe(null);
    expect(holdoutBar({ validation: undefined }, axes)).toBe(null);
  });

  test("must be after the first bar and by the last", () => {
    checkHoldout(from("2020-01-07"), axes);
    checkHoldout({ validation: undefined }, axes);
    for (const date of ["2020-01-03", "2019-01-01", "2020-01-08"])
      expect(() => checkHoldout(from(date), axes)).toThrow(
        /validation\.holdout_start: must lie after 2020-01-03 and by 2020-01-07/,
      );
  });
});

describe("looks at a holdout", () => {
  const look = { dataHash: "d", holdoutStart: "2020-01-01", configHash: "a", experiment: "x" };

  test("are counted once an experiment, for each holdout of each data apart", () => {
    const store = join(tempDir(), "new", "holdout.sqlite");
    expect(countHoldoutLook(store, look)).toBe(1);
    expect(countHoldoutLook(store, look)).toBe(1);
    expect(countHoldoutLook(store, { ...look, configHash: "b" })).toBe(2);
    expect(countHoldoutLook(store, { ...look, holdoutStart: "2021-01-01" })).toBe(1);
    expect(countHoldoutLook(store, { ...look, dataHash: "e" })).toBe(1);
    expect(countHoldoutLook(store, look)).toBe(2);
  });

  test("cannot be taken back", () => {
    const store = join(tempDir(), "holdout.sqlite");
    countHoldoutLook(store, look);
    const database = new DatabaseSync(store);
    expect(() => database.exec("DELETE FROM looks")).toThrow(/never deleted/);
    expect(() => database.exec("UPDATE looks SET config_hash = 'c'")).toThrow(/never changed/);
    database.close();
  });

  test("need a place that can be written", () => {
    expect(() => countHoldoutLook("/dev/null/holdout.sqlite", look)).toThrow(
      "/dev/null/holdout.sqlite: a part of the path is a file, not a folder",
    );
  });

  test("where they cannot be counted, the run that looked is not lost", () => {
    const experiment = { name: "x", validation: { holdout_start: "2020-01-01" } };
    expect(noteHoldoutLook("/dev/null/holdout.sqlite", experiment, look)).toEqual({
      looks: null,
      warnings: [
        "this look at the holdout was not counted: /dev/null/holdout.sqlite: a part of the path is a file, not a folder",
      ],
    });
    const store = join(tempDir(), "holdout.sqlite");
    expect(noteHoldoutLook(store, experiment, look)).toEqual({ looks: 1, warnings: [] });
    expect(noteHoldoutLook(store, { ...experiment, validation: undefined }, look).looks).toBe(null);
  });
});
