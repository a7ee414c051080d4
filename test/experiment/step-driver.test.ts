/** One experiment, two drivers: a whole run, and bars one by one with a stop, a snapshot and a restart between them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { createAxes } from "../../src/core/panel.ts";
import { createRng } from "../../src/core/rng.ts";
import { simulate } from "../../src/execution/reference.ts";
import { findCandidates } from "../../src/experiment/candidates.ts";
import { decide, stagePlanes, tradedTargets } from "../../src/experiment/decide.ts";
import { type DecisionInputs, inputsHead } from "../../src/experiment/decision-inputs.ts";
import { executionPolicy } from "../../src/experiment/execution-policy.ts";
import { NO_EXTENSIONS } from "../../src/experiment/extensions.ts";
import { parseConfig } from "../../src/experiment/load-config.ts";
import { proveNoLookAhead } from "../../src/experiment/look-ahead.ts";
import type { ExperimentConfig } from "../../src/experiment/schema.ts";
import {
  type BarReport,
  initDriver,
  loadDriver,
  prepareSteppedRun,
  type SteppedRun,
  saveDriver,
  stepDriver,
} from "../../src/experiment/step-driver.ts";
import { DAY, marketOn } from "../support/market.ts";

const SYMBOLS = ["A", "B", "C", "D"];

/** Every stage that has a memory, in every combination. */
const configs = fc.record({
  signal: fc.constantFrom(
    "{kind: long_only}",
    "{kind: tsmom, lookback_bars: 6, vol_window_bars: 5}",
    "{kind: scores, path: scores.csv, select: {top_k: 2}, side: long_short, max_age_bars: 4}",
    "{kind: weights, path: weights.csv}",
  ),
  selector: fc.constantFrom(
    "",
    "{sharpe_lookback: 10, return_lookback: 5, exclude_confirmation_bars: 1, min_exclusion_bars: 2, include_confirmation_bars: 1, exclude_score_threshold: 0.34, include_score_threshold: 0.4, min_active_assets: 1}",
    "{sharpe_lookback: 12, exclude_confirmation_bars: 2, min_exclusion_bars: 1, ramp_steps: 2, redistribute: true, hard_exclude_drawdown: 0.05, hard_exclude_sharpe: -0.2}",
  ),
  method: fc.constantFrom("equal_weight", "inverse_volatility", "hrp", "risk_parity"),
  lookback: fc.integer({ min: 3, max: 15 }),
  every: fc.integer({ min: 1, max: 8 }),
  limits: fc.constantFrom("{}", "{max_turnover: 0.2}", "{max_weight: 0.4}"),
  rebalancing: fc.constantFrom(
    "",
    "{interval: 4, split: [0.5, 0.3, 0.2]}",
    "{trigger: threshold, threshold: 0.03, split: [0.5, 0.5]}",
    "{trigger: hybrid, interval: week, threshold: 0.02, drift: l1, groups: {first: [A, B]}}",
    "{debounce_bars: 3, split: [0.3, 0.2, 0.2, 0.2, 0.1], groups: {first: [A, B], second: [C]}}",
  ),
  portfolio: fc.constantFrom(
    "{}",
    "{rebalance_threshold: 0.02, cost_model: {fee_bps: 20, slippage_bps: 5}}",
    "{max_leverage_cap: 1.5, stops: {stop_loss: 0.05, trailing: 0.1}, system_stop_loss: 0.2}",
    "{sizing: pre_cost, margin: {initial: 0.5, maintenance: 0.2}}",
  ),
});
type Config = typeof configs extends fc.Arbitrary<infer C> ? C : never;

function yamlOf({ signal, selector, method, lookback, every, limits, rebalancing, portfolio }: Config): string {
  const weighs = !signal.includes("kind: weights");
  return [
    "name: x",
    "data: {}",
    `signal: ${signal}`,
    selector === "" ? "" : `asset_selector: ${selector}`,
    weighs
      ? `allocation: {method: ${method}, lookback_bars: ${lookback}, rebalance_bars: ${every}, constraints: ${limits}}`
      : "",
    rebalancing === "" ? "" : `rebalancing: ${rebalancing}`,
    `portfolio: ${portfolio}`,
    "",
  ].join("\n");
}

/** Prices with holes, a late listing and a delisting; a file with a row every few bars. */
function inputsOf(seed: number, bars: number): DecisionInputs {
  const rng = createRng(seed);
  const N = SYMBOLS.length;
  const axes = createAxes(
    Array.from({ length: bars }, (_, t) => Date.UTC(2020, 0, 6) + (Math.floor(t / 5) * 7 + (t % 5)) * DAY),
    SYMBOLS,
  );
  const close = new Float64Array(bars * N);
  for (let i = 0; i < close.length; i++) close[i] = (i < N ? 100 : close[i - N]!) * Math.exp(0.03 * rng.normal());
  const open = close.map((price) => price * Math.exp(0.01 * rng.normal()));
  const listed = rng.integer(Math.ceil(bars / 2));
  const gone = bars - rng.integer(Math.ceil(bars / 3));
  for (let t = 0; t < bars; t++) {
    if (t < listed) open[t * N + 1] = close[t * N + 1] = Number.NaN;
    if (t >= gone) open[t * N + 2] = close[t * N + 2] = Number.NaN;
    if (rng.uniform() < 0.05) open[t * N] = close[t * N] = Number.NaN;
  }
  const fromFile = new Float64Array(bars * N).fill(Number.NaN);
  for (let t = 0; t < bars; t += 3) for (let n = 0; n < N; n++) fromFile[t * N + n] = rng.integer(4) / 12;
  const market = marketOn(axes, open, close);
  return {
    market,
    periodsPerYear: 252,
    fundingRate: null,
    fromFile,
    posterior: null,
    linearProgram: null,
    extensions: NO_EXTENSIONS,
  };
}

