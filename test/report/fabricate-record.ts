/** A plausible RunRecord from a random walk, for tests of the report alone: weights are rebalanced every month to
 *  noisy targets, costs are charged on turnover. It is not the engine and checks nothing of it. */
import type { AllocationRecord } from "../../src/core/allocation-record.ts";
import type { Account, AccountEvent, RunRecord, TargetWeights, Trade } from "../../src/core/contracts.ts";
import type { DataQuality } from "../../src/core/data-quality.ts";
import { type Axes, createAxes } from "../../src/core/panel.ts";
import { createRng, type Rng } from "../../src/core/rng.ts";
import { accountMetrics } from "../../src/metrics/summary.ts";
import { fabricateModels } from "./fabricate-models.ts";
import { fabricateRebalancing } from "./fabricate-rebalancing.ts";
import { fabricateSelection } from "./fabricate-selection.ts";

export interface FabricateOptions {
  readonly bars: number;
  readonly assets: number;
  readonly benchmark?: boolean;
  /** Sells the second half of the assets short. */
  readonly short?: boolean;
  /** Bar at which everything is lost; -1 = never. */
  readonly ruinBar?: number;
  readonly seed?: number;
}

const DAY = 86_400_000;
const PERIODS_PER_YEAR = 252;
const INITIAL_CASH = 100_000;
const REBALANCE_BARS = 21;
const COST_RATE = 0.001;

export function fabricateRecord(options: FabricateOptions): RunRecord {
  const { bars, assets, benchmark = true, short = false, ruinBar = -1, seed = 7 } = options;
  const rng = createRng(seed);
  const symbols = Array.from({ length: assets }, (_, n) => `${String.fromCharCode(65 + (n % 26))}${100 + n}`);
  const axes = createAxes(businessDays(Date.UTC(2015, 0, 2), bars), symbols);
  const returns = marketReturns(axes, rng.fork("market"));
  const { account, targets } = fabricateAccount(axes, returns, rng.fork("strategy"), 0.6, short, ruinBar);
  const other = benchmark ? fabricateAccount(axes, returns, rng.fork("benchmark"), 0, false, -1).account : null;
  const metricOptions = { periodsPerYear: PERIODS_PER_YEAR, riskFreeAnnual: 0 };
  return {
    name: "quickstart",
    id: "quickstart-20151103-a1b2c3",
    synthetic: true,
    riskFreeAnnual: 0,
    description: "",
    periodsPerYear: PERIODS_PER_YEAR,
    account,
    trades: fabricateTrades(axes, rng.fork("trades"), Math.floor(bars / 6)),
    targets,
    selection: fabricateSelection(axes, rng.fork("selection")),
    rebalancing: fabricateRebalancing(bars, rng.fork("rebalancing")),
    comparison:
      other === null
        ? []
        : [account, other].map(({ equity }, k) => ({
            label: ["inverse_volatility", "equal_weight"][k]!,
            equity,
            metrics: { ...accountMetrics(k === 0 ? account : other, metricOptions) },
            decisions: 12,
            answered: 11,
          })),
    models: fabricateModels(axes),
    allocation: fabricateAllocation(axes, rng.fork("allocation")),
    label: "inverse_volatility",
    benchmark: other === null ? null : { label: "equal_weight", account: other },
    metrics: { ...accountMetrics(account, metricOptions), ...(other === null ? {} : { alpha: 0.0132, beta: 0.91 }) },
    benchmarkMetrics: other === null ? null : { ...accountMetrics(other, metricOptions) },
    intervals: { sharpe: { low: -0.61, high: 0.66 }, max_drawdown: { low: -0.68, high: Number.NaN } },
    quality: fabricateQuality(axes),
    provenance: {
      configHash: "5f2c".repeat(16),
      dataHash: "a90b".repeat(16),
      codeVersion: "0.1.0",
      codeHash: "c3d4".repeat(16),
      seed,
      libraries: { vega: "6.4.0", "vega-lite": "6.4.3", node: "24.21.0" },
    },
    warnings: ["A107 has 3 bars without an open; its orders waited for the next one."],
    config: "name: quickstart\nseed: 7\ndata:\n  source: sample\nallocation:\n  method: inverse_volatility\n",
  };
}

