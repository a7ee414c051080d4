/** A plausible SweepRecord for tests of its report and files: ten by ten by ten trials around a peak with noise, every
 *  invalid and failed state among them. It is not the sweep engine and checks nothing of it. */

import type { HoldoutRecord } from "../../src/core/holdout-record.ts";
import { createAxes } from "../../src/core/panel.ts";
import { createRng, type Rng } from "../../src/core/rng.ts";
import type { OverfittingRecord, SweepAxis, SweepRecord, Trial, TrialEquity } from "../../src/core/sweep-record.ts";
import type { ForwardAccount, WalkForwardRecord } from "../../src/core/walk-forward-record.ts";

const DAY = 86_400_000;
const BARS = 756;
const BEST = 10;

const AXES: readonly SweepAxis[] = [
  {
    path: "allocation.method",
    values:
      "equal inverse_volatility min_variance max_sharpe hrp herc risk_parity cvar kelly max_diversification".split(" "),
  },
  { path: "allocation.lookback_bars", values: [20, 40, 60, 90, 120, 150, 180, 220, 260, 300] },
  {
    path: "asset_selector.exclude_score_threshold",
    values: [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
  },
];

/** 1,000 trials: 30 invalid (hrp at lookbacks up to 60 bars), 10 failed, 20 done with undefined ratios. */
export function fabricateSweep(seed = 11): SweepRecord {
  const rng = createRng(seed);
  const noise = rng.fork("metrics");
  const trials = places().map((at, index) => fabricateTrial(at, index, noise));
  const ranking = trials
    .filter(({ state }) => state === "done")
    .sort((a, b) => order(b) - order(a) || a.index - b.index)
    .map(({ index }) => index);
  const time = Float64Array.from({ length: BARS }, (_, t) => Date.UTC(2021, 0, 1) + t * DAY);
  return {
    name: "methods-by-lookback",
    description: "Which weighting method, over how much history, and how strict the selector has to be.",
    id: "methods-by-lookback-20261103-c0ffee",
    synthetic: true,
    periodsPerYear: 365,
    bars: createAxes(time, ["BTC", "ETH", "ADA", "SOL"]),
    axes: AXES,
    trials,
    rankBy: "sharpe",
    rankAscending: false,
    ranking,
    best: ranking.slice(0, BEST).map((trial) => walk(trial, trials[trial]!.metrics.sharpe!, rng.fork(`walk/${trial}`))),
    intervals: { sharpe: { low: 0.21, high: 2.43 }, max_drawdown: { low: -0.61, high: -0.18 } },
    overfitting: fabricateOverfitting(rng.fork("overfitting")),
    walkForward: fabricateForward(rng.fork("forward"), ranking),
    stages: [
      { stage: "data", distinct: 1 },
      { stage: "scores", distinct: 1 },
      { stage: "selection", distinct: 10 },
      { stage: "allocation", distinct: 100 },
      { stage: "execution", distinct: 970 },
    ],
    holdoutStart: "2023-01-27",
    holdout: fabricateHoldout(rng.fork("holdout"), trials[ranking[0]!]!),
    provenance: { dataHash: "5f2c".repeat(16), codeVersion: "0.1.0", codeHash: "9d3e".repeat(8), seed },
    warnings: ["10 trials failed; their reasons are listed in the report"],
    config: "name: methods-by-lookback\nsweep:\n  grid:\n    allocation.method: [equal, hrp]\n",
  };
}

/** Positions on the axes, the last running fastest. */
function places(): number[][] {
  return AXES.reduce<number[][]>(
    (heads, { values }) => heads.flatMap((head) => values.map((_, k) => [...head, k])),
    [[]],
  );
}

function fabricateTrial(at: readonly number[], index: number, rng: Rng): Trial {
  const [method, lookback, threshold] = at as [number, number, number];
  const values = at.map((k, axis) => AXES[axis]!.values[k]!);
  // Drawn whatever the state, so that every trial's numbers stay what they are when another's state changes.
  const draws = [rng.normal(), rng.normal(), rng.normal()] as const;
  if (method === 4 && lookback < 3)
    return { index, id: "", values, state: "invalid", error: "hrp needs a lookback above 60 bars", metrics: {} };
  const id = (0x1000000 + index * 7919).toString(16);
  if (index % 100 === 37)
    return { index, id, values, state: "failed", error: `bar ${40 + index}: covariance is singular`, metrics: {} };
  return {
    index,
    id,
    values,
    state: "done",
    error: null,
    metrics: fabricateMetrics(method, lookback, threshold, draws, index),
  };
}

function fabricateMetrics(
  method: number,
  lookback: number,
  threshold: number,
  draws: readonly [number, number, number],
  index: number,
): Record<string, number> {
  const sharpe = 0.5 + 0.08 * method - 0.02 * (lookback - 5) ** 2 - 0.01 * (threshold - 4) ** 2 + 0.25 * draws[0];
  const volatility = 0.4 - 0.01 * method + 0.02 * draws[1];
  const cagr = sharpe * volatility - volatility ** 2 / 2;
  const flat = index % 50 === 49;
  const undefinedOr = (value: number): number => (flat ? Number.NaN : value);
  return {
    total_return: flat ? 0 : (1 + cagr) ** 2.07 - 1,
    cagr: flat ? 0 : cagr,
    volatility: flat ? 0 : volatility,
    sharpe: undefinedOr(sharpe),
    sortino: undefinedOr(1.4 * sharpe),
    calmar: undefinedOr(cagr / 0.35),
    max_drawdown: flat ? 0 : -0.35 - 0.03 * draws[2],
    max_drawdown_duration: flat ? 0 : Math.round(150 + 30 * draws[2]),
    turnover: flat ? 0 : 8 / (1 + lookback),
    my_metric: undefinedOr(draws[2]),
  };
}

function order({ metrics }: Trial): number {
  return metrics.sharpe === metrics.sharpe ? metrics.sharpe! : Number.NEGATIVE_INFINITY;
}

function walk(trial: number, sharpe: number, rng: Rng): TrialEquity {
  const equity = new Float64Array(BARS).fill(100_000);
  for (let t = 1; t < BARS; t++) equity[t] = equity[t - 1]! * (1 + 0.02 * (sharpe / Math.sqrt(365) + rng.normal()));
  return { trial, equity };
}

function fabricateOverfitting(rng: Rng): OverfittingRecord {
  const logits = Float64Array.from({ length: 924 }, () => 0.9 + 1.1 * rng.normal());
  return {
    trials: 1430,
    effectiveTrials: 46,
    sharpeVariance: 0.0004,
    probabilisticSharpe: 0.98,
    deflatedSharpe: 0.52,
    deflatedSharpeEffective: 0.71,
    minimumTrackRecord: 512.4,
    pbo: logits.filter((logit) => logit <= 0).length / logits.length,
    blocks: 12,
    splits: 924,
    probabilityOfLoss: 0.18,
    degradationSlope: -0.42,
    degradationIntercept: 0.061,
    logits,
    realityCheck: 0.034,
    superiorAbility: 0.021,
  };
}

/** Five windows of 252 + 100 bars; the second keeps what the first chose, the fourth has nothing to measure. */
function fabricateForward(rng: Rng, ranking: readonly number[]): WalkForwardRecord {
  const account = (trial: number): ForwardAccount => {
    const { equity } = walk(trial, 0.5, rng.fork(`forward/${trial}`));
    const metrics = { total_return: 0.1, cagr: 0.05, volatility: 0.15, sharpe: 0.4, max_drawdown: -0.2 };
    return { trial, equity: equity.slice(252), metrics };
  };
  const chosen = [ranking[3]!, ranking[3]!, ranking[0]!, ranking[0]!, ranking[5]!];
  return {
    kind: "rolling",
    trainBars: 252,
    testBars: 100,
    stepBars: 100,
    rankBy: "sharpe",
    rankAscending: false,
    windows: chosen.map((trial, k) => ({
      train: { from: 1 + 100 * k, to: 253 + 100 * k },
      test: { from: 253 + 100 * k, to: Math.min(BARS, 353 + 100 * k) },
      choice: k === 1 ? "kept" : "chosen",
      trial,
      trainMetric: k === 1 ? Number.NaN : 1.25,
      testMetric: k === 3 ? Number.NaN : 0.5,
      testRank: k === 3 ? Number.NaN : 40.5,
      tested: 900,
    })),
    firstBar: 253,
    switches: 2,
    steadiness: [
      { axis: 0, distinct: 3, mode: "hrp", modeShare: 0.4, changes: 2 },
      { axis: 1, distinct: 1, mode: 60, modeShare: 1, changes: 0 },
      { axis: 2, distinct: 2, mode: undefined, modeShare: 0.6, changes: 1 },
    ],
    testMean: 0.5,
    trainMean: 1.25,
    efficiency: 0.4,
    meanPlace: 0.25,
    stitched: account(-1),
    intervals: { sharpe: { low: -0.3, high: 1.1 } },
    spliced: account(-1),
    hindsight: account(ranking[0]!),
    median: account(ranking[9]!),
  };
}

function fabricateHoldout(rng: Rng, { index, id }: Trial): HoldoutRecord {
  const { equity } = walk(index, 0.5, rng);
  return {
    trial: index,
    id,
    rank: 1,
    configHash: "ab12".repeat(16),
    start: "2022-12-01",
    firstBar: 700,
    bars: BARS - 700,
    looks: 3,
    time: Float64Array.from({ length: BARS }, (_, t) => Date.UTC(2021, 0, 1) + t * DAY),
    equity,
    development: { sharpe: 1.9, cagr: 0.3, max_drawdown: -0.2, turnover: 2 },
    holdout: { sharpe: 0.3, cagr: 0.02, max_drawdown: -0.1, turnover: Number.NaN },
    intervals: { sharpe: { low: -1.5, high: 2.1 }, cagr: { low: Number.NaN, high: Number.NaN } },
  };
}
