/** What the allocation benchmark solves: returns of a seeded factor model, and everything a method may ask for prepared
 *  beforehand, so that a solve is the method's own time. */

import { estimateCovariance } from "../src/allocation/estimators/covariance.ts";
import { WEIGHTING_METHODS, type WeightingMethodName } from "../src/allocation/methods/catalogue.ts";
import type { AllocationInputs } from "../src/allocation/plan-step.ts";
import type { MethodParameters } from "../src/allocation/policy.ts";
import { sleeveStatistics } from "../src/allocation/sleeve-statistics.ts";
import { uniformBounds } from "../src/allocation/weight-bounds.ts";
import type { RegimePosterior, SleeveWindow, Weighing } from "../src/allocation/weighting.ts";
import { createAxes } from "../src/core/panel.ts";
import { createRng } from "../src/core/rng.ts";
import { loadLinearProgram } from "../src/math/linear-program.ts";
import { parametersOf } from "../test/support/weighting.ts";

/** A method and the setting it is timed with; targets are microseconds a solve. */
export interface MethodCase {
  readonly label: string;
  readonly method: WeightingMethodName;
  readonly parameters: Partial<MethodParameters>;
  readonly targetAt20?: number;
}

const { hrp, mv, kelly } = parametersOf();
const KELLY = { ...kelly, base: "inverse_volatility" } as const;

export const METHOD_CASES: readonly MethodCase[] = [
  { label: "equal_weight", method: "equal_weight", parameters: {}, targetAt20: 2 },
  { label: "inverse_volatility", method: "inverse_volatility", parameters: {}, targetAt20: 2 },
  { label: "risk_parity erc", method: "risk_parity", parameters: {}, targetAt20: 60 },
  { label: "hrp single", method: "hrp", parameters: {}, targetAt20: 60 },
  { label: "hrp ward optimal", method: "hrp", parameters: { hrp: { linkage: "ward", leafOrder: "optimal" } } },
  { label: "min_var", method: "constrained_mv", parameters: {}, targetAt20: 150 },
  {
    label: "max_sharpe",
    method: "constrained_mv",
    parameters: { mv: { ...mv, objective: "max_sharpe" } },
    targetAt20: 300,
  },
  { label: "max_diversification", method: "max_diversification", parameters: {} },
  { label: "cdar_min", method: "cdar_min", parameters: {} },
  { label: "sharpe_proportional", method: "sharpe_proportional", parameters: {} },
  { label: "fractional_kelly", method: "fractional_kelly", parameters: { kelly: KELLY } },
  { label: "adaptive_kelly", method: "adaptive_kelly", parameters: { kelly: KELLY } },
  { label: "moe", method: "moe", parameters: {} },
  { label: "signal", method: "signal", parameters: {} },
];
/** As skfolio's HierarchicalRiskParity orders its leaves. */
export const HRP_OPTIMAL: MethodCase = {
  label: "hrp single optimal",
  method: "hrp",
  parameters: { hrp: { ...hrp, leafOrder: "optimal" } },
};

const REGIMES = 2;
const linearProgram = await loadLinearProgram();

/** Three common factors and noise, per day, [bars*n]; the means are positive enough for every method to answer. */
export function factorReturns(bars: number, n: number, label: string): Float64Array {
  const rng = createRng(7).fork(label);
  const loadings = Float64Array.from({ length: 3 * n }, (_, i) => (i < n ? 1 : 0.5) * (0.4 + rng.uniform()) * 0.008);
  const noise = Float64Array.from({ length: n }, () => 0.006 + 0.014 * rng.uniform());
  const mean = Float64Array.from({ length: n }, () => 0.0012 * rng.uniform());
  const returns = new Float64Array(bars * n);
  for (let t = 0; t < bars; t++) {
    const factors = [rng.normal(), rng.normal(), rng.normal()];
    for (let k = 0; k < n; k++) {
      let r = mean[k]! + noise[k]! * rng.normal();
      for (let f = 0; f < 3; f++) r += loadings[f * n + k]! * factors[f]!;
      returns[t * n + k] = Math.max(-0.5, r);
    }
  }
  return returns;
}

/** A year of days, or enough for a sample covariance of full rank. */
export function windowOf(n: number, label: string): SleeveWindow {
  const bars = Math.max(252, n + 4);
  return { returns: factorReturns(bars, n, label), bars, count: n };
}

/** The newest rows of a window. */
export function lastRows({ returns, bars, count }: SleeveWindow, rows: number): SleeveWindow {
  return { returns: returns.subarray((bars - rows) * count), bars: rows, count };
}

function posteriorOver(bars: number, label: string): RegimePosterior {
  const rng = createRng(7).fork(`${label}/posterior`);
  const values = new Float64Array(bars * REGIMES);
  for (let t = 0; t < bars; t++) {
    const calm = rng.uniform();
    values[t * REGIMES] = calm;
    values[t * REGIMES + 1] = 1 - calm;
  }
  return { regimes: REGIMES, values };
}

/** Ledoit-Wolf covariance, weights of 0..1 that sum to 1; covariance and statistics are computed already. */
export function preparedWeighing(window: SleeveWindow, label: string): Weighing {
  const { bars, count } = window;
  const statistics = sleeveStatistics(window, 0);
  const covariance = estimateCovariance(window, { kind: "shrinkage", intensity: "ledoit_wolf" });
  const rng = createRng(7).fork(`${label}/strength`);
  return {
    window,
    statistics: () => statistics,
    volatilities: () => statistics.volatility,
    covariance: () => covariance,
    parameters: parametersOf(),
    strength: Float64Array.from({ length: count }, () => rng.uniform()),
    posterior: posteriorOver(bars, label),
    bounds: uniformBounds(count, 0, 1),
    linearProgram,
  };
}

/** Every asset wanted on every day. */
export function planInputs(bars: number, n: number, label: string): AllocationInputs {
  const days = Array.from({ length: bars }, (_, t) => t * 86_400_000);
  const axes = createAxes(
    days,
    Array.from({ length: n }, (_, k) => `A${k}`),
  );
  const ones = new Float64Array(bars * n).fill(1);
  const posterior = posteriorOver(bars, label);
  return { axes, listed: ones, returns: factorReturns(bars, n, label), strength: ones, posterior, linearProgram };
}

/** @throws Error when the method has no answer: a benchmark of failures would look quick */
export function solve({ method, label }: MethodCase, problem: Weighing, out: Float64Array): void {
  const answer = WEIGHTING_METHODS[method].weigh(problem, out);
  if (!answer.ok) throw new Error(`${label} at n = ${out.length} has no answer: ${answer.reason}`);
}
