/** PyPortfolioOpt and skfolio on the same problems, where `python3` has them. PyPortfolioOpt gets the covariance and is
 *  compared with a solve; skfolio estimates as it fits (Ledoit-Wolf), so it is compared with estimates and solve. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parametersOf } from "../test/support/weighting.ts";
import type { AllocationTiming } from "./allocation.ts";
import { HRP_OPTIMAL, METHOD_CASES, type MethodCase, preparedWeighing, solve, windowOf } from "./allocation-problem.ts";

export interface PeerTiming extends AllocationTiming {
  /** Its median over that of the same task here, in the same run. */
  readonly ratio: number;
  /** Largest difference between its weights and ours for the first problem. */
  readonly difference: number;
}

export interface Peers {
  readonly timings: readonly PeerTiming[];
  /** Why a library was not timed. */
  readonly absent: readonly string[];
}

const TOOLS = ["pypfopt", "skfolio"] as const;
const SIZES = [20, 100] as const;
const PROBLEMS = 4;

/** argv: the problems file and the library. Prints one JSON array, or nothing and the reason on stderr. */
const SCRIPT = `
import json, statistics, sys, time, warnings
warnings.filterwarnings("ignore")
with open(sys.argv[1]) as file:
    problems = json.load(file)
import numpy as np
import pandas as pd

def pypfopt_tasks(problem):
    from pypfopt import EfficientFrontier, HRPOpt
    covariance = pd.DataFrame(problem["covariance"])
    mean = pd.Series(problem["mean"])
    def hrp():
        return HRPOpt(cov_matrix=covariance).optimize()
    def min_var():
        return EfficientFrontier(None, covariance, weight_bounds=(0, 1)).min_volatility()
    def max_sharpe():
        return EfficientFrontier(mean, covariance, weight_bounds=(0, 1)).max_sharpe(risk_free_rate=0.0)
    return {"hrp single": hrp, "min_var": min_var, "max_sharpe": max_sharpe}

def skfolio_tasks(problem):
    from skfolio.cluster import HierarchicalClustering, LinkageMethod
    from skfolio.moments import LedoitWolf
    from skfolio.optimization import (HierarchicalRiskParity, InverseVolatility, MaximumDiversification, MeanRisk,
                                      ObjectiveFunction, RiskBudgeting)
    from skfolio.prior import EmpiricalPrior
    returns = pd.DataFrame(problem["returns"], index=pd.bdate_range("2020-01-01", periods=len(problem["returns"])))
    returns.columns = [str(name) for name in returns.columns]
    prior = lambda: EmpiricalPrior(covariance_estimator=LedoitWolf())
    single = lambda: HierarchicalClustering(linkage_method=LinkageMethod.SINGLE)
    models = {
        "inverse_volatility": lambda: InverseVolatility(),
        "hrp single optimal": lambda: HierarchicalRiskParity(prior_estimator=prior(),
                                                            hierarchical_clustering_estimator=single()),
        "risk_parity erc": lambda: RiskBudgeting(prior_estimator=prior()),
        "min_var": lambda: MeanRisk(objective_function=ObjectiveFunction.MINIMIZE_RISK, prior_estimator=prior()),
        "max_sharpe": lambda: MeanRisk(objective_function=ObjectiveFunction.MAXIMIZE_RATIO, prior_estimator=prior()),
        "max_diversification": lambda: MaximumDiversification(prior_estimator=prior()),
    }
    def task(model):
        return lambda: dict(enumerate(model().fit(returns).weights_))
    return {name: task(model) for name, model in models.items()}

tasks_of = {"pypfopt": pypfopt_tasks, "skfolio": skfolio_tasks}[sys.argv[2]]
rows = []
for size, batch in problems.items():
    prepared = [tasks_of(problem) for problem in batch]
    for method in prepared[0]:
        answer = prepared[0][method]()
        weights = [float(answer[k]) for k in range(int(size))]
        samples = []
        end = time.perf_counter() + 0.6
        while time.perf_counter() < end or len(samples) < 3:
            start = time.perf_counter()
            prepared[len(samples) % len(prepared)][method]()
            samples.append(1e6 * (time.perf_counter() - start))
        rows.append({"method": method, "n": int(size), "weights": weights, "us": statistics.median(samples),
                     "min": min(samples), "max": max(samples)})
print(json.dumps(rows))
`;

type TimeOf = (
  name: AllocationTiming["case"],
  method: string,
  n: number,
  run: (call: number) => void,
) => AllocationTiming;