function businessDays(from: number, count: number): number[] {
  const days: number[] = [];
  for (let day = from; days.length < count; day += DAY) if (new Date(day).getUTCDay() % 6 !== 0) days.push(day);
  return days;
}

/** [T*N] one factor with calm and wild spells, fat-tailed residuals. */
function marketReturns({ time, assets }: Axes, rng: Rng): Float64Array {
  const N = assets.length;
  const returns = new Float64Array(time.length * N);
  let wild = 1;
  for (let t = 1; t < time.length; t++) {
    if (rng.uniform() < 0.01) wild = wild === 1 ? 2.4 : 1;
    const factor = 0.00035 - 0.0003 * (wild - 1) + 0.006 * wild * rng.normal();
    for (let n = 0; n < N; n++)
      returns[t * N + n] = (0.7 + (0.6 * n) / N) * factor + 0.009 * (0.5 + n / N) * wild * rng.studentT(5) * 0.77;
  }
  return returns;
}

function fabricateAllocation(axes: Axes, rng: Rng): AllocationRecord {
  const N = axes.assets.length;
  const bars = Int32Array.from({ length: Math.floor(axes.time.length / REBALANCE_BARS) }, (_, d) => d * REBALANCE_BARS);
  const riskShares = Float64Array.from({ length: bars.length * N }, () => (2 * rng.uniform()) / N);
  const ones = new Float64Array(bars.length).fill(1);
  return {
    bars,
    decided: new Uint8Array(bars.length).fill(1),
    methods: Array.from(bars, (_, d) => (d === 3 ? "sharpe_proportional" : "inverse_volatility")),
    turnover: ones.map((_, d) => (d === 0 ? Number.NaN : 0.1)),
    effectiveNumber: ones.map(() => 0.8 * N),
    scale: ones,
    leverage: ones,
    riskShares,
    events: [{ bar: bars[3] ?? 0, kind: "method_failed", detail: "inverse_volatility: no volatility" }],
  };
}

function fabricateAccount(
  axes: Axes,
  returns: Float64Array,
  rng: Rng,
  tilt: number,
  short: boolean,
  ruinBar: number,
): { account: Account; targets: TargetWeights } {
  const T = axes.time.length;
  const N = axes.assets.length;
  const plane = (): Float64Array => new Float64Array(T);
  const [equity, cash, gross, turnover, fees, slippage, pnl] = Array.from({ length: 7 }, plane) as Float64Array[];
  const heldWeights = new Float64Array(T * N);
  const targets = new Float64Array(T * N).fill(Number.NaN);
  const trades: { bar: number; asset: number; value: number }[] = [];
  let held = new Float64Array(N);
  equity![0] = INITIAL_CASH;
  cash![0] = INITIAL_CASH;
  for (let t = 1; t < T; t++) {
    const before = equity![t - 1]!;
    if (ruinBar >= 0 && t >= ruinBar) continue;
    if ((t - 1) % REBALANCE_BARS === 0) {
      const raw = held.map((_, n) => (1 + tilt * (1 - n / N)) * Math.exp(0.35 * rng.normal()));
      const sum = raw.reduce((a, b) => a + b, 0);
      const target = raw.map((w, n) => ((short && n >= N / 2 ? -0.6 : 0.97) * w) / sum);
      target.forEach((w, n) => {
        turnover![t]! += Math.abs(w - held[n]!);
        trades.push({ bar: t, asset: n, value: (w - held[n]!) * before });
      });
      targets.set(target, (t - 1) * N);
      held = target;
    }
    fees![t] = COST_RATE * turnover![t]! * before;
    slippage![t] = 0.5 * fees![t]!;
    const gain = held.reduce((sum, w, n) => sum + w * returns[t * N + n]!, 0);
    pnl![t] = gain * before;
    equity![t] = before + pnl![t]! - fees![t]! - slippage![t]!;
    held = held.map((w, n) => (w * (1 + returns[t * N + n]!)) / (1 + gain));
    heldWeights.set(held, t * N);
    gross![t] = held.reduce((sum, w) => sum + Math.abs(w), 0);
    cash![t] = equity![t]! * (1 - held.reduce((sum, w) => sum + w, 0));
  }
  const events: AccountEvent[] = [];
  if (ruinBar >= 0) events.push({ kind: "ruin", bar: ruinBar, asset: -1, value: 0, detail: "equity reached zero" });
  for (let t = 5; t < T; t += 400)
    events.push({
      kind: "unfilled_target",
      bar: t,
      asset: t % N,
      value: 0.03,
      detail: "no open, waits for the next one",
    });
  const account: Account = {
    axes,
    equity: equity!,
    cash: cash!,
    grossExposure: gross!,
    turnover: turnover!,
    fees: fees!,
    slippage: slippage!,
    impact: new Float64Array(slippage!.length),
    funding: new Float64Array(slippage!.length),
    borrow: new Float64Array(slippage!.length),
    positionPnl: pnl!,
    writeOff: plane(),
    liquidationLoss: plane(),
    heldWeights,
    finalUnits: new Float64Array(N),
    fills: {
      bar: Int32Array.from(trades, ({ bar }) => bar),
      asset: Int32Array.from(trades, ({ asset }) => asset),
      quantity: Float64Array.from(trades, ({ value }) => value / 50),
      price: Float64Array.from(trades, () => 50),
      fee: Float64Array.from(trades, ({ value }) => COST_RATE * Math.abs(value)),
      slippage: Float64Array.from(trades, ({ value }) => 0.5 * COST_RATE * Math.abs(value)),
      impact: new Float64Array(trades.length),
      reason: new Uint8Array(trades.length),
    },
    events,
    ruinBar,
  };
  return { account, targets: { axes, values: targets } };
}