function stepAll(run: SteppedRun, state = initDriver(run), past = Number.POSITIVE_INFINITY): BarReport[] {
  const reports: BarReport[] = [];
  while (state.bar + 1 < past) {
    const report = stepDriver(state, run);
    if (report === null) break;
    reports.push(report);
  }
  return reports;
}

async function wholeRun(config: ExperimentConfig, inputs: DecisionInputs) {
  const decisions = decide(config, inputs, await findCandidates(config, inputs));
  const policy = executionPolicy(config.portfolio, { assets: SYMBOLS, periodsPerYear: 252 });
  const moves = decisions.schedule?.moves;
  return { decisions, account: simulate(inputs.market, tradedTargets(decisions), policy, { moves }) };
}

const cases = [configs, fc.nat(), fc.integer({ min: 2, max: 60 }), fc.nat()] as const;

describe("an experiment stepped bar by bar", () => {
  test("stopped at any close, saved as text and gone on with, gives the bits of the whole run", async () => {
    await fc.assert(
      fc.asyncProperty(...cases, async (parts, seed, bars, pick) => {
        const config = parseConfig(yamlOf(parts), "x.yaml");
        const inputs = inputsOf(seed, bars);
        const { decisions, account } = await wholeRun(config, inputs);
        const cut = pick % bars;
        // Up to the cut only what was known then is there.
        const known = await prepareSteppedRun(config, inputsHead(inputs, cut + 1), { name: "x" });
        const early = initDriver(known);
        const reports = stepAll(known, early);
        const later = await prepareSteppedRun(config, inputs, { name: "x" });
        reports.push(...stepAll(later, loadDriver(saveDriver(early, known), "snapshot", later)));
        const rows = (of: (report: BarReport) => Float64Array) => Float64Array.from(reports.flatMap((r) => [...of(r)]));
        expect(Float64Array.from(reports, (r) => r.equity)).toEqual(account.equity);
        expect(rows((r) => r.held)).toEqual(account.heldWeights);
        expect(rows((r) => r.targets)).toEqual(tradedTargets(decisions).values);
        expect(reports.flatMap((r) => [...r.fills.price])).toEqual([...account.fills.price]);
        expect(reports.flatMap((r) => r.selection)).toEqual(decisions.selection?.events ?? []);
        expect(reports.flatMap((r) => r.rebalancing)).toEqual(decisions.schedule?.record.events ?? []);
        expect(reports.flatMap((r) => (r.method === null ? [] : [r.method]))).toEqual(
          decisions.allocation?.methods ?? [],
        );
        const ends = account.events.filter(({ kind }) => kind !== "unfilled_target");
        expect(reports.flatMap((r) => r.events)).toEqual(ends);
      }),
      { numRuns: 250 },
    );
  }, 120_000);

  test("decides on nothing later than each close, whatever the stages", async () => {
    await fc.assert(
      fc.asyncProperty(...cases, async (parts, seed, bars, pick) => {
        const config = parseConfig(yamlOf(parts), "x.yaml");
        const rng = createRng(pick);
        const { leak } = await proveNoLookAhead((known) => stagePlanes(config, known), inputsOf(seed, bars), {
          count: 3,
          rng,
        });
        expect(leak).toBe(null);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});

describe("a snapshot", () => {
  const yaml = (lookback: number) => `name: x\ndata: {}\nallocation: {lookback_bars: ${lookback}}\n`;
  const prepared = async (lookback: number, inputs: DecisionInputs) => {
    const config = parseConfig(yaml(lookback), "x.yaml");
    return prepareSteppedRun(config, inputs, { allocation: config.allocation });
  };
  const faultsOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof InputError) return error.message;
      throw error;
    }
    return "";
  };

  test("of another config is refused with the difference named", async () => {
    const inputs = inputsOf(1, 30);
    const run = await prepared(5, inputs);
    const text = saveDriver(initDriver(run), run);
    const other = await prepared(6, inputs);
    expect(faultsOf(() => loadDriver(text, "state.json", other))).toBe(
      "state.json: is of another experiment: allocation.lookback_bars was 5 there and is 6 here",
    );
  });

  test("of another version, of a changed past, of later data, or that is none, is refused with the reason", async () => {
    const inputs = inputsOf(1, 30);
    const run = await prepared(5, inputs);
    const state = initDriver(run);
    stepAll(run, state, 20);
    const text = saveDriver(state, run);
    expect(faultsOf(() => loadDriver(text.replace('"version": 1', '"version": 0'), "s", run))).toBe(
      "s: must be a snapshot of version 1, got 0",
    );
    const close = Float64Array.from(inputs.market.close as Float64Array);
    close[19 * SYMBOLS.length + 3] = close[19 * SYMBOLS.length + 3]! + 1;
    const changed = await prepared(5, { ...inputs, market: { ...inputs.market, close } });
    expect(faultsOf(() => loadDriver(text, "s", changed))).toBe(
      "s: was taken on other data: prices up to 2020-01-31 are not what they were",
    );
    const short = await prepared(5, inputsHead(inputs, 10));
    expect(faultsOf(() => loadDriver(text, "s", short))).toBe(
      "s: stands at bar 19 (2020-01-31), but the data end before it, with bar 9",
    );
    for (const none of ["", "{}", "null", "[1]", '{"format": "x"}'])
      expect(faultsOf(() => loadDriver(none, "s", run))).toMatch(/^s: is no snapshot/);
    const later = Float64Array.from(inputs.market.close as Float64Array).fill(7, 20 * SYMBOLS.length);
    const grown = await prepared(5, { ...inputs, market: { ...inputs.market, close: later } });
    expect(loadDriver(text, "s", grown).bar).toBe(19);
  });
});