interface PythonRow {
  readonly method: string;
  readonly n: number;
  readonly weights: readonly number[];
  readonly us: number;
  readonly min: number;
  readonly max: number;
}

/** @param timeOf the benchmark's own clock, for our side of each ratio */
export function timePeers(timeOf: TimeOf): Peers {
  const timings: PeerTiming[] = [];
  const absent: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), "ballast-bench-allocation-"));
  try {
    const problems = join(folder, "problems.json");
    const script = join(folder, "peers.py");
    writeFileSync(script, SCRIPT);
    for (const tool of TOOLS) {
      const found = spawnSync("python3", ["-c", `import ${tool}`], { encoding: "utf8" });
      if (found.status !== 0) {
        absent.push(
          `${tool}: not compared, ${found.error === undefined ? "python3 has no such module" : "no python3"}`,
        );
        continue;
      }
      writeFileSync(problems, JSON.stringify(problemsForPython()));
      const child = spawnSync("python3", [script, problems, tool], { encoding: "utf8", maxBuffer: 1 << 26 });
      if (child.status !== 0) absent.push(`${tool}: not compared, ${lastLine(child.stderr)}`);
      else
        for (const row of JSON.parse(lastLine(child.stdout)) as PythonRow[])
          timings.push(besideOurs(tool, row, timeOf));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { timings, absent };
}

/** One line a timing with its ratio, one for each library that is not there. */
export function printPeers(
  { timings, absent }: Peers,
  lineOf: (timing: AllocationTiming, note: string) => string,
): void {
  for (const timing of timings) {
    const times = timing.ratio.toPrecision(3);
    console.log(lineOf(timing, `${times} x ours, weights to ${timing.difference.toExponential(0)}`));
  }
  for (const reason of absent) console.log(reason);
}

function problemsForPython(): Record<string, unknown[]> {
  const rowsOf = (cells: ArrayLike<number>, width: number): number[][] =>
    Array.from({ length: cells.length / width }, (_, r) =>
      Array.from({ length: width }, (_, c) => cells[r * width + c]!),
    );
  return Object.fromEntries(
    SIZES.map((n) => [
      String(n),
      Array.from({ length: PROBLEMS }, (_, p) => {
        const problem = preparedWeighing(windowOf(n, `${n}/${p}`), `${n}/${p}`);
        return {
          returns: rowsOf(problem.window.returns as Float64Array, n),
          covariance: rowsOf(problem.covariance().matrix, n),
          mean: Array.from(problem.statistics().mean),
        };
      }),
    ]),
  );
}

function besideOurs(tool: (typeof TOOLS)[number], row: PythonRow, timeOf: TimeOf): PeerTiming {
  const { method, n, weights, us, min, max } = row;
  const tried = [...METHOD_CASES, HRP_OPTIMAL].find(({ label }) => label === method)!;
  const out = new Float64Array(n);
  const ours = tool === "pypfopt" ? timeSolve(tried, n, timeOf, out) : timeFit(tried, n, timeOf, out);
  solve(
    tried,
    { ...preparedWeighing(windowOf(n, `${n}/0`), `${n}/0`), parameters: parametersOf(tried.parameters) },
    out,
  );
  const difference = out.reduce((worst, weight, k) => Math.max(worst, Math.abs(weight - weights[k]!)), 0);
  const round = (x: number): number => Math.round(x);
  const ratio = us / ours.us;
  return { case: tool, method, n, us: round(us), min: round(min), max: round(max), ratio, difference };
}

function timeSolve(tried: MethodCase, n: number, timeOf: TimeOf, out: Float64Array): AllocationTiming {
  const problems = Array.from({ length: PROBLEMS }, (_, p) => ({
    ...preparedWeighing(windowOf(n, `${n}/${p}`), `${n}/${p}`),
    parameters: parametersOf(tried.parameters),
  }));
  return timeOf("solve", tried.label, n, (call) => solve(tried, problems[call % PROBLEMS]!, out));
}

function timeFit(tried: MethodCase, n: number, timeOf: TimeOf, out: Float64Array): AllocationTiming {
  const windows = Array.from({ length: PROBLEMS }, (_, p) => windowOf(n, `${n}/${p}`));
  const parameters = parametersOf(tried.parameters);
  return timeOf("fit", tried.label, n, (call) => {
    const problem = preparedWeighing(windows[call % PROBLEMS]!, `${n}/${call % PROBLEMS}`);
    solve(tried, { ...problem, parameters }, out);
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