const REASONS = ["target", "target", "target", "stop_loss", "take_profit", "trailing_stop", "liquidation"] as const;

/** In order of exit, the last few still open; none of them has anything to do with the account. */
export function fabricateTrades({ time, assets }: Axes, rng: Rng, count: number): Trade[] {
  const last = time.length - 1;
  return Array.from({ length: count }, (_, i) => {
    const exit = Math.max(1, Math.floor(((i + 1) * last) / count));
    const entryBar = Math.max(0, exit - 1 - Math.floor(40 * rng.uniform()));
    const open = i >= count - 3;
    const [units, entryPrice, move] = [100 * rng.uniform() + 1, 50, 0.06 * rng.normal()];
    const invested = units * entryPrice;
    const fees = 2 * COST_RATE * invested;
    const profit = invested * move - fees;
    return {
      asset: i % assets.length,
      side: i % 4 === 3 ? ("short" as const) : ("long" as const),
      entryBar,
      exitBar: open ? -1 : exit,
      reason: open ? ("open" as const) : REASONS[i % REASONS.length]!,
      units,
      entryPrice,
      exitPrice: entryPrice * (i % 4 === 3 ? 1 - move : 1 + move),
      invested,
      profit,
      profitRate: profit / invested,
      fees,
      barsHeld: (open ? last : exit) - entryBar,
      maxAdverse: Math.min(0, move) - 0.02 * rng.uniform(),
      maxFavourable: Math.max(0, move) + 0.02 * rng.uniform(),
    };
  });
}

function fabricateQuality({ time, assets }: Axes): DataQuality {
  const T = time.length;
  const first = time[0] ?? 0;
  const last = time[T - 1] ?? 0;
  return {
    source: "sample (seed 7)",
    bars: T,
    assets: assets.length,
    rows: T * assets.length,
    first,
    last,
    periodsPerYear: PERIODS_PER_YEAR,
    perAsset: assets.map((symbol, n) => ({
      symbol,
      first,
      last,
      bars: T - (n % 5 === 3 ? 2 : 0),
      lateListing: n % 7 === 4,
      delisted: n % 9 === 5,
      missingBars: n % 5 === 3 ? 2 : 0,
      holes: n % 5 === 3 ? [{ time: first, bars: 2 }] : [],
      missingOpens: n % 6 === 2 ? [first, last] : [],
      zeroVolumeBars: n,
      longestStaleRun: 2 + (n % 4),
      staleRunStart: first,
    })),
    suspiciousMoves: [{ time: last, symbol: assets[0]!, move: -0.561 }],
    ohlcViolations: [{ time: last, symbol: assets[0]!, line: 1042, rule: "low must be <= close", value: 101.2 }],
    thinnest: { time: first, assets: assets.length },
    zeroExtras: [],
    repairs: { mode: "none", dropped: 0, clipped: 0 },
    notes: ["Synthetic prices, seed 7: they follow a known model and no market."],
  };
}
