// Reference numbers made by other people's code: ../shared/oracles/metrics.json and cdar.json (own.* 1e-9 relative, CDaR 1e-12).
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { averageDrawdown, conditionalDrawdown, drawdownSeries } from "../../src/metrics/drawdown.ts";
import { downsideDeviation } from "../../src/metrics/ratios.ts";
import { annualMean } from "../../src/metrics/returns.ts";
import {
  deflatedSharpe,
  expectedMaxSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
} from "../../src/metrics/sharpe-inference.ts";
import { summarise } from "../../src/metrics/summary.ts";

const folder = new URL("../../../shared/oracles/", import.meta.url);
const absent = !existsSync(new URL("metrics.json", folder));
const skipped = absent ? " (skipped: ../shared/oracles is not there)" : "";

type Numbers = Readonly<Record<string, number>>;
interface MarketCase {
  readonly name: string;
  readonly periods_per_year: number;
  readonly input: { readonly returns: number[]; readonly benchmark: number[]; readonly rf_annual: number };
  readonly expected: {
    readonly own: Numbers;
    readonly empyrical: Numbers;
    readonly relative_own: Numbers;
    readonly psr_dsr: Numbers & Readonly<Record<`dsr_${string}`, Numbers>>;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the cases of an oracle file differ in shape
const load = (file: string): any[] => (absent ? [] : JSON.parse(readFileSync(new URL(file, folder), "utf8")).cases);
const cases = load("metrics.json");
const named = (name: string) => cases.find((one) => one.name === name);
const markets: readonly MarketCase[] = absent
  ? [{ name: "every market case" } as MarketCase]
  : cases.filter((one) => one.expected.own !== undefined);

function close(got: number, want: number, label: string, tolerance = 1e-9): void {
  expect(Math.abs(got - want), `${label}: got ${got}, want ${want}`).toBeLessThanOrEqual(tolerance * Math.abs(want));
}

describe.skipIf(absent).each(markets)(`$name${skipped}`, ({ periods_per_year: periodsPerYear, input, expected }) => {
  const returns = absent ? new Float64Array() : Float64Array.from(input.returns);

  test("equals the plain definitions", () => {
    const got = summarise(returns, { periodsPerYear, riskFreeAnnual: 0 });
    const { own } = expected;
    const pairs: readonly (readonly [number, string])[] = [
      [got.total_return, "total_return"],
      [got.cagr, "cagr"],
      [got.volatility, "vol_ann_ddof1"],
      [got.sharpe, "sharpe_ddof1"],
      [got.sortino, "sortino"],
      [got.max_drawdown, "max_drawdown_from_start"],
      [got.max_drawdown_duration, "longest_drawdown_obs"],
      [got.calmar, "calmar"],
      [got.var_95, "var95_hist_linear"],
      [got.cvar_95, "cvar95_mean_below_or_at_linear_quantile"],
      [got.omega, "omega0"],
      [got.tail_ratio, "tail_ratio"],
      [got.ulcer_index, "ulcer_index_div_n"],
      [got.skewness, "skew_biased"],
      [got.kurtosis, "kurtosis_biased_excess"],
      [got.hit_rate, "hit_rate_gt0"],
      [annualMean(returns, periodsPerYear), "ann_mean_arith"],
      [downsideDeviation(returns, periodsPerYear), "downside_dev_ann"],
      [averageDrawdown(drawdownSeries(returns)), "avg_drawdown"],
    ];
    for (const [value, field] of pairs) close(value, own[field]!, field);
    expect(got.periods).toBe(input.returns.length);
    expect(got.missing).toBe(0);
  });

  test("has a CDaR between the deepest drawdown and the one that weighs the boundary by its fraction", () => {
    const drawdowns = drawdownSeries(returns);
    const cdar = conditionalDrawdown(drawdowns);
    expect(cdar).toBeGreaterThanOrEqual(expected.own.cdar95_rockafellar! - 1e-12);
    const tail = Math.ceil(returns.length / 20);
    const deepest = [...drawdowns].sort((a, b) => a - b).slice(0, tail);
    close(cdar, deepest.reduce((sum, depth) => sum + depth, 0) / tail, "cdar_95", 1e-12);
  });

  test("takes an annual risk-free rate off per period", () => {
    const got = summarise(returns, { periodsPerYear, riskFreeAnnual: input.rf_annual });
    close(got.sharpe, expected.empyrical.sharpe_rf!, "sharpe_rf");
  });

  test("equals the plain definitions against its benchmark", () => {
    const benchmark = Float64Array.from(input.benchmark);
    const got = summarise(returns, { periodsPerYear, riskFreeAnnual: 0, benchmark });
    const want = expected.relative_own;
    close(got.beta!, want.beta!, "beta");
    close(got.alpha!, want.alpha_ann_simple!, "alpha");
    close(got.alpha! / periodsPerYear, want.alpha_per_obs!, "alpha per period");
    close(got.tracking_error!, want.tracking_error_ann!, "tracking_error");
    close(got.information_ratio!, want.information_ratio_ann!, "information_ratio");
  });

  test("has the published probabilistic and deflated Sharpe ratios", () => {
    const sample = sharpeSample(returns);
    const want = expected.psr_dsr;
    close(sample.sharpe, want.sr_per_obs!, "sr_per_obs");
    close(sample.excessKurtosis + 3, want.kurtosis_biased_full!, "kurtosis");
    close(summarise(returns, { periodsPerYear, riskFreeAnnual: 0 }).psr, want.psr_vs_0!, "psr");
    close(probabilisticSharpe(sample, 1 / Math.sqrt(periodsPerYear)), want.psr_vs_annual_1!, "psr against 1 a year");
    for (const [variance, trials] of [
      [0.0004, 10],
      [0.001, 100],
    ] as const) {
      const deflated = want[`dsr_N${trials}_var${variance}`]!;
      close(expectedMaxSharpe(variance, trials), deflated.expected_max_sr_per_obs!, "expected maximum");
      close(deflatedSharpe(sample, variance, trials), deflated.dsr!, "dsr");
    }
    close(minimumTrackRecord(sample), want.min_track_record_len_vs0_95!, "minimum track record");
  });
});

test.skipIf(absent)(`deflates the best of several trials${skipped}`, () => {
  const { input, expected } = named("dsr_from_trials");
  const samples = (input.trials as number[][]).map((trial) => sharpeSample(Float64Array.from(trial)));
  samples.forEach((sample, i) => {
    close(sample.sharpe, expected.sr_per_obs[i], `trial ${i}`);
  });
  close(expectedMaxSharpe(expected.var_sr_ddof1, expected.n_trials), expected.expected_max_sr, "expected maximum");
  const best = samples[expected.best]!;
  close(deflatedSharpe(best, expected.var_sr_ddof1, expected.n_trials), expected.dsr, "dsr");
  close(probabilisticSharpe(best), expected.psr_vs_0_best, "psr of the best");
});

test.skipIf(absent)(`gives the published deflated-Sharpe example${skipped}`, () => {
  const [want] = named("dsr_published_example").expected;
  const sample = {
    sharpe: want.sr_annual / Math.sqrt(want.periods),
    periods: want.n_obs,
    skewness: want.skew,
    excessKurtosis: want.kurtosis - 3,
  };
  const variance = want.var_sr_annual / want.periods;
  close(expectedMaxSharpe(variance, want.n_trials), want.expected_max_sr_per_obs, "expected maximum");
  const dsr = deflatedSharpe(sample, variance, want.n_trials);
  close(dsr, want.dsr, "dsr");
  expect(dsr).toBeCloseTo(want.published_4dp, 4);
});

test.skipIf(absent)(`agrees with empyrical at the edges wherever it is finite and sensible${skipped}`, () => {
  const keys = [
    ["max_drawdown", "max_drawdown"],
    ["cagr", "annual_return"],
    ["calmar", "calmar_ratio"],
    ["var_95", "value_at_risk"],
    ["cvar_95", "conditional_value_at_risk"],
    ["sharpe", "sharpe_ratio"],
    ["omega", "omega_ratio"],
    ["tail_ratio", "tail_ratio"],
  ] as const;
  for (const edge of named("edge_cases").expected) {
    const got = summarise(Float64Array.from(edge.returns), { periodsPerYear: 252, riskFreeAnnual: 0 });
    for (const value of Object.values(got)) expect(Math.abs(value)).not.toBe(Number.POSITIVE_INFINITY);
    for (const [ours, theirs] of keys) {
      const want = edge.empyrical[theirs];
      // A constant series has a standard deviation of 1e-18 and so a Sharpe of 1e16 there; here it is undefined.
      if (ours === "sharpe" && edge.name === "constant") expect(got.sharpe).toBeNaN();
      else if (want === null) expect(got[ours], `${edge.name} ${ours}`).toBeNaN();
      else close(got[ours], want, `${edge.name} ${ours}`);
    }
  }
});

test.skipIf(absent)(`has the drawdowns and the CDaR of the reference series${skipped}`, () => {
  const [{ input, expected }] = load("cdar.json");
  const returns = Float64Array.from(input.returns as number[]);
  const drawdowns = drawdownSeries(returns);
  expected.drawdowns.forEach((depth: number, t: number) => {
    expect(Math.abs(drawdowns[t]! - depth), `bar ${t}`).toBeLessThanOrEqual(1e-12);
  });
  const got = summarise(returns, { periodsPerYear: 252, riskFreeAnnual: 0 });
  expect(Math.abs(got.cdar_95 - expected.cdar_5_signed)).toBeLessThanOrEqual(1e-12);
  expect(Math.abs(got.max_drawdown - expected.max_drawdown_signed)).toBeLessThanOrEqual(1e-12);
});
