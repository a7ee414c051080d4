import { expect, test } from "vitest";
import type { Ohlcv } from "../../src/core/ohlcv.ts";
import { createAxes } from "../../src/core/panel.ts";
import { allocateWeights, type WeightsWriter } from "../../src/execution/batch-weights.ts";
import { openKernel, THIS_PROCESS } from "../../src/execution/kernel/kernel-module.ts";
import { simulate } from "../../src/execution/reference.ts";
import { BATCH_PATHS, runBatch, runBatchOn } from "../../src/execution/run-batch.ts";
import { backtestCase } from "../support/backtest-oracle.ts";
import { ALL_PLANES } from "../support/batch.ts";
import { costsOf, DAY, marketOf, marketOn, policyOf } from "../support/market.ts";
import { describeWith, readOracle } from "../support/oracle.ts";

const P = 7;
const T = 40;
const N = 5;

function market(): Ohlcv {
  const axes = createAxes(
    Array.from({ length: T }, (_, t) => t * DAY),
    Array.from({ length: N }, (_, n) => `A${n}`),
  );
  const wave = (i: number, shift: number) => 50 + 10 * Math.sin(0.9 * i + shift);
  const cells = { length: T * N };
  return marketOn(
    axes,
    Float64Array.from(cells, (_, i) => wave(i, 0)),
    Float64Array.from(cells, (_, i) => wave(i, 0.2)),
  );
}

const weightAt = (i: number) => Math.sin(1.7 * i) / N;
const policies = Array.from({ length: P }, (_, p) =>
  policyOf({ sizing: p % 3 === 0 ? "pre_cost" : "post_cost", costs: costsOf(p, 5), maxLeverage: p % 2 === 0 ? 1 : 2 }),
);

/** Every plane and the units, as bytes that can be compared. */
async function bits(weights: Float64Array | WeightsWriter, options: { threads?: number; blockBytes?: number } = {}) {
  const result = await runBatch(shared, weights, policies, { ...options, planes: ALL_PLANES });
  return [...ALL_PLANES.map((plane) => [...result[plane]]), [...result.finalUnits], [...result.path]];
}
const shared = market();
const array = Float64Array.from({ length: P * T * N }, (_, i) => weightAt(i));
const writer: WeightsWriter = {
  configs: P,
  write(first, count, into) {
    expect(into.length).toBe(count * T * N);
    for (let i = 0; i < into.length; i++) into[i] = weightAt(first * T * N + i);
  },
};

test("results are the same bits whatever the threads, the blocks and the way the weights come", async () => {
  const whole = await bits(array, { threads: 1 });
  expect(await bits(array, { threads: 2 })).toEqual(whole);
  expect(await bits(array, { threads: 3, blockBytes: 4 * 8 * T * N })).toEqual(whole);
  expect(await bits(array, { threads: 1, blockBytes: 1 })).toEqual(whole);
  expect(await bits(writer, { threads: 2, blockBytes: 1 })).toEqual(whole);
  const inPlace = allocateWeights(shared, P);
  inPlace.set(array);
  expect(await bits(inPlace)).toEqual(whole);
  expect(await bits(inPlace, { threads: 2 })).toEqual(whole);
});

test("a second run on allocated weights sees what was changed in them, and new policies", async () => {
  const inPlace = allocateWeights(shared, 2);
  inPlace.set(array.subarray(0, 2 * T * N));
  await runBatch(shared, inPlace, policyOf());
  inPlace.fill(0.1);
  const policy = policyOf({ costs: costsOf(20, 0), maxLeverage: 1 });
  const { equity } = await runBatch(shared, inPlace, policy);
  const values = new Float64Array(T * N).fill(0.1);
  const account = simulate(shared, { axes: shared.axes, values }, policy);
  for (const [t, want] of account.equity.entries()) expect(Math.abs(equity[T + t]! - want)).toBeLessThan(1e-9);
});

test("without the kernel the reference gives the same results", async () => {
  const want = await runBatch(shared, array, policies);
  for (const weights of [array, writer]) {
    const got = await runBatchOn(null, shared, weights, policies, {});
    expect([...new Set(got.path)].map((way) => BATCH_PATHS[way])).toEqual(["reference"]);
    for (const [i, equity] of got.equity.entries()) expect(Math.abs(equity - want.equity[i]!)).toBeLessThan(1e-9);
  }
});

test("a process without vector instructions or without the built file is told once, and gets no kernel", () => {
  const said: string[] = [];
  const host = { ...THIS_PROCESS, warn: (message: string) => void said.push(message) };
  expect(openKernel({ ...host, canRun: () => false })).toBeNull();
  expect(openKernel({ ...host, asset: new URL("./no-such.wasm", import.meta.url) })).toBeNull();
  expect(said.length).toBe(2);
  expect(said[0]).toContain("WebAssembly SIMD");
  expect(said[1]).toContain("npm run build");
  expect(openKernel(host)).not.toBeNull();
  expect(said.length).toBe(2);
});

