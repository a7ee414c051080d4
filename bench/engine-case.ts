/** One case of the engine benchmark, for a process of its own: generated market and weights, one variant of the policy,
 *  one path. Prints an EngineTiming as JSON. Run by engine.ts, on the compiled library. */
import type { Ohlcv } from "../src/core/ohlcv.ts";
import { createAxes } from "../src/core/panel.ts";
import { createRng } from "../src/core/rng.ts";
import { allocateWeights } from "../src/execution/batch-weights.ts";
import type { ExecutionPolicy } from "../src/execution/policy.ts";
import { simulate } from "../src/execution/reference.ts";
import { runBatch } from "../src/execution/run-batch.ts";
import type { ExecutionPanels } from "../src/execution/step-context.ts";
import { CASES, type CaseName, type EngineTiming, type Variant } from "./engine-cases.ts";

/** Configs of W2 that the reference runs. */
const FEW = 10;
/** Runs go on for this long, and for this many at least. */
const BUDGET_MS = 500;
const LEAST_RUNS = { kernel: 5, reference: 3 };
/** The reference runs the first of so many parts of the bars, where all would take minutes. */
const REFERENCE_PART = { W1: 1, W2: 1, W3: 10, W4: 20 };

/** Without cash to spare every bar of `pre_cost` would be a shortfall, which is another case. */
const INVESTED = 0.9;

async function timeCase(name: CaseName, variant: Variant, path: "kernel" | "reference", threads: number) {
  const shape = CASES[name];
  const configs = path === "kernel" ? shape.configs : Math.min(FEW, shape.configs);
  const part = path === "reference" ? REFERENCE_PART[name] : 1;
  const bars = shape.bars / part;
  const market = walk(bars, shape.assets);
  const cells = bars * shape.assets;
  const weights = path === "kernel" ? allocateWeights(market, configs) : new Float64Array(configs * cells);
  fillWeights(weights, shape.assets, Math.min(FEW, configs) * cells);
  const policy = policyOf(variant, shape.assets);
  const panels = panelsOf(variant, cells);

  const runs: number[] = [];
  const run = async () => {
    if (path === "kernel") return runBatch(market, weights, policy, { panels, threads });
    for (let p = 0; p < configs; p++) {
      const values = weights.subarray(p * cells, (p + 1) * cells);
      simulate(market, { axes: market.axes, values }, policy, panels);
    }
    return null;
  };
  const result = await run();
  if (result?.path.some((way) => way !== 0)) throw new Error(`${name} ${variant}: left the kernel`);
  const end = performance.now() + BUDGET_MS;
  while (runs.length < LEAST_RUNS[path] || performance.now() < end) {
    const start = performance.now();
    await run();
    runs.push(((performance.now() - start) * 1e6) / (configs * cells));
  }
  runs.sort((a, b) => a - b);
  const few = configs < shape.configs ? ` (${configs} of ${shape.configs})` : part > 1 ? ` (T = ${bars})` : "";
  const timing: EngineTiming = {
    case: `${name}${few}`,
    variant,
    path,
    threads,
    nsPerCell: runs[runs.length >> 1]!,
    min: runs[0]!,
    max: runs.at(-1)!,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  console.log(JSON.stringify(timing));
}

function walk(bars: number, assets: number): Ohlcv {
  const axes = createAxes(
    Float64Array.from({ length: bars }, (_, t) => t * 60_000),
    Array.from({ length: assets }, (_, n) => `A${n}`),
  );
  const rng = createRng(7);
  const open = new Float64Array(bars * assets);
  const close = new Float64Array(bars * assets);
  for (let n = 0; n < assets; n++) {
    let price = 100;
    for (let i = n; i < open.length; i += assets) {
      open[i] = price *= 1 + 0.002 * (rng.uniform() - 0.5);
      close[i] = price *= 1 + 0.01 * (rng.uniform() - 0.5);
    }
  }
  const high = open.map((price, i) => 1.002 * Math.max(price, close[i]!));
  const low = open.map((price, i) => 0.998 * Math.min(price, close[i]!));
  return { axes, open, high, low, close, volume: open, extras: new Map() };
}

/** Random long weights; the first `distinct` cells over and over. */
function fillWeights(weights: Float64Array, assets: number, distinct: number): void {
  const rng = createRng(8);
  for (let row = 0; row < distinct; row += assets) {
    let sum = 0;
    for (let i = row; i < row + assets; i++) sum += weights[i] = rng.uniform();
    for (let i = row; i < row + assets; i++) weights[i] = (weights[i]! * INVESTED) / sum;
  }
  for (let at = distinct; at < weights.length; at += distinct) weights.copyWithin(at, 0, distinct);
}

function policyOf(variant: Variant, assets: number): ExecutionPolicy {
  const each = (bps: number) => Array.from({ length: assets }, (_, n) => bps + (n % 5));
  const [feeBps, slippageBps] = variant === "asset_costs" ? [each(10), each(5)] : [10, 5];
  return {
    executionMode: "orders",
    uponOppositeEntry: "reverse",
    priceType: "next_open",
    sizing: variant === "post_cost" || variant === "cap" ? "post_cost" : "pre_cost",
    cashShortfall: "pro_rata",
    costs: { feeBps, slippageBps, minFee: 0, borrowPerBar: variant === "carry" ? 1e-5 : 0, liquidity: null },
    initialCash: 1e6,
    rebalanceThreshold: variant === "threshold" ? 0.002 : 0,
    maxLeverage: variant === "cap" ? 1 : Number.POSITIVE_INFINITY,
    delistAfterBars: 20,
    delistHaircut: 0,
    stops: variant === "stops" ? { stopLoss: 0.5, takeProfit: 3, trailing: 0.6, atrMultiple: 200, atrBars: 14 } : null,
    margin: variant === "margin" ? { initialRate: 0.5, maintenanceRate: 0.01 } : null,
    guards: null,
  };
}

function panelsOf(variant: Variant, cells: number): ExecutionPanels {
  if (variant === "carry") return { fundingRate: new Float64Array(cells).fill(1e-6) };
  if (variant === "moves") return { moves: { fraction: new Float64Array(cells).fill(0.5), gate: null } };
  return {};
}

const [name, variant, path, threads] = process.argv.slice(1);
await timeCase(name as CaseName, variant as Variant, path as "kernel" | "reference", Number(threads));
