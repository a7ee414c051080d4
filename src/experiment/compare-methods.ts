/** The same experiment under several weighting methods, side by side. */
import type { WeightingMethodName } from "../allocation/methods/catalogue.ts";
import type { Account, ComparedMethod, TargetWeights } from "../core/contracts.ts";
import type { Market } from "../data/market.ts";
import { accountMetrics } from "../metrics/summary.ts";
import { decide } from "./decide.ts";
import { defaultAllocation, type ExperimentConfig } from "./schema.ts";

/**
 * @param firstBar no method decides before this bar, so that none has a head start
 * @param execute  simulates targets under the experiment's own policy
 * @returns one entry a method, in the order of the config; none without a comparison
 */
export async function compareMethods(
  config: ExperimentConfig,
  market: Market,
  file: string,
  firstBar: number,
  execute: (targets: TargetWeights) => Account,
): Promise<ComparedMethod[]> {
  const compared: ComparedMethod[] = [];
  for (const method of config.comparison?.methods ?? []) {
    const decisions = await decide(withMethod(config, method), market.ohlcv, market.periodsPerYear, file, firstBar);
    const account = execute(decisions.targets);
    const { periodsPerYear } = market;
    const metrics = accountMetrics(account, { periodsPerYear, riskFreeAnnual: config.metrics.risk_free });
    const answered = decisions.allocation!.methods.filter((name) => name === method).length;
    compared.push({
      label: method,
      equity: account.equity,
      metrics,
      decisions: decisions.allocation!.bars.length,
      answered,
    });
  }
  return compared;
}

function withMethod(config: ExperimentConfig, method: WeightingMethodName): ExperimentConfig {
  return { ...config, allocation: { ...(config.allocation ?? defaultAllocation()), method } };
}