test("no config, no bar and one bar are runs like any other", async () => {
  const none = await runBatch(shared, new Float64Array(0), []);
  expect([none.configs, none.equity.length]).toEqual([0, 0]);
  const oneBar = marketOf([[10, 20]], [[11, 21]]);
  const one = await runBatch(oneBar, Float64Array.of(0.5, 0.5, 1, 0), [policyOf(), policyOf()]);
  expect([...one.equity]).toEqual([1000, 1000]);
  const noBar = marketOn(createAxes([], ["A"]), new Float64Array(0), new Float64Array(0));
  const empty = await runBatch(noBar, new Float64Array(0), [policyOf(), policyOf()]);
  expect([empty.configs, empty.equity.length, [...empty.finalUnits]]).toEqual([2, 0, [0, 0]]);
});

test("what is wrong is named: counts, lengths, policy numbers, and the config of an infinite weight", async () => {
  const fails = (weights: Float64Array, given: Parameters<typeof runBatch>[2]) => runBatch(shared, weights, given);
  await expect(fails(array, policies.slice(1))).rejects.toThrow("weights: must have 6 x 200 cells, got 1400");
  await expect(fails(array.subarray(1), policyOf())).rejects.toThrow("weights: must have a multiple of 200 cells");
  const wrong = policies.with(3, policyOf({ initialCash: -1 }));
  await expect(fails(array, wrong)).rejects.toThrow("config 3, initial cash: must be > 0 and finite, got -1");
  for (const cell of [0, 3 * N + 2, (T - 1) * N]) {
    const broken = Float64Array.from(array);
    broken[2 * T * N + cell] = Number.NEGATIVE_INFINITY;
    const where = `config 2, targets, bar ${Math.floor(cell / N)} A${cell % N}: must be finite`;
    await expect(fails(broken, policies)).rejects.toThrow(where);
  }
});

test("a ruined config goes to the reference and says at which bar; its neighbours do not", async () => {
  const falling = marketOf([[100], [100], [100], [10]], [[100], [100], [100], [10]]);
  // three times the equity in an asset that loses 90 %
  const weights = Float64Array.of(...[3, 3, 3, 3], ...[0.5, 0.5, 0.5, 0.5], ...[0.2, 0.2, 0.2, 0.2]);
  const { path, ruinBar, equity } = await runBatch(falling, weights, policyOf());
  expect([...path].map((way) => BATCH_PATHS[way])).toEqual(["reference", "kernel", "kernel"]);
  expect([...ruinBar]).toEqual([3, -1, -1]);
  // 1000 * (1 - 0.5 * 0.9) and 1000 * (1 - 0.2 * 0.9)
  expect([equity[3], equity[7], equity[11]]).toEqual([0, 550, 820]);
});

/** The same config alone and twice, so that both layouts of the kernel meet the oracle. */
async function expectEquity(
  prices: Ohlcv,
  targets: Float64Array,
  policy: Parameters<typeof runBatch>[2],
  want: number[],
) {
  for (const configs of [1, 2]) {
    const weights = new Float64Array(configs * targets.length);
    for (let p = 0; p < configs; p++) weights.set(targets, p * targets.length);
    const { equity } = await runBatch(prices, weights, policy);
    for (const [i, got] of equity.entries()) {
      const expected = want[i % want.length]!;
      expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-9 * expected);
    }
  }
}

describeWith("oracles/backtest_equity.json", "pre_cost with smallest_first equals vectorbt from_orders", () => {
  for (const { name, input, expected } of readOracle("backtest_equity").cases)
    test(name, async () => {
      const rows = input.decision_dates.map((date: string) => input.dates.indexOf(date));
      const { market: prices, targets } = backtestCase(input, rows);
      const costs = costsOf(input.fees * 1e4, input.slippage * 1e4);
      const sized = { sizing: "pre_cost", cashShortfall: "smallest_first" } as const;
      const policy = policyOf({ ...sized, costs, initialCash: input.init_cash });
      await expectEquity(prices, targets.values as Float64Array, policy, expected.vectorbt.equity_at_close);
    });
});

describeWith("oracles/execution_rules.json", "pending targets and post_cost sizing equal the written rules", () => {
  for (const { name, input, expected } of readOracle("execution_rules").cases)
    test(name, async () => {
      const { market: prices, targets } = backtestCase(input, input.decision_rows);
      const costs = costsOf(input.fee_rate * 1e4, input.slippage * 1e4);
      const policy = policyOf({ sizing: input.sizing, costs, initialCash: input.initial_cash });
      await expectEquity(prices, targets.values as Float64Array, policy, expected.equity_at_close);
    });
});
