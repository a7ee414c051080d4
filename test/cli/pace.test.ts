import { expect, test } from "vitest";
import { paceText } from "../../src/cli/pace.ts";

const start = { done: 50, ms: 1_000 };

test("rate and rest come from what was done since counting began", () => {
  // 200 trials in 4 s are 50 a second, and 750 of them take 15 s
  expect(paceText("trials", 250, 1_000, start, 5_000)).toBe("250 of 1000 trials, 50 a second, 15 s left");
});

test("neither is told before something was done", () => {
  expect(paceText("trials", 50, 1_000, start, 5_000)).toBe("50 of 1000 trials");
  expect(paceText("trials", 51, 1_000, start, 1_000)).toBe("51 of 1000 trials");
});

test("slow work is told as time for one, long rests in minutes and hours", () => {
  // one fold in 4 s: 40 s for ten, 40 min for 600, 2 h 47 min for 2,500
  const from = { done: 0, ms: 0 };
  expect(paceText("folds", 1, 11, from, 4_000)).toBe("1 of 11 folds, one in 4.0 s, 40 s left");
  expect(paceText("folds", 1, 601, from, 4_000)).toBe("1 of 601 folds, one in 4.0 s, 40 min left");
  expect(paceText("folds", 1, 2_501, from, 4_000)).toBe("1 of 2501 folds, one in 4.0 s, 2 h 47 min left");
  expect(paceText("folds", 5, 10, from, 2_000)).toBe("5 of 10 folds, 2.5 a second, 2.0 s left");
});

test("at the end only the rate is left to tell", () => {
  expect(paceText("trials", 1_000, 1_000, start, 20_000)).toBe("1000 of 1000 trials, 50 a second");
});
