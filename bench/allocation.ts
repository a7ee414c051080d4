/** Weighting methods and covariance estimators. A solve is `method.weigh` on a Weighing whose statistics and covariance
 *  are computed already (Ledoit-Wolf, 252 days; for cdar_min 60), over seeded problems in turn, warm, in one process;
 *  `rolling` is 504 weekly covariances of 60 days, `run` is planAllocation over as many decisions, estimates and all,
 *  `fit` (timed where Python has skfolio) is estimates and solve. */
import { type CovarianceEstimator, estimateCovariance } from "../src/allocation/estimators/covariance.ts";
import { rollingCovariance } from "../src/allocation/estimators/rolling-covariance.ts";
import { planAllocation } from "../src/allocation/plan.ts";
import { sleeveStatistics } from "../src/allocation/sleeve-statistics.ts";
import { allocationPolicyOf, parametersOf } from "../test/support/weighting.ts";
import {
  factorReturns,
  lastRows,
  METHOD_CASES,
  planInputs,
  preparedWeighing,
  solve,
  windowOf,
} from "./allocation-problem.ts";
import { printPeers, timePeers } from "./python-peers.ts";

export interface AllocationTiming {
  readonly case: "solve" | "estimate" | "rolling" | "run" | "fit" | "pypfopt" | "skfolio";
  readonly method: string;
  readonly n: number;
  /** Median, fastest and slowest of the samples, microseconds. */
  readonly us: number;
  readonly min: number;
  readonly max: number;
  /** Microseconds that the median is meant to stay below. */
  readonly target?: number;
}

const SIZES = [5, 20, 100, 500] as const;
const PROBLEMS = 8;
const DECISIONS = 504;
const REBALANCE_BARS = 5;
const LOOKBACK_BARS = 60;
/** Samples of a case go on for this long, and are this many at least. */
const BUDGET_MS = 200;
const FEWEST = 3;
const WARM_SOLVER_MS = 1500;
/** A first call that takes longer is a sample already. */
const LONG_MS = 500;
/** A sample is made of as many calls as fill this, so that the clock's own steps do not count. */
const SAMPLE_US = 100;

const SAMPLE: CovarianceEstimator = { kind: "sample" };
const EWMA: CovarianceEstimator = { kind: "ewma", decay: { halfLifeBars: 30 }, form: "pandas" };
const LEDOIT_WOLF: CovarianceEstimator = { kind: "shrinkage", intensity: "ledoit_wolf" };
const ESTIMATORS: Readonly<Record<string, CovarianceEstimator>> = {
  sample: SAMPLE,
  ewma: EWMA,
  "ewma riskmetrics": { kind: "ewma", decay: { lambda: 0.94 }, form: "riskmetrics" },
  ledoit_wolf: LEDOIT_WOLF,
  oas: { kind: "shrinkage", intensity: "oas" },
  diagonal: { kind: "diagonal" },
};

/** @param options json: one array of timings on stdout, all in microseconds, instead of a table */
export async function benchAllocation({ json }: { readonly json: boolean }): Promise<void> {
  const timings: AllocationTiming[] = [];
  const take = (timing: AllocationTiming): void => {
    timings.push(timing);
    if (!json) console.log(lineOf(timing));
  };
  if (!json) console.log(`${"case".padEnd(10)}${"method".padEnd(24)}${"n".padStart(4)}  median us  [min .. max]`);
  warmLinearProgram();
  for (const n of SIZES) for (const timing of timeSolves(n)) take(timing);
  for (const n of SIZES) for (const timing of timeEstimators(n)) take(timing);
  for (const timing of timeRolling(20)) take(timing);
  for (const timing of timeRuns(20)) take(timing);
  const peers = timePeers(timeOf);
  for (const timing of peers.timings) timings.push(timing);
  if (json) console.log(JSON.stringify(timings));
  else printPeers(peers, lineOf);
}

function* timeSolves(n: number): Generator<AllocationTiming> {
  const problems = Array.from({ length: PROBLEMS }, (_, p) => preparedWeighing(windowOf(n, `${n}/${p}`), `${n}/${p}`));
  const short = problems.map(({ window }, p) => preparedWeighing(lastRows(window, LOOKBACK_BARS), `${n}/${p}`));
  const out = new Float64Array(n);
  for (const tried of METHOD_CASES) {
    const asked = (tried.method === "cdar_min" ? short : problems).map((problem) => ({
      ...problem,
      parameters: parametersOf(tried.parameters),
    }));
    const target = n === 20 ? tried.targetAt20 : n === 100 ? 10_000 : undefined;
    yield timeOf("solve", tried.label, n, (call) => solve(tried, asked[call % PROBLEMS]!, out), target);
  }
}

