/** `--explain`: how many results of each stage a sweep needs and has to compute, after one value or another changed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { tempDir, tempFile } from "../support/files.ts";

/** Two lookbacks by two selector thresholds by two thresholds of the portfolio. */
const YAML = `name: eight
data: {sample_assets: 5, sample_bars: 260}
signal: {kind: tsmom, lookback_bars: 20}
asset_selector: {min_active_assets: 2}
allocation: {method: hrp, rebalance_bars: 5}
portfolio: {cost_model: {fee_bps: 5}}
sweep:
  grid:
    allocation.lookback_bars: [20, 40]
    asset_selector.exclude_score_threshold: [0.1, 0.2]
    portfolio.rebalance_threshold: [0, 0.02]
`;

const file = tempFile("eight.yaml", YAML);
const cache = tempDir();

async function explain(overrides: readonly string[], ...more: string[]) {
  const sets = overrides.flatMap((override) => ["--set", override]);
  const { code, err, out } = await runCli(
    ...["run", file, "--cache", cache, "--no-registry", "--workers", "1", "--explain", ...sets, ...more],
  );
  expect(code, err).toBe(0);
  const rows = [...err.matchAll(/^ {2}(\w+) +(\d+) +(\d+)$/gm)];
  const column = (k: number) => Object.fromEntries(rows.map((row) => [row[1]!, Number(row[k])]));
  return { distinct: column(2), computed: column(3), out };
}

const WHOLE = { scores: 1, signal: 1, score_panels: 1, selection: 2, allocation: 4, trial: 8 };
const NOTHING = { scores: 0, signal: 0, score_panels: 0, selection: 0, allocation: 0, trial: 0 };

describe("a grid of 2 x 2 x 2", () => {
  const out = tempDir();
  let first: Awaited<ReturnType<typeof explain>>;
  beforeAll(async () => {
    first = await explain([], "--out", out);
  });

  test("needs one signal, a selection for each of its thresholds, four allocations, eight trials", () => {
    expect(first.distinct).toEqual(WHOLE);
    expect(first.computed).toEqual(WHOLE);
  });

  test("once run, nothing is left to compute, and the leaderboard is the same", async () => {
    const again = tempDir();
    const { distinct, computed } = await explain([], "--out", again);
    expect(distinct).toEqual(WHOLE);
    expect(computed).toEqual(NOTHING);
    const board = (folder: string) => readFileSync(join(folder, "leaderboard.csv"), "utf8");
    expect(board(again)).toBe(board(out));
  });

  // dry runs, so that each is seen against the first run alone
  test.each([
    [
      "another threshold of the selector: selection and what hangs on it, the scores behind it stay",
      "asset_selector.include_score_threshold=0.4",
      { score_panels: 1, selection: 2, allocation: 4, trial: 8 },
    ],
    [
      "one more threshold: the one selection that is new",
      "sweep.grid={allocation.lookback_bars: [20, 40], asset_selector.exclude_score_threshold: [0.1, 0.2, 0.3], portfolio.rebalance_threshold: [0, 0.02]}",
      { score_panels: 1, selection: 1, allocation: 2, trial: 4 },
    ],
    ["another interval of the weights: no selection", "allocation.rebalance_bars=7", { allocation: 4, trial: 8 }],
    [
      "one more lookback: two allocations, four trials",
      "sweep.grid={allocation.lookback_bars: [20, 40, 60], asset_selector.exclude_score_threshold: [0.1, 0.2], portfolio.rebalance_threshold: [0, 0.02]}",
      { allocation: 2, trial: 4 },
    ],
    ["another cost: the trials alone", "portfolio.cost_model.fee_bps=6", { trial: 8 }],
    [
      "another signal: all but the selection, which looks at prices alone",
      "signal.lookback_bars=30",
      { scores: 1, signal: 1, allocation: 4, trial: 8 },
    ],
    ["another seed of the synthetic prices: everything", "seed=8", WHOLE],
    ["another metric to rank by: nothing", "sweep.rank_by=calmar", {}],
  ])("%s", async (_, override, computed) => {
    const { computed: got } = await explain([override], "--dry-run");
    expect(got).toEqual({ ...NOTHING, ...computed });
  });
});