function* timeEstimators(n: number): Generator<AllocationTiming> {
  const windows = Array.from({ length: PROBLEMS }, (_, p) => windowOf(n, `${n}/${p}`));
  for (const [name, estimator] of Object.entries(ESTIMATORS))
    yield timeOf("estimate", name, n, (call) => {
      estimateCovariance(windows[call % PROBLEMS]!, estimator);
    });
  yield timeOf("estimate", "sleeve statistics", n, (call) => {
    sleeveStatistics(windows[call % PROBLEMS]!, 0);
  });
}

/** The solver is WebAssembly, which takes a second of use to be compiled in full. */
function warmLinearProgram(): void {
  const cdar = METHOD_CASES.find(({ method }) => method === "cdar_min")!;
  const problem = preparedWeighing(lastRows(windowOf(100, "100/0"), LOOKBACK_BARS), "100/0");
  const out = new Float64Array(100);
  for (const end = performance.now() + WARM_SOLVER_MS; performance.now() < end; ) solve(cdar, problem, out);
}

const RUN_BARS = LOOKBACK_BARS + (DECISIONS - 1) * REBALANCE_BARS + 1;

function* timeRolling(n: number): Generator<AllocationTiming> {
  const returns = factorReturns(RUN_BARS, n, `run/${n}`);
  const bars = Int32Array.from({ length: DECISIONS }, (_, d) => LOOKBACK_BARS + d * REBALANCE_BARS);
  for (const [name, estimator] of Object.entries({ sample: SAMPLE, ewma: EWMA, ledoit_wolf: LEDOIT_WOLF }))
    yield timeOf(
      "rolling",
      name,
      n,
      () => rollingCovariance(returns, n, LOOKBACK_BARS, estimator, REBALANCE_BARS, bars, () => {}),
      1e4,
    );
}

function* timeRuns(n: number): Generator<AllocationTiming> {
  const inputs = planInputs(RUN_BARS, n, `run/${n}`);
  for (const { label, method, parameters } of METHOD_CASES) {
    const policy = allocationPolicyOf({
      method,
      parameters: parametersOf(parameters),
      lookbackBars: LOOKBACK_BARS,
      rebalanceBars: REBALANCE_BARS,
    });
    yield timeOf("run", label, n, () => {
      const { record } = planAllocation(inputs, policy, LOOKBACK_BARS);
      if (record.bars.length !== DECISIONS) throw new Error(`${record.bars.length} decisions, expected ${DECISIONS}`);
    });
  }
}

/** @param run called with 0, 1, 2, ... */
export function timeOf(
  name: AllocationTiming["case"],
  method: string,
  n: number,
  run: (call: number) => void,
  target?: number,
): AllocationTiming {
  let calls = 0;
  const spent = (times: number): number => {
    const start = performance.now();
    for (let i = 0; i < times; i++) run(calls++);
    return (1000 * (performance.now() - start)) / times;
  };
  // Warm: until the compiler is done with it, or a single call of what takes long anyhow.
  const samples: number[] = [];
  let one = spent(1);
  if (one > 1000 * LONG_MS) samples.push(one);
  const warm = performance.now() + BUDGET_MS / 2;
  while (samples.length === 0 && performance.now() < warm) one = spent(1 + Math.floor(1000 / one));
  const batch = Math.max(1, Math.ceil(SAMPLE_US / one));
  const end = performance.now() + BUDGET_MS;
  while (performance.now() < end || samples.length < FEWEST) samples.push(spent(batch));
  samples.sort((a, b) => a - b);
  const [us, min, max] = [samples[samples.length >> 1]!, samples[0]!, samples.at(-1)!].map(threeDigits) as [
    number,
    number,
    number,
  ];
  return { case: name, method, n, us, min, max, ...(target === undefined ? {} : { target }) };
}

function threeDigits(us: number): number {
  return us >= 1000 ? Math.round(us) : Number(us.toPrecision(3));
}

/** `solve     hrp single                20       18.3  [17.9 .. 40.2]          < 60` */
function lineOf({ case: name, method, n, us, min, max, target }: AllocationTiming, note = ""): string {
  const shown = (x: number) => x.toLocaleString("en-US", { maximumSignificantDigits: x >= 1000 ? 21 : 3 });
  const goal = target === undefined ? "" : `${us < target ? "below" : "ABOVE"} ${shown(target)}`;
  return [
    name.padEnd(9),
    method.padEnd(23),
    String(n).padStart(4),
    shown(us).padStart(10),
    ` ${`[${shown(min)} .. ${shown(max)}]`.padEnd(24)}`,
    `${goal}${note}`,
  ]
    .join(" ")
    .trimEnd();
}
